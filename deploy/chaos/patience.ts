// How long something is waited for that goes on as fast as the machine does: as long as people get on. A machine that is slow is no fault; one where nothing
// moves any more is, and so is one where everybody else was served twice meanwhile.

const LOOK_EVERY_MS = 100;

export interface Patience {
  /** So long may nothing move. */
  stillMs: number;
  /** And so long at the most, whatever moves: people may get on who do not serve those who wait. */
  mostMs: number;
  /** Grows as long as people get on. */
  moved: () => number;
  /** Longer than fair. */
  enough?: () => boolean;
  words: () => string;
}

/** @throws in these words when it is not waited for any longer */
export async function inPatience(
  work: Promise<unknown>,
  { stillMs, mostMs, moved, enough, words }: Patience,
): Promise<void> {
  let over = false;
  const noted = work.finally(() => {
    over = true;
  });
  noted.catch(() => undefined);
  let before = moved();
  const began = Date.now();
  for (let since = began; !over; ) {
    await Promise.race([noted, new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))]);
    if (over) break;
    const time = Date.now();
    const now = moved();
    if (now !== before) since = time;
    before = now;
    if (enough?.() || time - since > stillMs || time - began > mostMs) throw new Error(words());
  }
  await noted;
}
