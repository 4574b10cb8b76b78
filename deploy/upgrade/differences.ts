// What a newer release has lost or changed of the data of an older one. Facts stand word for word; what a stream rolls up or lets go may go, and what is left of it stands.
import { type StreamLine, streams } from '@continuo/contracts';
import type { StoredMessage } from '../backup/compare.ts';
import { PASSING } from './collections.ts';

export interface Held {
  streams: Record<string, StoredMessage[]>;
  /** Of each collection its documents, by id. */
  documents: Record<string, Record<string, Record<string, unknown>>>;
}

/** Links, journal and views: whatever both releases say of one of them is the same. Of the others only that it is still there. */
const SAME = ['crm_links', 'mails', 'conversations', 'conversation_events'];
/** @returns a sentence for each; empty when all is there */
export function differences(before: Held, after: Held, passing: readonly string[] = PASSING): string[] {
  const faults: string[] = [];
  for (const [name, messages] of Object.entries(before.streams)) {
    const now = new Map((after.streams[name] ?? []).map((message) => [message.seq, message]));
    for (const message of messages) {
      const stands = now.get(message.seq);
      if (!stands && keepsAll(name)) faults.push(`stream ${name} has lost message ${message.seq} (${message.subject})`);
      if (stands && JSON.stringify(stands) !== JSON.stringify(message))
        faults.push(`message ${message.seq} of stream ${name} (${message.subject}) is not what it was`);
    }
  }
  const mails = (held: Held): number => Object.keys(held.documents['mails'] ?? {}).length;
  if (mails(after) > mails(before)) faults.push(`${mails(after) - mails(before)} mails more were sent`);
  const parked = (held: Held): number => held.streams['DEAD_LETTERS']?.length ?? 0;
  if (parked(after) > parked(before))
    faults.push(`${parked(after) - parked(before)} records were set aside that this release could not handle`);
  for (const [name, documents] of Object.entries(before.documents)) {
    if (passing.includes(name)) continue;
    for (const [id, document] of Object.entries(documents)) {
      const now = after.documents[name]?.[id];
      if (!now) faults.push(`${id} of collection ${name} is gone`);
      else if (SAME.includes(name))
        for (const [field, value] of Object.entries(document))
          if (field in now && JSON.stringify(now[field]) !== JSON.stringify(value))
            faults.push(`${field} of ${id} in collection ${name} is not what it was`);
    }
  }
  return faults;
}

/** Timers fire and buckets change; a stream that may be rolled up holds the last of everything, not all. */
function keepsAll(name: string): boolean {
  const line = (streams as Record<string, StreamLine>)[name];
  return line !== undefined && !line.allowRollup && !line.allowSchedules;
}
