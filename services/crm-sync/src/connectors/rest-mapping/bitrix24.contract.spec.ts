// Bitrix24’s mapping against a fake of its published contract, and that contract against the vendor’s own data where it lies beside the project.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { newId } from '@continuo/contracts';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { Crm } from '../connector.ts';
import { contract, faultOf } from '../contract.ts';
import { CODE, type FakeBitrix24, type Person, startBitrix24, USER } from './fakes/bitrix24.ts';
import { faultsOfCall, METHODS } from './fakes/bitrix24-contract.ts';
import { connectionTo } from './fakes/fake-crm.ts';
import { parseMapping } from './load.ts';
import { restMapping } from './rest-mapping.ts';
import { SHIPPED } from './shipped.ts';
import { check, trial } from './try.ts';

const bitrix24 = restMapping(parseMapping(readFileSync(join(SHIPPED, 'bitrix24.yaml'), 'utf8'), 'bitrix24.yaml'));
const credentials = { user: USER, code: CODE };
let fake: FakeBitrix24;
let crm: Crm;
beforeAll(async () => {
  fake = await startBitrix24();
  crm = bitrix24.open(connectionTo(fake, credentials));
});
afterEach(() => expect(fake.violations).toEqual([]));
afterAll(async () => fake[Symbol.asyncDispose]());

const of = ({ kind }: { kind: string }) => (kind === 'lead' ? fake.leads : fake.contacts);
contract(bitrix24, {
  connect: async () => connectionTo(fake, credentials),
  company: () => ({
    addContact: async ({ name, email, phone }) => {
      const [NAME, LAST_NAME] = name.split(' ');
      const many = (VALUE: string) => [{ VALUE, VALUE_TYPE: 'WORK' }];
      const row = {
        NAME,
        LAST_NAME,
        DATE_CREATE: '2026-11-24T08:00:00+03:00',
        ...(email && { EMAIL: many(email) }),
        ...(phone && { PHONE: many(phone) }),
      };
      return { kind: 'contact', id: fake.contacts.add(row as Person) };
    },
    remove: async (record) => void of(record).remove(record.id),
    readLead: async ({ id }) => fake.leads.get(id) as never,
    convert: async ({ id }) => {
      const lead = fake.leads.get(id) as Person;
      const { NAME, LAST_NAME, EMAIL, PHONE, DATE_CREATE } = lead;
      const CONTACT_ID = fake.contacts.add(
        JSON.parse(JSON.stringify({ NAME, LAST_NAME, EMAIL, PHONE, DATE_CREATE })) as Person,
      );
      Object.assign(lead, { STATUS_ID: 'CONVERTED', CONTACT_ID });
      return { kind: 'contact', id: CONTACT_ID };
    },
  }),
  badCredentials: { user: USER, code: 'nobody' },
  findsExternalIds: async () => false,
  uniqueEmails: false,
  writesNote: ({ method, path }) => method === 'POST' && path.endsWith('/crm.timeline.comment.add'),
  tasks: {
    all: async () =>
      fake.activities.all().map(({ id, OWNER_TYPE_ID, OWNER_ID, SUBJECT, DESCRIPTION, DEADLINE }) => ({
        id,
        record: { kind: OWNER_TYPE_ID === 1 ? 'lead' : 'contact', id: String(OWNER_ID) },
        due: DEADLINE,
        words: `${SUBJECT}\n${DESCRIPTION}`,
      })),
    complete: async (_connection, id) => void Object.assign(fake.activities.get(id) as object, { COMPLETED: 'Y' }),
    makes: ({ method, path }) => method === 'POST' && path.endsWith('/crm.activity.todo.add'),
  },
  deals: async () =>
    fake.deals.all().map(({ id, TITLE, CONTACT_IDS = [] }) => ({ id, name: TITLE, contacts: CONTACT_IDS.map(String) })),
});

const lead = (contact: object = {}) => ({
  contact,
  visitorKey: newId(),
  title: 'Chat',
  description: '',
  unnamed: 'Visitor',
});
const note = (text: string) => ({ text, marker: text });
const isComment = ({ path }: { path: string }) => path.endsWith('comment.add');

test('503 is a request to slow down, and surely nothing was done', async () => {
  const record = await crm.upsertLead(lead());
  fake.next(isComment, {
    status: 503,
    body: { error: 'QUERY_LIMIT_EXCEEDED', error_description: 'Too many requests' },
  });
  expect(await faultOf(crm.upsertNote(record, note('x')))).toMatchObject({
    fault: 'rate-limited',
    outcomeUnknown: false,
    retryAfterMs: 5_000,
  });
});

test('a method that has used up its time is called again when Bitrix24 says, and not much sooner or later', async () => {
  const record = await crm.upsertLead(lead());
  const inTenMinutes = Math.ceil(Date.now() / 1000) + 600;
  fake.next(isComment, {
    status: 429,
    body: { error: 'OPERATION_TIME_LIMIT', time: { operating_reset_at: inTenMinutes } },
  });
  const { fault, retryAfterMs } = await faultOf(crm.upsertNote(record, note('x')));
  expect(fault).toBe('rate-limited');
  expect(retryAfterMs).toBeGreaterThan(500_000);
  expect(retryAfterMs).toBeLessThanOrEqual(601_000);
});

