// Tells the gateway what has reached this device and what the visitor has had before his eyes, each number once per connection.
import type { Transcript } from '@continuo/transcript';

export interface Seen {
  /** Numbers that are still to be told; `read` only while the dialogue is being looked at. */
  due(transcript: Transcript, watching: boolean): { delivered?: number; read?: number };
  toldDelivered(upTo: number): void;
  toldRead(upTo: number): void;
  /** The line was lost, or the telling was refused: tell again. */
  reset(): void;
}

export function openSeen(): Seen {
  let delivered = 0;
  let read = 0;
  return {
    due(transcript, watching) {
      const upTo = transcript.lastOf.agent;
      const known = transcript.read.visitor;
      return {
        ...(upTo > Math.max(known, delivered) && { delivered: upTo }),
        ...(watching && upTo > Math.max(known, read) && { read: upTo }),
      };
    },
    toldDelivered: (upTo) => {
      delivered = upTo;
    },
    toldRead: (upTo) => {
      read = upTo;
    },
    reset: () => {
      delivered = 0;
      read = 0;
    },
  };
}
