// Whether an address can be mailed at all. The same rule as the gateway's (a test compares them), without its validator's bytes.
const ADDRESS = /^[^\s@<>",;:()[\]\\]+@[^\s@<>",;:()[\]\\]+\.[^\s@<>",;:()[\]\\.]{2,}$/u;
const LONGEST = 254;

export const isEmail = (text: string): boolean => text.length <= LONGEST && ADDRESS.test(text);
