// The end of a run: everybody finishes, and what every screen shows by then is written down. Whoever waits in vain on the way ends nothing: it goes to the
// ledger, so that the checker says that and what else is broken.
import type { Ledger } from './ledger.ts';
import type { Traffic } from './people.ts';

/** More people, who stay until all is over. */
export interface Others extends Disposable {
  /** What their screens show when they know all that agents know. */
  writeScreens(ledger: Ledger, headOf: (conversation: string) => number): Promise<void>;
}
export interface End {
  finish(): Promise<void>;
  writeScreens(): Promise<void>;
}

export function endOf(
  ledger: Ledger,
  traffic: Pick<Traffic, 'finish' | 'writeScreens' | 'headOf'>,
  others?: Others,
): End {
  const noted = (error: unknown): void => ledger.write({ kind: 'unanswered', text: (error as Error).message });
  return {
    finish: () => traffic.finish().catch(noted),
    async writeScreens() {
      await traffic.writeScreens().catch(noted);
      await others?.writeScreens(ledger, traffic.headOf).catch(noted);
    },
  };
}
