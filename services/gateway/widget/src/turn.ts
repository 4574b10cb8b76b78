// Two tabs opened at once by a new visitor must not become two visitors: the first hello without a token is said under a lock that all
// tabs of the site share; whoever waited finds the token of the one before.
export interface Turn {
  take(): Promise<void>;
  leave(): void;
}

/** @param locks missing where the page is not served securely; then there is nothing to hold on to */
export function openTurn(locks: Pick<LockManager, 'request'> | undefined, name: string): Turn {
  let leave = () => {};
  return {
    take() {
      leave();
      if (!locks) return Promise.resolve();
      return new Promise((taken, failed) => {
        let over = false;
        let release = () => {};
        leave = () => {
          over = true;
          release();
        };
        const hold = () =>
          new Promise<void>((resolve) => {
            release = resolve;
            if (over) resolve();
            taken();
          });
        locks.request(name, hold).catch(failed);
      });
    },
    leave: () => leave(),
  };
}
