// Odoo’s mapping against the answers that a real Odoo 16 gave, word for word, and against a fake that remembers: every call is JSON-RPC, and every failure has status 200.

import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { openOutbound } from '@continuo/runtime';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Crm } from '../connector.ts';
import { contract } from '../contract.ts';
import type { CrmError } from '../crm-error.ts';
import { connectionTo } from './fakes/fake-crm.ts';
import { DATABASE, type FakeOdoo, KEY, LOGIN, startOdoo } from './fakes/odoo.ts';
import { parseMapping } from './load.ts';
import { restMapping } from './rest-mapping.ts';
import { SHIPPED } from './shipped.ts';
import { decodeText } from './text.ts';
import { check, trial } from './try.ts';

type Call = { service: string; method: string; args: unknown[] };
const mapping = parseMapping(readFileSync(join(SHIPPED, 'odoo.yaml'), 'utf8'));
const fails = (name: string, message = '') => ({
  error: { code: 200, message: 'Odoo Server Error', data: { name, message } },
});
const MARKER = '[continuo 0123456789abcdefghijkl part 1]';
const credentials = { database: 'crm', login: 'chat', key: 'secret' };
let calls: Call[] = [];
let answers: unknown[] = [];
const server = createServer((request, response) => {
  let body = '';
  request.on('data', (chunk: Buffer) => (body += chunk.toString()));
  request.on('end', () => {
    const { params } = JSON.parse(body) as { params: Call };
    if (params.service !== 'common') calls.push(params);
    const answer = params.service === 'common' ? { result: params.args[2] === 'secret' ? 6 : false } : answers.shift();
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ jsonrpc: '2.0', id: null, ...(answer as object) }));
  });
});
server.keepAliveTimeout = 60_000;
const open = (key = 'secret'): Crm =>
  restMapping(mapping).open({
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    credentials: { ...credentials, key },
    outbound: openOutbound('127.0.0.1:*'),
  });
const faultOf = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: CrmError) => error.fault,
  );
const sent = () => calls.map(({ args }) => args.slice(3));

beforeAll(() => new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve)));
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  calls = [];
  answers = [];
});

test('after the log-in each call carries database, user and key', async () => {
  answers = [{ result: [] }];
  await open().check();
  expect(calls).toEqual([
    {
      service: 'object',
      method: 'execute_kw',
      args: ['crm', 6, 'secret', 'crm.lead', 'search_read', [[]], { fields: ['id'], limit: 1 }],
    },
  ]);
});

test('a log-in answered with false is a key that is refused', async () => {
  expect(await faultOf(open('wrong').check())).toBe('refused-access');
});

test('a lead is made with what is known, and its id is the bare number', async () => {
  answers = [{ result: 21 }];
  const contact = { name: 'Анна', email: 'anna@example.com' };
  const lead = {
    contact,
    visitorKey: '0123456789abcdefghijkl',
    title: 'Chat',
    description: 'a<b\nc',
    unnamed: 'Visitor',
  };
  expect(await open().upsertLead(lead)).toEqual({ kind: 'lead', id: '21' });
  expect(sent()).toEqual([
    [
      'crm.lead',
      'create',
      [
        {
          name: 'Chat [0123456789abcdefghijkl]',
          type: 'lead',
          contact_name: 'Анна',
          email_from: 'anna@example.com',
          referred: 'live chat',
          description: 'a&lt;b<br/>c',
        },
      ],
    ],
  ]);
});

test('a note is posted as a note, not mailed to the customer, and comes back as it was said', async () => {
  const text = `цена a<b и c>d & <script>\n${MARKER}`;
  const html = `цена a&lt;b и c&gt;d &amp; &lt;script&gt;<br/>${MARKER}`;
  answers = [{ result: 77 }, { result: [{ id: 77, body: `<p>${html}</p>`, date: '2026-11-24 21:49:17' }] }];
  const record = { kind: 'lead', id: '21' } as const;
  expect(await open().upsertNote(record, { text, marker: MARKER })).toBe('77');
  expect(sent()[0]).toEqual([
    'crm.lead',
    'message_post',
    [[21]],
    { body: html, message_type: 'comment', subtype_xmlid: 'mail.mt_note' },
  ]);
  expect(await open().listNotes(record)).toEqual([{ id: '77', text, at: Date.UTC(2026, 10, 24, 21, 49, 17) }]);
});

