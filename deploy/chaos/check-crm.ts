// What stands in the CRM against the stream: each dialogue whole and once, each person on one record, and no record for nobody.
import { dialoguesIn, type Note } from '../e2e/crm-transcripts.ts';
import { type RawEvent, SPOKEN } from './check-stream.ts';

export function crmFaults(
  conversations: ReadonlyMap<string, readonly RawEvent[]>,
  { records, notes }: { records: readonly string[]; notes: readonly Note[] },
): string[] {
  const { dialogues, faults } = dialoguesIn(notes);
  const held = new Map(dialogues.map((dialogue) => [dialogue.conversation, dialogue]));
  const recordsOf = new Map<string, Set<string>>();
  const visitorsOf = new Map<string, Set<string>>();
  for (const [id, events] of conversations) {
    const wanted = events
      .filter(({ type }) => SPOKEN.has(type))
      .map(({ data }) => ({ from: data.author?.kind, text: data.text?.trim() }));
    const found = held.get(id);
    if (!found) {
      faults.push(`${id} is not in the CRM`);
      continue;
    }
    if (found.records.length !== 1) faults.push(`${id} stands on ${found.records.length} records`);
    if (JSON.stringify(found.messages) !== JSON.stringify(wanted))
      faults.push(`${id}: ${found.messages.length} messages in the CRM, ${wanted.length} in the stream`);
    const visitor: string = events[0]?.data.visitor;
    for (const record of found.records) {
      add(recordsOf, visitor, record);
      add(visitorsOf, record, visitor);
    }
  }
  for (const [visitor, his] of recordsOf)
    if (his.size > 1) faults.push(`visitor ${visitor} stands on ${his.size} records: ${[...his].join(', ')}`);
  for (const record of records) {
    const people = visitorsOf.get(record)?.size ?? 0;
    if (people === 0) faults.push(`${record} is there and no dialogue stands on it`);
    if (people > 1) faults.push(`${record} holds the dialogues of ${people} visitors`);
  }
  return faults;
}

function add(index: Map<string, Set<string>>, key: string, one: string): void {
  index.set(key, (index.get(key) ?? new Set<string>()).add(one));
}
