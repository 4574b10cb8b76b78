// How far a message of the visitor has come. Words go with every sign, so that colour and shape never speak alone.
import type { TranscriptHead } from '@continuo/transcript';

/** `kept`: on the device only. `failed`: refused, waits for the visitor. */
export type Mark = 'kept' | 'failed' | 'stored' | 'delivered' | 'read';

export function markOf(number: number, head: Pick<TranscriptHead, 'read'>, deliveredUpTo: number): Mark {
  if (number <= head.read.agent) return 'read';
  return number <= deliveredUpTo ? 'delivered' : 'stored';
}