test('status 200 does not hide a failure', async () => {
  const record = { kind: 'lead', id: '21' } as const;
  const write = (id?: string) => open().upsertNote(record, { id, text: MARKER, marker: MARKER });
  answers = [fails('odoo.exceptions.MissingError'), fails('odoo.exceptions.MissingError')];
  expect([await faultOf(write()), await faultOf(write('77'))]).toEqual(['record-gone', 'note-gone']);
  answers = [fails('psycopg2.Error', 'could not serialize access due to concurrent update')];
  expect(await faultOf(write())).toBe('server-error');
  answers = [fails('odoo.exceptions.ValidationError')];
  expect(await faultOf(write())).toBe('invalid');
  // A key that is refused is tried once more after a new log-in, no oftener.
  answers = [fails('odoo.exceptions.AccessDenied'), fails('odoo.exceptions.AccessDenied'), { result: 1 }];
  expect(await faultOf(write())).toBe('refused-access');
  expect(answers).toHaveLength(1);
});

test('a task is an activity whose summary ends with its marker, since the answer names no id', async () => {
  const marker = '[continuo 0123456789abcdefghijkl task 3]';
  const conversation = '0123456789abcdefghijkl';
  const row = { id: 5, summary: `Call back ${marker}`, create_date: '2026-11-24 21:49:17' };
  answers = [
    { result: [{ id: 21 }] },
    { result: 'mail.activity(5,)' },
    { result: [row, { ...row, id: 6, summary: 'x' }] },
  ];
  const task = {
    kind: 'callback',
    conversation,
    number: 3,
    subject: 'Call back',
    marker,
    due: Date.UTC(2026, 10, 25, 9),
  } as const;
  expect(await open().createTask({ kind: 'lead', id: '21' }, { ...task, text: `a<b\n${marker}` })).toBe('5');
  expect(sent()[1]).toEqual([
    'crm.lead',
    'activity_schedule',
    [[21]],
    {
      act_type_xmlid: 'mail.mail_activity_data_call',
      date_deadline: '2026-11-25',
      summary: `Call back ${marker}`,
      note: `a&lt;b<br/>${marker}`,
    },
  ]);
});

test('the site’s own fields stand in Odoo’s record, whether it is made or changed', async () => {
  answers = [{ result: 21 }, { result: true }];
  const lead = {
    contact: {},
    visitorKey: '0123456789abcdefghijkl',
    title: 'Chat',
    description: '',
    unnamed: 'Visitor',
  };
  const fields = { x_budget: '100', type: 'mine' };
  await open().upsertLead({ ...lead, fields });
  await open().upsertLead({ ...lead, fields }, { kind: 'lead', id: '21' });
  expect(sent()[0]?.[2]).toMatchObject([{ x_budget: '100', type: 'lead' }]);
  expect(sent()[1]?.[2]).toEqual([[21], { x_budget: '100', type: 'mine' }]);
});

test('nothing is what Odoo writes as false', async () => {
  answers = [
    {
      result: [
        {
          id: 3,
          name: 'x [0123456789abcdefghijkl]',
          email_from: false,
          phone: false,
          create_date: '2026-11-24 21:49:17',
        },
      ],
    },
  ];
  expect(await open().findOwnLead('0123456789abcdefghijkl')).toEqual({
    kind: 'lead',
    id: '3',
    ours: true,
    anonymous: true,
  });
});

