import { expect, test } from '@jest/globals';
import type { Crm, Note } from './connectors/connector.ts';
import { dialogue } from './domain/given-dialogue.ts';
import { jobOn } from './given-job.ts';
import type { Links } from './links.ts';
import { perform } from './perform.ts';
import { performChecked } from './recheck.ts';

const links = { clearRecheck: async () => {} } as Partial<Links> as Links;
const talk = dialogue([
  { say: 'Is the lamp there?', by: 'visitor' },
  { say: 'It is, in blue.', by: 'agent' },
  { say: 'Then two of them.', by: 'visitor' },
]);

/** A CRM that holds the notes of one lead. */
function crmWith(notes: Note[]): { crm: Partial<Crm>; writes: () => number } {
  let writes = 0;
  const crm: Partial<Crm> = {
    findContact: async () => undefined,
    findOwnLead: async () => undefined,
    upsertLead: async () => ({ kind: 'lead', id: '1' }),
    openUrl: () => undefined,
    follow: async (record) => record,
    listNotes: async () => notes,
    upsertNote: async (_record, { id = `n${notes.length + 1}`, text }) => {
      writes += 1;
      const known = notes.find((note) => note.id === id);
      if (known) known.text = text;
      else notes.push({ id, text, at: notes.length });
      return id;
    },
    findTasks: async () => [],
  };
  return { crm, writes: () => writes };
}

/** Written once, then a hand does something to the note, then somebody wants it compared. */
async function after(
  hand: (text: string) => string,
): Promise<{ before: string; now: string; notes: Note[]; rewritten: number }> {
  const notes: Note[] = [];
  const { crm, writes } = crmWith(notes);
  const first = jobOn(talk, { crm });
  await perform(first);
  const [note] = notes as [Note];
  const before = note.text;
  note.text = hand(before);
  const known = writes();
  await performChecked(jobOn(talk, { crm, link: first.lease.link(), recheck: 1 }), links);
  return { before, now: note.text, notes, rewritten: writes() - known };
}

test('a note that somebody changed in the CRM has its words back after a re-sync, in its place', async () => {
  const { before, now, notes } = await after((text) => text.replace('in blue', 'in red'));
  expect(now).toBe(before);
  expect(notes).toHaveLength(1);
});

test('so has one of which a line was taken away', async () => {
  const { before, now } = await after((text) =>
    text
      .split('\n')
      .filter((line) => !line.includes('two of them'))
      .join('\n'),
  );
  expect(now).toBe(before);
});

test('what a person added between the lines stays, and what stands as it should is not written again', async () => {
  const added = await after((text) => text.replace('in blue.', 'in blue.\nCall him on Monday!'));
  expect(added.now).toContain('Call him on Monday!');
  expect(added.rewritten).toBe(0);
  expect((await after((text) => text.replaceAll('\n', '\n\n'))).rewritten).toBe(0);
});
