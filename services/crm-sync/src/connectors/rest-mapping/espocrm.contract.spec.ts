// EspoCRM’s mapping against a fake of its published contract: what every connector keeps, and what only EspoCRM does.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { newId } from '@continuo/contracts';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { Crm } from '../connector.ts';
import { contract, faultOf } from '../contract.ts';
import { type FakeEspoCrm, KEY, startEspoCrm } from './fakes/espocrm.ts';
import { connectionTo, lead } from './fakes/fake-crm.ts';
import { parseMapping } from './load.ts';
import { restMapping } from './rest-mapping.ts';
import { SHIPPED } from './shipped.ts';
import { decodeText } from './text.ts';
import { check, trial } from './try.ts';

const espocrm = restMapping(parseMapping(readFileSync(join(SHIPPED, 'espocrm.yaml'), 'utf8'), 'espocrm.yaml'));
let fake: FakeEspoCrm;
let crm: Crm;
beforeAll(async () => {
  fake = await startEspoCrm();
  crm = espocrm.open(connectionTo(fake, { key: KEY }));
});
afterEach(() => expect(fake.violations).toEqual([]));
afterAll(async () => fake[Symbol.asyncDispose]());

const e164 = (phone: string) => `+${phone.replace(/\D/g, '')}`;
contract(espocrm, {
  connect: async () => connectionTo(fake, { key: KEY, assignee: '6000000000000000a' }),
  company: () => ({
    // People’s browsers send phones in international form; nothing else is stored.
    addContact: async ({ name, email, phone }) => {
      const [firstName, lastName] = name.split(' ');
      const row = { firstName, lastName, createdAt: '2026-11-24 08:00:00' };
      const more = { ...(email && { emailAddress: email }), ...(phone && { phoneNumber: e164(phone) }) };
      return { kind: 'contact', id: fake.people.Contact.add({ ...row, ...more }) };
    },
    remove: async ({ kind, id }) => void fake.people[kind === 'lead' ? 'Lead' : 'Contact'].remove(id),
    readLead: async ({ id }) => fake.people.Lead.get(id) as never,
    convert: async ({ id }) => {
      const { firstName, lastName, emailAddress, phoneNumber, createdAt } = fake.people.Lead.get(id) as never as Record<
        string,
        string
      >;
      const person = { firstName, lastName, emailAddress, phoneNumber, createdAt: createdAt as string };
      const createdContactId = fake.people.Contact.add(JSON.parse(JSON.stringify(person)));
      Object.assign(fake.people.Lead.get(id) as object, { status: 'Converted', createdContactId });
      return { kind: 'contact', id: createdContactId };
    },
  }),
  badCredentials: { key: 'nobody' },
  findsExternalIds: async () => false,
  writesNote: ({ method, path }) => method === 'POST' && path === '/api/v1/Note',
  tasks: {
    all: async () =>
      fake.tasks.all().map(({ id, name, description, dateEnd = '', parentType, parentId }) => ({
        id,
        record: { kind: parentType === 'Lead' ? 'lead' : 'contact', id: parentId },
        due: dateEnd,
        words: `${name}\n${decodeText(description ?? '', 'markdown')}`,
      })),
    complete: async (_connection, id) => void Object.assign(fake.tasks.get(id) as object, { status: 'Completed' }),
    makes: ({ method, path }) => method === 'POST' && path === '/api/v1/Task',
  },
});

test('a visitor with the name of somebody else gets a lead of his own, and one with his e-mail does not', async () => {
  const name = 'Иван Гость';
  const email = `${newId()}@example.com`;
  const first = await crm.upsertLead(lead({ name, email }));
  const second = await crm.upsertLead(lead({ name, email: `${newId()}@example.com` }));
  const third = await crm.upsertLead(lead({ name }));
  expect(new Set([first.id, second.id, third.id]).size).toBe(3);
  expect((await faultOf(crm.upsertLead(lead({ name: 'Another Name', email })))).fault).toBe('taken');
});

test('the site’s own fields stand beside what the mapping writes, word for word, and never instead of it', async () => {
  const fields = { description: 'mine', website: '{{settings.key}} <b>' };
  fake.next(({ method, path }) => method === 'POST' && path === '/api/v1/Lead', { body: { id: 'x' } });
  await crm.upsertLead({ ...lead(), fields });
  expect(fake.calls.at(-1)?.body).toMatchObject({
    website: '{{settings.key}} <b>',
    description: expect.stringContaining('live chat'),
  });
});

test('a phone that EspoCRM does not take is told by the name of its field', async () => {
  const error = await faultOf(crm.upsertLead(lead({ phone: '8 (495) 000-00-00' })));
  expect(error.fault).toBe('invalid');
  expect(error.message).toMatch(/phoneNumber/);
});

test('a right that is lacking is not taken for a record that is gone', async () => {
  const record = await crm.upsertLead(lead());
  fake.next(({ path }) => path.endsWith('/Note'), { status: 403, headers: { 'x-status-reason': 'No create access.' } });
  const error = await faultOf(crm.upsertNote(record, { text: 'x', marker: 'x' }));
  expect(error.fault).toBe('refused-access');
  expect(error.message).toMatch(/role/);
});

test('what stands in the stream besides our notes is not listed, over several pages', async () => {
  const record = await crm.upsertLead(lead());
  const texts = Array.from({ length: 130 }, (_one, index) => `note ${index}`);
  for (const text of texts) await crm.upsertNote(record, { text, marker: text });
  expect((await crm.listNotes(record)).map(({ text }) => text)).toEqual(texts);
});

test('a failure with an empty body may have been done', async () => {
  const record = await crm.upsertLead(lead());
  fake.next(({ path }) => path.endsWith('/Note'), { status: 500, done: true });
  expect(await faultOf(crm.upsertNote(record, { text: 'x', marker: 'x' }))).toMatchObject({
    fault: 'server-error',
    outcomeUnknown: true,
  });
  expect(await crm.listNotes(record)).toHaveLength(1);
});

test('tried on EspoCRM, the mapping is in order', async () => {
  expect(
    (await check(crm)).lines.concat((await trial(crm)).lines).filter((line) => !/^(ok|The trial)/.test(line)),
  ).toEqual([]);
});

test('ten wrong keys lock the right one out for a while, which passes by itself', async () => {
  const locked = await startEspoCrm();
  const wrong = espocrm.open(connectionTo(locked, { key: 'nobody' }));
  for (let tries = 0; tries < 10; tries++) expect((await faultOf(wrong.check())).fault).toBe('refused-access');
  const error = await faultOf(espocrm.open(connectionTo(locked, { key: KEY })).check());
  expect(error).toMatchObject({ fault: 'rate-limited', retryAfterMs: 90_000 });
  await locked[Symbol.asyncDispose]();
});
