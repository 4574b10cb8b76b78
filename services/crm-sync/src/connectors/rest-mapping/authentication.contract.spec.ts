// Every way in which a mapping may prove who it is, against a CRM that looks closely: what is sent, how long a fetched token is kept, and what happens when it ends.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { newId } from '@continuo/contracts';
import { afterAll, afterEach, beforeAll, beforeEach, expect, jest, test } from '@jest/globals';
import type { ConnectionDetails, Crm, Rate } from '../connector.ts';
import { faultOf } from '../contract.ts';
import { type Answer, type Asked, connectionTo, type FakeCrm, startFakeCrm } from './fakes/fake-crm.ts';
import { parseMapping } from './load.ts';
import { restMapping } from './rest-mapping.ts';
import { type Mapping, mappingSchema } from './schema.ts';
import { SHIPPED } from './shipped.ts';

const espocrm = parseMapping(readFileSync(join(SHIPPED, 'espocrm.yaml'), 'utf8'));
let fake: FakeCrm;
let answer: (asked: Asked) => Answer;
let token: (asked: Asked) => Answer;
const people: Answer = { body: { list: [], total: 0 } };

beforeAll(async () => {
  fake = await startFakeCrm({
    admit: () => undefined,
    routes: [
      ['POST', /^\/oauth\/token$/, (asked) => token(asked)],
      ['GET', /^\/api\/v1\/(Lead|Contact)$/, (asked) => answer(asked)],
      ['POST', /^\/api\/v1\/Lead$/, (asked) => answer(asked)],
    ],
  });
});
beforeEach(() => {
  answer = () => people;
});
afterEach(() => {
  jest.restoreAllMocks();
  expect(fake.violations).toEqual([]);
});
afterAll(async () => fake[Symbol.asyncDispose]());

/** A connection of its own, so that no other test's token is remembered. */
function open(auth: object, more: Partial<ConnectionDetails> = {}, changed: Partial<Mapping> = {}): Crm {
  const setting = { label: 'x', secret: true, optional: true, url: false };
  const mapping = {
    ...espocrm,
    settings: { user: setting, password: setting, run: setting },
    auth: mappingSchema.shape.auth.parse(auth),
    answers: [],
    ...changed,
  };
  const credentials = { user: 'chat@example.com', password: 'pä:ss&w/rd', run: newId() };
  return restMapping(mapping).open({ ...connectionTo(fake, credentials), ...more });
}
const last = () => fake.calls.at(-1) as Asked;
const tokens = () => fake.calls.filter(({ path }) => path === '/oauth/token');
const sent = () => fake.calls.filter(({ path }) => path !== '/oauth/token').length;

test('a key in a header', async () => {
  await open({ type: 'header', name: 'X-Key', value: 'key {{settings.user}}' }).check();
  expect(last().headers['x-key']).toBe('key chat@example.com');
});

test('a key in the address, encoded', async () => {
  await open({ type: 'query', name: 'api_key', value: '{{settings.password}}' }).check();
  expect(last().query).toMatchObject({ api_key: 'pä:ss&w/rd', maxSize: '1' });
});

test('user and password, in UTF-8', async () => {
  await open({ type: 'basic', user: '{{settings.user}}', password: '{{settings.password}}' }).check();
  const [scheme, text = ''] = (last().headers['authorization'] ?? '').split(' ');
  expect([scheme, Buffer.from(text, 'base64').toString()]).toEqual(['Basic', 'chat@example.com:pä:ss&w/rd']);
});

test('a bearer token', async () => {
  await open({ type: 'bearer', token: '{{settings.password}}'.replace('password', 'user') }).check();
  expect(last().headers['authorization']).toBe('Bearer chat@example.com');
});

const oauth2 = (more: object = {}) => ({
  type: 'oauth2-client-credentials',
  tokenUrl: '/oauth/token',
  clientId: '{{settings.user}}',
  clientSecret: '{{settings.password}}',
  ...more,
});
/** Tokens in a row; only the newest is good. */
function issuing(seconds?: number) {
  let count = 0;
  const from = [tokens().length, sent()];
  const name = newId();
  token = () => {
    count += 1;
    return {
      body: { access_token: `${name}-${count}`, token_type: 'Bearer', ...(seconds && { expires_in: seconds }) },
    };
  };
  answer = ({ headers }) => (headers['authorization'] === `Bearer ${name}-${count}` ? people : { status: 401 });
  return {
    revoke: () => {
      count += 1;
    },
    asked: () => ({ tokens: tokens().length - (from[0] ?? 0), others: sent() - (from[1] ?? 0) }),
  };
}

test.each([
  [
    { scope: 'crm.write' },
    { scope: 'crm.write', client_id: 'chat@example.com', client_secret: 'pä:ss&w/rd' },
    undefined,
  ],
  [{ sentAs: 'basic' }, {}, 'chat%40example.com:p%C3%A4%3Ass%26w%2Frd'],
])('a token is fetched as %j says', async (more, body, basic) => {
  issuing();
  await open(oauth2(more)).check();
  const { headers, body: form } = tokens().at(-1) as Asked;
  expect(headers['content-type']).toMatch('application/x-www-form-urlencoded');
  expect(form).toEqual({ grant_type: 'client_credentials', ...body });
  const given = headers['authorization']?.replace('Basic ', '');
  expect(given && Buffer.from(given, 'base64').toString()).toBe(basic);
});

