// Of all tabs that hear of a message one sounds: they try one after the other, and whoever cannot sound leaves it to the next.
import type { Keep } from '../../keep.ts';

export interface Heard {
  conversation: string;
  number: number;
}
const NAME = 'sounded';
/** Until another tab surely sees what this one has written down. */
const SEEN_AFTER_MS = 700;

/** @param sound says whether it could be heard */
export async function soundOnce(
  keep: Keep,
  locks: Pick<LockManager, 'request'> | undefined,
  { conversation, number }: Heard,
  sound: () => Promise<boolean>,
): Promise<void> {
  const turn = async (): Promise<void> => {
    const last = keep.read<Heard>(NAME);
    if (last?.conversation === conversation && last.number >= number) return;
    if (!(await sound())) return;
    keep.write(NAME, { conversation, number });
    await new Promise((resolve) => setTimeout(resolve, SEEN_AFTER_MS));
  };
  await (locks ? locks.request('continuo:sound', turn) : turn());
}
