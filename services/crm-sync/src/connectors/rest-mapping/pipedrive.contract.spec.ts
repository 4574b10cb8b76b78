// Pipedrive’s mapping against a fake of its published contract: fields whose names the CRM makes up, two ways of paging, persons that are removed but still read.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { newId } from '@continuo/contracts';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { Crm } from '../connector.ts';
import { contract, faultOf } from '../contract.ts';
import { connectionTo, lead } from './fakes/fake-crm.ts';
import { type FakePipedrive, startPipedrive, TOKEN } from './fakes/pipedrive.ts';
import { parseMapping } from './load.ts';
import { restMapping } from './rest-mapping.ts';
import { SHIPPED } from './shipped.ts';
import { decodeText } from './text.ts';
import { check, trial } from './try.ts';

const text = readFileSync(join(SHIPPED, 'pipedrive.yaml'), 'utf8');
const pipedrive = restMapping(parseMapping(text, 'pipedrive.yaml'));
let fake: FakePipedrive;
let crm: Crm;
beforeAll(async () => {
  fake = await startPipedrive();
  crm = pipedrive.open(connectionTo(fake, { token: TOKEN }));
  await crm.prepare();
});
afterEach(() => expect(fake.violations).toEqual([]));
afterAll(async () => fake[Symbol.asyncDispose]());

const many = (value: string) => [{ value, primary: true, label: 'work' }];
const isOurs = (id: string) => Object.values(fake.persons.get(id)?.custom_fields ?? {}).length > 0;
contract(pipedrive, {
  connect: async () => connectionTo(fake, { token: TOKEN }),
  company: () => ({
    // This company writes phones in international form, as Pipedrive’s search needs them.
    addContact: async ({ name, email, phone }) => {
      const more = {
        ...(email && { emails: many(email) }),
        ...(phone && { phones: many(`+${phone.replace(/\D/g, '')}`) }),
      };
      return {
        kind: 'contact',
        id: fake.persons.add({ name, ...more, add_time: '2026-11-24T08:00:00Z', is_deleted: false }),
      };
    },
    remove: async ({ id }) => void Object.assign(fake.persons.get(id) as object, { is_deleted: true }),
    readLead: async ({ id }) => fake.persons.get(id) as never,
    // A lead is a person from the first.
    convert: async (record) => record,
  }),
  badCredentials: { token: 'of-nobody' },
  findsExternalIds: async () => false,
  uniqueEmails: false,
  writesNote: ({ method, path }) => method === 'POST' && path === '/api/v1/notes',
  tasks: {
    all: async () =>
      fake.activities.all().map(({ id, subject, note, due_date, due_time, participants }) => {
        const person = String(participants[0]?.person_id);
        return {
          id,
          record: { kind: isOurs(person) ? 'lead' : 'contact', id: person },
          due: `${due_date} ${due_time}`,
          words: `${subject}\n${decodeText(note, 'html')}`,
        };
      }),
    complete: async (_connection, id) => void Object.assign(fake.activities.get(id) as object, { done: true }),
    makes: ({ method, path }) => method === 'POST' && path === '/api/v2/activities',
  },
  deals: async () =>
    fake.deals.all().map(({ id, title, person_id }) => ({ id, name: title, contacts: [String(person_id)] })),
});

test('the names that Pipedrive makes up for our fields are looked up, also by a process that never prepared it', async () => {
  const [visitor] = fake.fields.all();
  // Another address, so that nothing is remembered of it.
  const fresh = pipedrive.open({ ...connectionTo(fake, { token: TOKEN }), baseUrl: `${fake.url}/` });
  const wanted = lead();
  const { id } = await fresh.upsertLead(wanted);
  expect(fake.persons.get(id)?.custom_fields).toMatchObject({ [visitor?.field_code ?? '']: wanted.visitorKey });
});

test('without our fields nothing is written, and it is said what to do', async () => {
  const empty = await startPipedrive();
  const error = await faultOf(pipedrive.open(connectionTo(empty, { token: TOKEN })).upsertLead(lead()));
  expect(error.fault).toBe('invalid');
  expect(error.message).toMatch(/Live chat visitor.*save the connection again/);
  expect(empty.persons.all()).toEqual([]);
  await empty[Symbol.asyncDispose]();
});

test('both ways of paging are followed to the end', async () => {
  fake.pageSize = 3;
  const record = await crm.upsertLead(lead());
  const texts = Array.from({ length: 10 }, (_one, index) => `note ${index}`);
  for (const text of texts) await crm.upsertNote(record, { text, marker: text });
  expect((await crm.listNotes(record)).map(({ text }) => text)).toEqual(texts);
  const email = `${newId()}@example.com`;
  const row = { name: 'Twin', emails: many(email), is_deleted: false };
  const ids = [9, 8, 7, 6, 5].map((hour) => fake.persons.add({ ...row, add_time: `2026-11-24T0${hour}:00:00Z` }));
  expect(await crm.findContact({ email })).toMatchObject({ kind: 'contact', id: ids.at(-1) });
  fake.pageSize = 500;
});

test.each([
  [{ status: 429, body: { success: false, error: 'request over limit' } }, 'rate-limited', /slow down/],
  [{ status: 402, body: { success: false } }, 'refused-access', /paid/],
  [{ status: 403, body: { success: false } }, 'refused-access', /permissions/],
])('%j is sorted, with words', async (answer, fault, words) => {
  const record = await crm.upsertLead(lead());
  fake.next(({ method, path }) => method === 'POST' && path.endsWith('/notes'), answer);
  const error = await faultOf(crm.upsertNote(record, { text: 'x', marker: 'x' }));
  expect(error.fault).toBe(fault);
  expect(error.message).toMatch(words);
});

test('tried on Pipedrive, the mapping is in order', async () => {
  const lines = [...(await check(crm)).lines, ...(await trial(crm, { makesTasks: true })).lines];
  expect(lines.filter((line) => !/^(ok|The trial)/.test(line))).toEqual([]);
  expect(lines).toContain('ok    A deal is made, found by its mark and removed');
});

test('a trial says that a CRM finds an e-mail by small letters alone, and is content when the mapping writes them', async () => {
  const equals = 'path: "emails[].value", equals: "{{contact.email}}"';
  const lower = equals.replace('email}}', 'email | lower}}');
  const tried = async (words: string) => {
    const mapping = parseMapping(text.replaceAll(equals, `${words}, ignoreCase: false`));
    const { lines } = await trial(restMapping(mapping).open(connectionTo(fake, { token: TOKEN })));
    return lines.find((line) => line.includes('It is found by e-mail'));
  };
  expect(await tried(equals)).toMatch(/^MEND.*small letters alone.*“\{\{contact\.email \| lower\}\}” in “find”/);
  expect(await tried(lower)).toMatch(/^ok/);
  expect(await tried(equals.replace('equals: "{{', 'equals: "not {{'))).toMatch(/^MEND.*it is not found\./);
});

test('a trial says where a mapping loses sight of its deals, and leaves none behind', async () => {
  const blind = text.replace('path: title, contains: "{{deal.marker}}"', 'path: name, contains: "{{deal.marker}}"');
  const before = fake.deals.all().length;
  const { ok, lines } = await trial(restMapping(parseMapping(blind)).open(connectionTo(fake, { token: TOKEN })));
  expect(ok).toBe(false);
  expect(lines).toContainEqual(expect.stringMatching(/^MEND.*a deal.*0 times by its mark. Look at “deal.find”/i));
  expect(fake.deals.all()).toHaveLength(before);
});
