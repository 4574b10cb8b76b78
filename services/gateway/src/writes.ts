// Whether what is written gets stored, told by what happens to it: a store that answers every question may yet take nothing, as one whose disk is full. One
// command without an answer proves nothing; nor do many, where others' are stored. Pure.

/** Longer than the pause between two tries of anybody who wants something stored. */
const FORGOTTEN_AFTER_MS = 30_000;

export interface Writes {
  /** An event was seen that had been stored. */
  stored(): void;
  /** A command that was sent then got no answer. Times are those of one clock in milliseconds. */
  unanswered(sentAt: number, now: number): void;
  /** Nothing was stored since a command had no answer, and one that was sent after that had none, either. Nobody tries any more: nobody knows. */
  stuck(now: number): boolean;
}

export function watchWrites(): Writes {
  let first: number | undefined;
  let last = 0;
  let again = false;
  const forget = (): void => {
    first = undefined;
    again = false;
  };
  return {
    stored: forget,
    unanswered(sentAt, now) {
      if (first !== undefined && now - last > FORGOTTEN_AFTER_MS) forget();
      if (first !== undefined && sentAt >= first) again = true;
      first ??= now;
      last = now;
    },
    stuck(now) {
      if (now - last > FORGOTTEN_AFTER_MS) forget();
      return again;
    },
  };
}
