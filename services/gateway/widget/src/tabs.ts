// How the tabs of a site reach each other: a word that all others hear, and the lead, which one of them has. Whoever waits for it gets it when the tab before
// is closed; a tab that does not answer any more can be relieved of it.
export interface Tabs {
  say(word: unknown): void;
  hear(listener: (word: never) => void): void;
  /**
   * Waits for the lead; an earlier wait of this tab is over.
   * @param lost another tab has taken it
   * @param now takes it from whoever has it
   */
  seek(lead: () => void, lost: () => void, now?: boolean): void;
  /** Waits no longer, gives the lead back, hears nothing more. */
  leave(): void;
}

/** Where the page is not served securely there are no locks, and without storage in common tabs have nothing in common: then each leads itself. */
export function openTabs(locks: Pick<LockManager, 'request'> | undefined, name: string): Tabs {
  if (!locks) return { say() {}, hear() {}, seek: (lead) => lead(), leave() {} };
  const channel = new BroadcastChannel(name);
  let giveUp = () => {};
  let left = false;
  return {
    say(word) {
      if (!left) channel.postMessage(word);
    },
    hear(listener) {
      channel.onmessage = ({ data }) => listener(data as never);
    },
    seek(lead, lost, now = false) {
      giveUp();
      if (left) return;
      let over = false;
      let release = () => {};
      giveUp = () => {
        over = true;
        release();
      };
      const hold = () =>
        new Promise<void>((resolve) => {
          release = resolve;
          if (over) resolve();
          else lead();
        });
      locks.request(name, { steal: now }, hold).catch(() => over || lost());
    },
    leave() {
      left = true;
      giveUp();
      channel.close();
    },
  };
}
