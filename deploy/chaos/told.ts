// What one person was told over his sockets, taken from the frames as they came.
import type { Told } from './check-told.ts';

interface Frame {
  t: string;
  [field: string]: unknown;
}

/** A socket begins with its welcome. */
export function toldOver(frames: readonly Frame[]): Told[][] {
  const sockets: Told[][] = [[]];
  for (const frame of frames) {
    const events = (frame.t === 'transcript' ? frame['events'] : frame.t === 'event' ? [frame['event']] : []) as {
      key: string;
      number: number;
    }[];
    if (frame.t === 'welcome') sockets.push([]);
    for (const { key, number } of events) sockets.at(-1)?.push([key, number, frame.t === 'event' ? 'new' : 'resumed']);
  }
  return sockets;
}
