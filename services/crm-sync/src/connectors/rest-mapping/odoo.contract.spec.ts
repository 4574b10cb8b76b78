// Odoo’s mapping against the answers that a real Odoo 16 gave: every call is JSON-RPC, and every failure has status 200.

import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { openOutbound } from '@continuo/runtime';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { Crm } from '../connector.ts';
import type { CrmError } from '../crm-error.ts';
import { parseMapping } from './load.ts';
import { restMapping } from './rest-mapping.ts';
import { SHIPPED } from './shipped.ts';

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