test('a token is kept for all requests, fetched once though ten want it at once', async () => {
  const crm = open(oauth2());
  const { asked } = issuing(3_600);
  await Promise.all(Array.from({ length: 10 }, () => crm.check()));
  expect(asked()).toEqual({ tokens: 1, others: 20 });
});

test('a token is fetched anew before it ends, and not sooner', async () => {
  const crm = open(oauth2());
  const { asked } = issuing(3_600);
  await crm.check();
  const began = Date.now();
  const now = jest.spyOn(Date, 'now').mockReturnValue(began + 3_500_000);
  await crm.check();
  expect(asked().tokens).toBe(1);
  now.mockReturnValue(began + 3_580_000);
  await crm.check();
  expect(asked()).toEqual({ tokens: 2, others: 6 });
});

test('a token that ended early is fetched anew once, and nothing is said of it', async () => {
  const crm = open(oauth2());
  const { asked, revoke } = issuing(3_600);
  await crm.check();
  revoke();
  await crm.check();
  expect(asked()).toEqual({ tokens: 2, others: 5 });
});

test('of many calls whose token ended at once, one fetches a new one for all', async () => {
  const crm = open(oauth2());
  const { asked, revoke } = issuing(3_600);
  await crm.check();
  revoke();
  await Promise.all(Array.from({ length: 10 }, () => crm.check()));
  expect(asked().tokens).toBe(2);
});

test('a token that is refused though it is new is told, after one more try', async () => {
  const crm = open(oauth2());
  const { asked } = issuing(3_600);
  answer = () => ({ status: 401 });
  expect((await faultOf(crm.check())).fault).toBe('refused-access');
  expect(asked()).toEqual({ tokens: 2, others: 2 });
});

test.each([
  [{ status: 400, body: { error: 'invalid_client' } }],
  [{ status: 401, body: { error: 'invalid_client' } }],
  [{ body: { error: 'invalid_scope' } }],
])('a secret that is refused (%j) is a refusal, not a fault of the record', async (refusal) => {
  token = () => refusal;
  const error = await faultOf(
    open(oauth2()).upsertLead({ contact: {}, visitorKey: newId(), title: '', description: '', unnamed: 'x' }),
  );
  expect(error).toMatchObject({ fault: 'refused-access', outcomeUnknown: false });
});

test('a secret that is refused is tried once for ten calls at once, so that nobody is locked out', async () => {
  const before = tokens().length;
  token = () => ({ status: 401, body: { error: 'invalid_client' } });
  const crm = open(oauth2());
  const faults = await Promise.all(Array.from({ length: 10 }, async () => (await faultOf(crm.check())).fault));
  expect(new Set(faults)).toEqual(new Set(['refused-access']));
  expect(tokens().length - before).toBe(1);
});

test('a place for tokens that fails is no refusal, and nothing was written', async () => {
  token = () => ({ status: 503 });
  const error = await faultOf(
    open(oauth2()).upsertLead({ contact: {}, visitorKey: newId(), title: '', description: '', unnamed: 'x' }),
  );
  expect(error).toMatchObject({ fault: 'server-error', outcomeUnknown: false });
});

test('each request waits its turn, at the rate of the mapping', async () => {
  const waited: (Rate | undefined)[] = [];
  const { outbound } = connectionTo(fake, {});
  const pace = async (rate?: Rate) => void waited.push(rate);
  const rate = { requests: 100, seconds: 10 };
  issuing();
  await open(oauth2(), { outbound: { ...outbound, pace } }, { limits: { ...espocrm.limits, rate } }).check();
  expect(waited).toEqual(Array.from({ length: 3 }, () => ({ perSecond: 10, burst: 100 })));
});

test.each(['s3cr3t\n', 'a\r\nX-Admin: 1', 'ключ'])(
  'a key that no header can hold (%j) is told, and nothing is sent',
  async (user) => {
    const before = sent();
    const auth = { type: 'header', name: 'X-Key', value: '{{settings.user}}' };
    const error = await faultOf(open(auth, { credentials: { user } }).check());
    expect(error).toMatchObject({ fault: 'invalid', message: expect.stringMatching(/header “X-Key”.*line break/) });
    expect(error.message).not.toContain(user.trim());
    expect(sent()).toBe(before);
  },
);

test('a path that a value makes lead to another host is told, and nobody is sent the key', async () => {
  const [check] = espocrm.check;
  const request = { ...(check as Mapping['check'][number]).request, path: '/{{settings.run}}/crm.example.net/me' };
  const crm = open(
    { type: 'bearer', token: '{{settings.user}}' },
    { credentials: { user: 'x' } },
    { check: [{ request }] },
  );
  expect(await faultOf(crm.check())).toMatchObject({
    fault: 'invalid',
    message: expect.stringMatching(/path “\/\{\{settings\.run\}\}.*another host/),
  });
});

test.each([
  ['javascript', undefined],
  ['https', 'https://crm.example.com/Lead/1'],
])('a record is opened in a browser by http and https alone, whatever a value says (%s)', (user, url) => {
  const page = { ...espocrm.records.lead, open: '{{settings.user}}://crm.example.com/{{record.name}}/{{record.id}}' };
  const records = { ...espocrm.records, lead: page };
  const crm = open({ type: 'none' }, { credentials: { user } }, { records });
  expect(crm.openUrl({ kind: 'lead', id: '1' })).toBe(url);
});
