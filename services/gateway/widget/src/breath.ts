// Between two pieces of work: whatever else the thread has to do, e.g. for the page or under the visitor's fingers, goes first.
export const breath = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));
