// Several CRMs of one site: what is told of one changes nothing of the others, and one that is gone is forgotten.
import { type CrmConnectionLine, crmConnection } from '@continuo/contracts';
import { expect, test } from '@jest/globals';
import { en } from '../locales/en.ts';
import type { FrameOf } from '../session/protocol.ts';
import {
  allFailed,
  CONNECTION_ID,
  countsOf,
  crmOf,
  idFor,
  initialCrms,
  reported,
  withCrm,
  withList,
} from './connections.ts';
import { standsWords } from './stands.ts';

type Reported = FrameOf<'report'>;
const line = (connection: string, failed = 0): CrmConnectionLine => ({
  connection,
  connector: 'webhook',
  name: connection,
  host: 'crm.example',
  state: 'works',
  pushes: true,
  checking: 0,
  counts: { pending: 0, failed },
});
const report = (type: string, key: string, data: object): Reported =>
  ({ t: 'report', event: { id: 'e', type, v: 1, key, time: 5, data } }) as unknown as Reported;
const written = (connection: string | undefined, conversation = 'c') =>
  report('crm-record-written', conversation, {
    connector: 'webhook',
    ...(connection !== undefined && { connection }),
    record: { kind: 'lead', id: '7' },
    upTo: 1,
  });
const failed = (connection: string) =>
  report('crm-write-failed', 'c', { connector: 'webhook', connection, failure: 'invalid', words: 'No.' });
const two = withList(initialCrms, { connections: [line('crm', 1), line('erp', 2)] });
const loaded = (crms: typeof two, id: string) => withCrm(crms, id, (crm) => ({ ...crm, loaded: true }));

test('what is told of one is told of no other; without an id it is the one that was made without', () => {
  const both = loaded(loaded(two, 'crm'), 'erp');
  const after = reported(both, written('erp'));
  expect(crmOf(after, 'erp').rows['c']).toMatchObject({ state: 'pushed' });
  expect(crmOf(after).rows).toEqual({});
  expect(crmOf(reported(both, written(undefined))).rows['c']).toMatchObject({ state: 'pushed' });
  expect(reported(two, written('erp'))).toMatchObject({ news: 1, of: {} });
});

test('what needs a person is counted over all of them, as fresh as it is known', () => {
  expect(allFailed(two)).toBe(3);
  const fresh = reported(loaded(two, 'erp'), failed('erp'));
  expect(countsOf(fresh, line('erp', 2)).failed).toBe(1);
  expect(allFailed(fresh)).toBe(2);
  expect(allFailed(initialCrms)).toBe(0);
});

test('the line follows the connection; one that was removed is gone, and the next one is the first', () => {
  const { counts: _counts, ...standing } = line('crm');
  const paused = reported(two, report('crm-connection-changed', 's', { ...standing, state: 'paused' }));
  expect(paused.list?.map(({ state }) => state)).toEqual(['paused', 'works']);
  const gone = reported(loaded(two, 'crm'), report('crm-connection-changed', 's', { ...standing, removed: true }));
  expect(gone.list?.map(({ connection }) => connection)).toEqual(['erp']);
  expect(gone).toMatchObject({ first: 'erp', of: {} });
});

test('a key that was refused is told by the head as by the line, also before it stops the connection', () => {
  expect(standsWords({ state: 'waiting', failure: 'refused-access' }, en)).toBe('sign in again');
  expect(standsWords({ state: 'waiting', failure: 'unreachable' }, en)).toBe('waits');
  const stopped = { ...line('erp', 3), state: 'stopped' as const };
  expect(countsOf(two, stopped)).toEqual({ pending: 3, failed: 0 });
});

test('an id is made of the name, and is nobody else’s', () => {
  expect(idFor('Webhook to ERP', [])).toBe('webhook-to-erp');
  expect(idFor('Webhook to ERP', ['webhook-to-erp'])).toBe('webhook-to-erp-2');
  expect(idFor('Учёт заявок', [])).toBe('uchet-zayavok');
  expect(idFor('Железный щит', [])).toBe('zheleznyy-schit');
  expect(idFor('会计', [])).toBe('connection');
  expect(idFor('A very long name of a connection', [])).toMatch(/^[a-z0-9](?:[a-z0-9-]{0,18}[a-z0-9])?$/);
});

test('an id that the form takes is one that crm-sync takes, and no other', () => {
  const form = new RegExp(`^(?:${CONNECTION_ID})$`, 'v');
  for (const id of [
    'erp',
    'a',
    '9',
    'webhook-to-erp-2',
    '',
    '-erp',
    'erp-',
    'ERP',
    'учёт',
    'e p',
    'a'.repeat(20),
    'a'.repeat(21),
  ])
    expect([id, form.test(id)]).toEqual([id, crmConnection.shape.id.safeParse(id).success]);
});