test.each([
  [{ error: 'insufficient_scope' }, 403, /“crm”/],
  [{ error: 'ACCESS_DENIED' }, 401, /paid plans/],
  [{ error: 'OVERLOAD_LIMIT' }, 503, /support/],
  [{ error: '', error_description: 'Access denied.' }, 400, /may not read or write/],
])('%j is told to the administrator in words', async (body, status, words) => {
  fake.next(({ path }) => path.endsWith('crm.lead.list'), { status, body });
  expect(await faultOf(crm.check())).toMatchObject({ fault: 'refused-access', message: expect.stringMatching(words) });
});

test('what a visitor types in brackets mentions nobody and shows no picture', async () => {
  const record = await crm.upsertLead(lead());
  const said = 'look [USER=1]boss[/USER] [img]https://a.example/x.png[/img] [b]';
  await crm.upsertNote(record, { text: said, marker: said });
  const { body } = fake.calls.at(-1) as { body: unknown };
  expect((body as { fields: { COMMENT: string } }).fields.COMMENT).not.toMatch(/\[[a-z/*]/i);
  expect((await crm.listNotes(record))[0]?.text).toBe(said);
});

test('notes over several pages are all listed, in order', async () => {
  const record = await crm.upsertLead(lead());
  const texts = Array.from({ length: 120 }, (_one, index) => `note ${index}`);
  for (const text of texts) await crm.upsertNote(record, note(text));
  expect((await crm.listNotes(record)).map(({ text }) => text)).toEqual(texts);
});

test('tried on Bitrix24, the mapping is in order', async () => {
  const lines = [...(await check(crm)).lines, ...(await trial(crm, { makesTasks: true })).lines];
  expect(lines.filter((line) => !/^(ok|The trial)/.test(line))).toEqual([]);
  expect(lines).toContain('ok    A deal is made, found by its mark and removed');
});

test('the fake refuses what the contract does not know', () => {
  expect(faultsOfCall('crm.lead.merge', {})).toEqual(['crm.lead.merge is no method']);
  expect(faultsOfCall('crm.lead.get', { ID: 1 })).toEqual(['ID is not known', 'id is lacking']);
  expect(faultsOfCall('crm.lead.get', { id: '1' })).toEqual(['id is no integer']);
  expect(faultsOfCall('crm.lead.add', { fields: { title: 'x', EMAIL: ['a@b.c'] } })).toEqual([
    'fields.title is not known',
    'fields.EMAIL is no list of VALUE and VALUE_TYPE',
  ]);
  expect(faultsOfCall('crm.lead.list', { filter: { '=SECRET': 'x' } })).toEqual(['SECRET is no field']);
});

const DATA = fileURLToPath(new URL('../../../../../../shared/crm/bitrix24/methods', import.meta.url));
interface Published {
  params: { name: string; base: string; required: boolean | 'unknown' }[];
  defs?: { fieldsFields?: { fields: { name: string; base: string; required: boolean }[] } };
  entityFields?: string[];
  resultExample?: { result?: unknown };
}
test('every method, parameter, field and type that is used stands in the vendor’s data', () => {
  if (!existsSync(DATA)) {
    process.stderr.write(
      'Bitrix24’s contract data does not lie beside the project: its extract was not compared with it.\n',
    );
    return;
  }
  const read = (method: string) => JSON.parse(readFileSync(join(DATA, `${method}.json`), 'utf8')) as Published;
  const told = ({ resultExample: { result } = {} }: Published) =>
    Object.keys((Array.isArray(result) ? result[0] : result) ?? {});
  for (const [name, { params, required, fields = {}, fieldsRequired = [], names = [], page }] of Object.entries(
    METHODS,
  )) {
    if (page !== undefined) continue;
    const data = read(name);
    const known = Object.fromEntries(data.params.map((one) => [one.name, one]));
    expect([name, Object.keys(params).filter((param) => known[param]?.base !== params[param])]).toEqual([name, []]);
    expect([
      name,
      data.params
        .filter((one) => one.required === true)
        .map((one) => one.name)
        .sort(),
    ]).toEqual([name, [...required].sort()]);
    const inside = (data.defs?.fieldsFields ?? read(name.replace(/update$/, 'add')).defs?.fieldsFields)?.fields ?? [];
    if (Object.keys(fields).length > 0) {
      expect([
        name,
        Object.keys(fields).filter((field) => inside.find((one) => one.name === field)?.base !== fields[field]),
      ]).toEqual([name, []]);
      if (data.defs?.fieldsFields)
        expect([
          name,
          inside
            .filter((one) => one.required === true)
            .map((one) => one.name)
            .sort(),
        ]).toEqual([name, [...fieldsRequired].sort()]);
    }
    const twin = name.replace(/(get|list)$/, (verb) => (verb === 'get' ? 'list' : 'get'));
    const listed = [...(data.entityFields ?? []), ...told(data), ...told(read(twin))];
    expect([name, names.filter((one) => !listed.includes(one))]).toEqual([name, []]);
  }
  // What the data lacks is named with the page that documents it.
  expect(Object.entries(METHODS).flatMap(([name, { page }]) => (page ? [name] : []))).toEqual([
    'crm.deal.delete',
    'crm.timeline.comment.delete',
    'crm.activity.list',
    'crm.activity.delete',
  ]);
});
