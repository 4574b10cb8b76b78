// What MongoDB holds of one conversation against the stream: every event as it was stored, and the fold of them all.
import { isDeepStrictEqual } from 'node:util';
import { type RawEvent, SPOKEN } from './check-stream.ts';

export interface HeldEvent {
  number: number;
  event: Omit<RawEvent, 'subject' | 'seq'>;
}
export interface HeldHead {
  number: number;
  view: { messageCount: number; last?: { number: number; text: string } };
}

export function mongoFaults(
  id: string,
  events: readonly RawEvent[],
  held: readonly HeldEvent[],
  head: HeldHead | null,
): string[] {
  const faults =
    held.length === events.length ? [] : [`${id}: ${held.length} events in MongoDB, ${events.length} in the stream`];
  for (const [index, event] of events.entries()) {
    const there = held[index];
    if (!there) break;
    if (there.number !== event.number || !isDeepStrictEqual(asStored(there.event), asStored(event)))
      faults.push(`${id}: ${event.type} ${event.number} of the stream is another in MongoDB`);
  }
  if (head?.number !== events.length) faults.push(`${id}: the head is at ${head?.number} instead of ${events.length}`);
  const spoken = events.filter(({ type }) => SPOKEN.has(type));
  const last = spoken.at(-1);
  const { messageCount, last: shown } = head?.view ?? {};
  if (messageCount !== spoken.length)
    faults.push(`${id}: the head counts ${messageCount} messages of ${spoken.length}`);
  // What people say in a run is too short to be shortened.
  if (shown?.number !== last?.number || shown?.text !== last?.data.text)
    faults.push(`${id}: the head shows ${shown?.number} as the last message instead of ${last?.number}`);
  return faults;
}

const asStored = ({ id, cause, type, number, time, data }: Omit<RawEvent, 'subject' | 'seq'>) => ({
  id,
  cause,
  type,
  number,
  time,
  data,
});