describe('kept to what every connector keeps', () => {
  const settings = { database: DATABASE, login: LOGIN, key: KEY };
  let fake: FakeOdoo;
  beforeAll(async () => {
    fake = await startOdoo();
  });
  afterEach(() => expect(fake.violations).toEqual([]));
  afterAll(async () => fake[Symbol.asyncDispose]());

  const modelOf = ({ kind }: { kind: string }) => (kind === 'lead' ? 'crm.lead' : 'res.partner');
  const calls = (method: string) => (request: { body: string }) => request.body.includes(`"${method}"`);
  contract(restMapping(mapping), {
    connect: async () => connectionTo(fake, settings),
    company: () => ({
      addContact: async ({ name, email, phone }) => {
        const row = { name, ...(email && { email }), ...(phone && { phone }), create_date: '2026-11-24 08:00:00' };
        return { kind: 'contact', id: fake.tables['res.partner'].add(row) };
      },
      remove: async (record) => {
        const messages = fake.tables['mail.message'];
        fake.tables[modelOf(record)].remove(record.id);
        for (const { id, model, res_id } of messages.all())
          if (model === modelOf(record) && String(res_id) === record.id) messages.remove(id);
      },
      readLead: async ({ id }) => fake.tables['crm.lead'].get(id) as never,
      // Without a customer made of it, as the window that converts it proposes: it stays what it is, in another list.
      convert: async (record) => {
        Object.assign(fake.tables['crm.lead'].get(record.id) as object, { type: 'opportunity' });
        return record;
      },
    }),
    badCredentials: { ...settings, key: 'of-nobody' },
    findsExternalIds: async () => false,
    uniqueEmails: false,
    writesNote: calls('message_post'),
    tasks: {
      all: async () =>
        fake.tables['mail.activity'].all().map(({ id, res_model, res_id, summary, note, date_deadline }) => ({
          id,
          record: { kind: res_model === 'crm.lead' ? 'lead' : 'contact', id: String(res_id) },
          due: String(date_deadline),
          words: `${summary}\n${decodeText(String(note), 'html')}`,
        })),
      complete: async (_connection, id) => fake.done(id),
      makes: calls('activity_schedule'),
      doneIs: 'done',
    },
    deals: async () =>
      fake.tables['crm.lead']
        .all()
        .filter(({ type }) => type === 'opportunity')
        .map(({ id, name, partner_id }) => ({
          id,
          name: String(name),
          contacts: partner_id === undefined ? [] : [String(partner_id)],
        })),
  });

  test('a task that is done is not made again, and what tells of it is never removed', async () => {
    const crm = restMapping(mapping).open(connectionTo(fake, settings));
    const record = await crm.upsertLead({
      contact: {},
      visitorKey: 'v'.repeat(22),
      title: 'x',
      description: '',
      unnamed: 'y',
    });
    const marker = '[continuo 0123456789abcdefghijkl task 9]';
    const task = {
      kind: 'callback',
      conversation: '0123456789abcdefghijkl',
      number: 9,
      subject: 'Call',
      marker,
    } as const;
    const id = await crm.createTask(record, { ...task, text: marker, due: Date.UTC(2026, 10, 25) });
    fake.done(id);
    const messages = fake.tables['mail.message'].all().length;
    const [found] = await crm.findTasks(record, marker);
    await crm.removeTask(record, found as string);
    expect(await crm.findTasks(record, marker)).toEqual([found]);
    expect(fake.tables['mail.message'].all()).toHaveLength(messages);
  });

  test('a field that Odoo lacks is named, as data too, and nothing was made', async () => {
    const crm = restMapping(mapping).open(connectionTo(fake, settings));
    const before = fake.tables['crm.lead'].all().length;
    const lead = { contact: {}, visitorKey: 'w'.repeat(22), title: 'x', description: '', unnamed: 'y' };
    const error = await crm.upsertLead({ ...lead, fields: { x_size: '9' } }).catch((refused: unknown) => refused);
    expect(error).toMatchObject({ fault: 'invalid', field: 'x_size', message: expect.stringMatching(/“x_size”/) });
    expect(fake.tables['crm.lead'].all()).toHaveLength(before);
  });

  test('tried on Odoo, the mapping is in order', async () => {
    const crm = restMapping(mapping).open(connectionTo(fake, settings));
    const lines = [...(await check(crm)).lines, ...(await trial(crm, { makesTasks: true })).lines];
    expect(lines.filter((line) => !/^(ok|The trial)/.test(line))).toEqual([]);
    expect(lines).toContain('ok    A deal is made, found by its mark and removed');
  });
});
