// HubSpot’s mapping against a fake of its published contract: leads are contacts that we made, and notes belong to a contact by their association.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { newId } from '@continuo/contracts';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { Crm } from '../connector.ts';
import { contract, faultOf, largeOr } from '../contract.ts';
import { connectionTo, lead } from './fakes/fake-crm.ts';
import { type FakeHubSpot, startHubSpot, TOKEN } from './fakes/hubspot.ts';
import { parseMapping } from './load.ts';
import { restMapping } from './rest-mapping.ts';
import { SHIPPED } from './shipped.ts';
import { decodeText } from './text.ts';
import { check, trial } from './try.ts';

const hubspot = restMapping(parseMapping(readFileSync(join(SHIPPED, 'hubspot.yaml'), 'utf8'), 'hubspot.yaml'));
let fake: FakeHubSpot;
let crm: Crm;
beforeAll(async () => {
  fake = await startHubSpot();
  crm = hubspot.open(connectionTo(fake, { token: TOKEN }));
  await crm.prepare();
});
afterEach(() => expect(fake.violations).toEqual([]));
afterAll(async () => fake[Symbol.asyncDispose]());

contract(hubspot, {
  connect: async () => connectionTo(fake, { token: TOKEN }),
  company: () => ({
    addContact: async ({ name, email, phone, externalId }) => {
      const [firstname = '', lastname = ''] = name.split(' ');
      const properties = {
        firstname,
        lastname,
        ...(email && { email }),
        ...(phone && { phone, hs_searchable_calculated_phone_number: phone.replace(/\D/g, '').slice(-10) }),
        ...(externalId && { continuo_customer: externalId }),
      };
      return { kind: 'contact', id: fake.contacts.add({ properties, createdAt: '2026-11-24T08:00:00Z' }) };
    },
    remove: async ({ id }) => void fake.contacts.remove(id),
    readLead: async ({ id }) => fake.contacts.get(id) as never,
    // A lead is a contact from the first: its stage of life changes, and nothing else.
    convert: async (record) => {
      Object.assign(fake.contacts.get(record.id)?.properties ?? {}, { lifecyclestage: 'customer' });
      return record;
    },
  }),
  badCredentials: { token: 'pat-of-nobody' },
  findsExternalIds: async () => true,
  // Hundreds of notes with two requests each.
  large: largeOr(300_000),
  writesNote: ({ method, path }) => method === 'POST' && path === '/crm/v3/objects/notes',
  tasks: {
    all: async () =>
      fake.tasks
        .all()
        .map(({ id, contact = '', properties: { hs_task_subject, hs_task_body = '', hs_timestamp = '' } }) => ({
          id,
          record: {
            kind: fake.contacts.get(contact)?.properties['continuo_visitor'] ? 'lead' : 'contact',
            id: contact,
          },
          due: hs_timestamp,
          words: `${hs_task_subject}\n${decodeText(hs_task_body, 'html')}`,
        })),
    complete: async (_connection, id) =>
      void Object.assign(fake.tasks.get(id)?.properties ?? {}, { hs_task_status: 'COMPLETED' }),
    makes: ({ method, path }) => method === 'POST' && path === '/crm/v3/objects/tasks',
  },
  deals: async () =>
    fake.deals
      .all()
      .map(({ id, contact = '', properties: { dealname = '' } }) => ({ id, name: dealname, contacts: [contact] })),
});

test('a deal lands in the pipeline and stage of the settings, else where every account begins', async () => {
  const record = await crm.upsertLead(lead());
  const conversation = newId();
  const text = 'Open: https://chat.example.com';
  const deal = { conversation, title: 'Chat', text, marker: `[continuo ${conversation} deal]` };
  const held = async (settings: Record<string, string>) => {
    const one = hubspot.open(connectionTo(fake, { token: TOKEN, ...settings }));
    const id = (await one.deals?.create(record, deal)) ?? '';
    return fake.deals.get(id)?.properties;
  };
  expect(await held({})).toEqual({
    dealname: `Chat ${deal.marker}`,
    description: deal.text,
    pipeline: 'default',
    dealstage: 'appointmentscheduled',
  });
  expect(await held({ stage: 'qualifiedtobuy' })).toMatchObject({ dealstage: 'qualifiedtobuy' });
  const error = await faultOf(held({ pipeline: 'gone', stage: 'first' }));
  expect(error.fault).toBe('invalid');
  expect(error.message).toMatch(/pipeline and stage/);
});

