// Tries a mapping on the CRM itself and says in words what to mend. `check` only reads; `trial` makes one lead with one note (a task, a deal) and says which.
import { newId } from '@continuo/contracts';
import { clock } from '@continuo/runtime';
import type { RecordRef } from '../../domain/link.ts';
import { dealMarker, partMarker, taskMarker } from '../../domain/note.ts';
import { type Crm, onlyOne } from '../connector.ts';
import { CrmError } from '../crm-error.ts';

export interface Tried {
  lines: string[];
  ok: boolean;
}
type Step = [what: string, work: () => Promise<string | undefined>];

/** Steps in order; the first that fails ends it, since the next ones would only repeat it. */
async function inOrder(steps: readonly Step[]): Promise<Tried> {
  const lines: string[] = [];
  for (const [what, work] of steps) {
    const wrong = await work().catch((error: unknown) => {
      if (error instanceof CrmError) return error.message;
      throw error;
    });
    lines.push(wrong === undefined ? `ok    ${what}` : `MEND  ${what}: ${wrong}`);
    if (wrong !== undefined) return { lines, ok: false };
  }
  return { lines, ok: true };
}

export const check = (crm: Crm): Promise<Tried> =>
  inOrder([
    ['The CRM answers, and lets us in', async () => void (await crm.check())],
    [
      'Nobody is found by an e-mail that nobody has',
      async () => foundNobody(await crm.findContact({ email: `${newId()}@example.com` }), 'by: email'),
    ],
    [
      'Nobody is found by a phone that nobody has',
      async () => foundNobody(await crm.findContact({ phone: '+19995550199' }), 'by: phone'),
    ],
    [
      'No lead is found for a visitor who never came',
      async () => foundNobody(await crm.findOwnLead(newId()), 'findOwn'),
    ],
  ]);

const foundNobody = (found: object | undefined, step: string): string | undefined =>
  found &&
  `somebody was found all the same. Compare the rows in “${step}” by a “where”: the CRM does not filter as the request says.`;

/** @param makesTasks does the mapping have a section for them? */
export async function trial(crm: Crm, { makesTasks = false } = {}): Promise<Tried> {
  const visitorKey = newId();
  const email = `${visitorKey}@example.com`;
  const marker = partMarker(newId(), 1);
  const said = (word: string) => `${word}: a<b & c>d *x* [y] «ё» 👩‍👩‍👧\n\n  indented\n${marker}`;
  const lead = {
    contact: {},
    visitorKey,
    title: 'Trial of a mapping',
    description: 'May be deleted.',
    unnamed: 'Trial',
  };
  const { deals } = crm;
  let record = { kind: 'lead' as 'lead' | 'contact', id: '' };
  let note = '';
  const standing = async () => (await crm.listNotes(record)).filter(({ text }) => text.trimEnd().endsWith(marker));
  const asWritten = async (text: string) => {
    const notes = await standing();
    if (notes.length !== 1) return `the note stands ${notes.length} times in the list. Look at “notes.list”.`;
    if (notes[0]?.id !== note)
      return `the list names the note ${notes[0]?.id}, the answer to its making ${note}. Look at “notes.add” and “notes.list.id”.`;
    return notes[0]?.text === text
      ? undefined
      : 'the note comes back changed. Look at “text.note” (plain, html, markdown).';
  };
  const tried = await inOrder([
    ['What leads need is there', async () => void (await crm.prepare())],
    [
      'A lead is made',
      async () => {
        record = await crm.upsertLead(lead);
        return undefined;
      },
    ],
    [
      'It can be read',
      async () =>
        (await crm.follow(record))?.id === record.id ? undefined : 'it is not there. Look at “records.lead.read”.',
    ],
    [
      'It is found by its visitor',
      async () =>
        (await crm.findOwnLead(visitorKey))?.id === record.id
          ? undefined
          : 'it is not found. Look at “findOwn”; some CRMs index with a delay.',
    ],
    [
      'It is told who the visitor is',
      async () => void (await crm.upsertLead({ ...lead, contact: { name: 'Trial Mapping', email } }, record)),
    ],
    [
      'It is found by e-mail',
      async () => {
        const isFoundBy = async (wanted: string) => onlyOne(await crm.findContact({ email: wanted }))?.id === record.id;
        if (await isFoundBy(email.toUpperCase())) return undefined;
        return (await isFoundBy(email))
          ? 'it is found by small letters alone, and visitors write as they like. Write “{{contact.email | lower}}” in “find”, and in “create” and “update” too.'
          : 'it is not found. Look at “find”; some CRMs index with a delay.';
      },
    ],
    [
      'A note is written and comes back as written',
      async () => {
        note = await crm.upsertNote(record, { text: said('one'), marker });
        return asWritten(said('one'));
      },
    ],
    [
      'It is edited in place',
      async () => {
        await crm.upsertNote(record, { id: note, text: said('two'), marker });
        return asWritten(said('two'));
      },
    ],
    [
      'It is removed',
      async () => {
        await crm.removeNote(record, note);
        return (await standing()).length === 0 ? undefined : 'it still stands. Look at “notes.remove”.';
      },
    ],
  ]);
  if (tried.ok) {
    const more = await inOrder([
      ...(makesTasks ? [['A task is made, found by its mark and removed', () => tryTask(crm, record)] as Step] : []),
      ...(deals ? [['A deal is made, found by its mark and removed', () => tryDeal(deals, record)] as Step] : []),
    ]);
    tried.lines.push(...more.lines);
    tried.ok = more.ok;
  }
  const made = record.id === '' ? [] : [`The trial’s lead may be deleted: ${crm.openUrl(record) ?? record.id}`];
  return { lines: [...tried.lines, ...made], ok: tried.ok };
}

async function tryTask(crm: Crm, record: RecordRef): Promise<string | undefined> {
  const conversation = newId();
  const marker = taskMarker(conversation, 1);
  const id = await crm.createTask(record, {
    kind: 'callback',
    conversation,
    number: 1,
    subject: 'Trial of a mapping',
    text: `May be deleted.\n${marker}`,
    marker,
    due: clock.now() + DAY_MS,
  });
  const found = await crm.findTasks(record, marker);
  await crm.removeTask(record, id);
  if (found.length !== 1 || found[0] !== id)
    return `it is found ${found.length} times by its mark. Look at “task.find”; some CRMs index with a delay.`;
  return (await crm.findTasks(record, marker)).length === 0 ? undefined : 'it still stands. Look at “task.remove”.';
}

async function tryDeal(deals: NonNullable<Crm['deals']>, record: RecordRef): Promise<string | undefined> {
  const conversation = newId();
  const marker = dealMarker(conversation);
  const words = { title: 'Trial of a mapping', text: `May be deleted.\n${marker}` };
  const id = await deals.create(record, { conversation, ...words, marker });
  const found = await deals.find(record, marker);
  await deals.remove(record, id);
  if (found.length !== 1 || found[0] !== id)
    return `it is found ${found.length} times by its mark. Look at “deal.find”; some CRMs index with a delay.`;
  return (await deals.find(record, marker)).length === 0 ? undefined : 'it still stands. Look at “deal.remove”.';
}
const DAY_MS = 24 * 3600_000;
