import type { Contact } from '@continuo/contracts';
import { expect, test } from '@jest/globals';
import type { Crm, Lead, Note } from './connectors/connector.ts';
import { CrmError } from './connectors/crm-error.ts';
import { dialogue } from './domain/given-dialogue.ts';
import { jobOn } from './given-job.ts';
import type { Links } from './links.ts';
import { TooEarlyError } from './make-lead.ts';
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

test('a dialogue of more notes than one run writes is not said to be written before the last one stands', async () => {
  const notes: Note[] = [];
  const { crm } = crmWith(notes);
  const long = dialogue(Array.from({ length: 410 }, () => ({ say: 'x'.repeat(900), by: 'visitor' as const })));
  const job = jobOn(long, { crm });
  await expect(perform(job)).rejects.toThrow(TooEarlyError);
  expect(await perform(job)).toBe(true);
  expect(notes).toHaveLength(410);
});

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

/** A CRM that takes no e-mail until somebody has mended its rule, or has made the contact himself. */
function strictCrm(): { crm: Partial<Crm>; told: Contact[]; mend(): void; make(): void } {
  let strict = true;
  let made = false;
  const told: Contact[] = [];
  const upsertLead = async ({ contact }: Lead) => {
    if (strict && contact.email) throw new CrmError('invalid', 'The CRM does not accept this e-mail.');
    told.push(contact);
    return { kind: 'lead' as const, id: '1' };
  };
  const findContact = async () =>
    made ? { kind: 'contact' as const, id: '7', ours: false, anonymous: false } : undefined;
  const notes: Note[] = [];
  const listNotes: Crm['listNotes'] = async ({ id }) => (id === '1' ? notes : []);
  return {
    crm: { ...crmWith(notes).crm, upsertLead, findContact, listNotes },
    told,
    mend: () => {
      strict = false;
    },
    make: () => {
      made = true;
    },
  };
}
const said = { contact: { email: 'olga@example.com' } };

test('what the CRM does not take of a person stands in the link, is told once more by a re-sync, and goes when it is taken', async () => {
  const { crm, told, mend } = strictCrm();
  const stranger = jobOn(talk, { crm });
  await perform(stranger);
  const named = jobOn({ ...talk, ...said }, { crm, link: stranger.lease.link() });
  await perform(named);
  const refused = { because: 'invalid', words: 'The CRM does not accept this e-mail.' };
  expect(named.lease.link().record).toMatchObject({ id: '1', anonymous: true, refused });
  const again = async () => {
    const link = { ...named.lease.link(), writtenUpTo: 3, reportedUpTo: 3 };
    const job = jobOn({ ...talk, ...said }, { crm, link, recheck: 1 });
    await performChecked(job, links);
    return job.lease.link();
  };
  expect((await again()).record).toMatchObject({ refused });
  mend();
  const link = await again();
  expect(link.record).not.toHaveProperty('refused');
  expect(link.record).toMatchObject({ id: '1', anonymous: false });
  expect(told).toEqual([{}, said.contact]);
  // Whoever looks at the journal is told of it.
  expect(link.reportedUpTo).toBe(2);
});

test('who was made a contact in the CRM by hand meanwhile is found by a re-sync, and the dialogue goes on there', async () => {
  const { crm, make } = strictCrm();
  const first = jobOn({ ...talk, ...said }, { crm });
  await perform(first);
  expect(first.lease.link().record?.refused).toBeDefined();
  make();
  const second = jobOn({ ...talk, ...said }, { crm, link: first.lease.link(), recheck: 1 });
  await performChecked(second, links);
  expect(second.lease.link().record).toMatchObject({ kind: 'contact', id: '7' });
  expect(second.lease.link().record).not.toHaveProperty('refused');
});