test('a person is found by e-mail although the search is behind', async () => {
  fake.searchLags = true;
  const email = `${newId()}@example.com`;
  const record = await crm.upsertLead(lead({ email }));
  fake.searchLags = false;
  expect(await crm.findContact({ email })).toMatchObject(record);
  expect((await faultOf(crm.upsertLead(lead({ email })))).fault).toBe('taken');
});

test('a lead of ours that is told the e-mail of somebody else is refused, and nothing of his is touched', async () => {
  const email = `${newId()}@example.com`;
  const theirs = await crm.upsertLead(lead({ name: 'Anna Smith', email }));
  const ours = lead();
  const record = await crm.upsertLead(ours);
  expect((await faultOf(crm.upsertLead({ ...ours, contact: { name: 'Eve', email } }, record))).fault).toBe('taken');
  expect(fake.contacts.get(theirs.id)?.properties).toMatchObject({ firstname: 'Anna', email });
});

test('notes over several pages and reads are all listed, in order, and only those of this person', async () => {
  const [record, other] = [await crm.upsertLead(lead()), await crm.upsertLead(lead())];
  const texts = Array.from({ length: 130 }, (_one, index) => `note ${index}`);
  for (const text of texts) await crm.upsertNote(record, { text, marker: text });
  await crm.upsertNote(other, { text: 'of the other', marker: 'x' });
  fake.pageSize = 50;
  expect((await crm.listNotes(record)).map(({ text }) => text)).toEqual(texts);
  fake.pageSize = 500;
});

test.each([
  [{ status: 429, body: { policyName: 'DAILY' } }, { fault: 'rate-limited', retryAfterMs: 3_600_000 }, /today/],
  [
    { status: 429, body: { policyName: 'TEN_SECONDLY_ROLLING' } },
    { fault: 'rate-limited', retryAfterMs: 10_000 },
    /slow down/,
  ],
  [{ status: 423, body: {} }, { fault: 'rate-limited', outcomeUnknown: false }, /slow down/],
  [{ status: 403, body: { category: 'MISSING_SCOPES' } }, { fault: 'refused-access' }, /scope/],
])('%j is sorted, with words', async (answer, expected, words) => {
  const record = await crm.upsertLead(lead());
  fake.next(({ path }) => path.endsWith('/notes'), answer);
  const error = await faultOf(crm.upsertNote(record, { text: 'x', marker: 'x' }));
  expect(error).toMatchObject(expected);
  expect(error.message).toMatch(words);
});

test('the site’s own fields become properties', async () => {
  fake.next(({ method, path }) => method === 'POST' && path.endsWith('/contacts'), { status: 201, body: { id: '1' } });
  await crm.upsertLead({ ...lead(), fields: { budget: '100' } });
  expect(fake.calls.at(-1)?.body).toMatchObject({ properties: { budget: '100', lifecyclestage: 'lead' } });
});

test('a property that HubSpot lacks is named, as data too', async () => {
  const message = `Property values were not valid: ${JSON.stringify([{ isValid: false, message: 'x', error: 'PROPERTY_DOESNT_EXIST', name: 'budget' }])}`;
  fake.next(({ method, path }) => method === 'POST' && path.endsWith('/contacts'), {
    status: 400,
    body: { status: 'error', category: 'VALIDATION_ERROR', message },
  });
  const error = await faultOf(crm.upsertLead({ ...lead(), fields: { budget: '100' } }));
  expect(error).toMatchObject({ fault: 'invalid', field: 'budget', message: expect.stringMatching(/“budget”/) });
});

test('tried on HubSpot, the mapping is in order', async () => {
  const lines = [...(await check(crm)).lines, ...(await trial(crm, { makesTasks: true })).lines];
  expect(lines.filter((line) => !/^(ok|The trial)/.test(line))).toEqual([]);
  expect(lines).toContain('ok    A deal is made, found by its mark and removed');
});
