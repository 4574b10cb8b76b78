// What was chosen last, the latest first; kept on the device where it may be.
import type { Keep } from '../../keep.ts';

const NAME = 'emoji';
const MOST = 16;

export const recentIn = (keep: Keep): string[] => keep.read<string[]>(NAME) ?? [];

export function chosen(keep: Keep, emoji: string): void {
  keep.write(NAME, [emoji, ...recentIn(keep).filter((one) => one !== emoji)].slice(0, MOST));
}
