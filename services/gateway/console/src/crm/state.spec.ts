// The CRM journal, kept by answers and reports.

import { events, type JournalRow } from '@continuo/contracts';
import { expect, test } from '@jest/globals';
import type { FrameOf } from '../session/protocol.ts';
import {
  countsShown,
  fallBehind,
  initialCrm,
  lacksContact,
  nameOf,
  report,
  rowsOf,
  runsTheCrm,
  setAside,
  shownAs,
  withConnection,
  withJournal,
} from './state.ts';

const row = (conversation: string, more: Partial<JournalRow> = {}): JournalRow => ({
  conversation,
  state: 'pushed',
  parts: 1,
  writtenUpTo: 3,
  wantedUpTo: 3,
  lastPushedAt: 1000,
  ...more,
});
const journal = withJournal(initialCrm, {
  connector: 'bottlecrm',
  rows: [row('a'), row('b', { state: 'failed', contact: 'Елена', lastPushedAt: 500 })],
  counts: { pushed: 1, pending: 0, failed: 1 },
  more: false,
});
const reported = (type: string, key: string, data: object, time = 2000): FrameOf<'report'> =>
  ({ t: 'report', event: { type, key, time, data: { connector: 'bottlecrm', ...data } } }) as FrameOf<'report'>;

test('a written record takes the failure away and counts', () => {
  const state = report(journal, reported('crm-record-written', 'b', { record: { kind: 'lead', id: '7' }, upTo: 3 }));
  expect(state.rows.b).toMatchObject({ state: 'pushed', record: { kind: 'lead', id: '7' }, lastPushedAt: 2000 });
  expect(state.counts).toEqual({ pushed: 2, pending: 0, failed: 0 });
});

test('a contact that the CRM did not take is told with what was written, and goes when it is', () => {
  const contactRefused = { because: 'invalid', words: 'It does not accept this e-mail.', at: 1 } as const;
  const data = { record: { kind: 'lead', id: '7' }, upTo: 3 };
  const without = report(journal, reported('crm-record-written', 'a', { ...data, contactRefused }));
  expect(without.rows.a).toMatchObject({ state: 'pushed', contactRefused });
  expect(lacksContact(without.rows.a as JournalRow)).toBe(true);
  expect(lacksContact({ ...(without.rows.a as JournalRow), state: 'pending' })).toBe(false);
  expect(report(without, reported('crm-record-written', 'a', data)).rows.a).not.toHaveProperty('contactRefused');
});

test('a failed write keeps what was written and says why; an outage waits, only what does not pass needs a person', () => {
  const failure = { failure: 'unreachable', words: 'BottleCRM does not answer.', retryAt: 9000 };
  const once = report(journal, reported('crm-write-failed', 'a', failure));
  const twice = report(once, reported('crm-write-failed', 'a', failure));
  expect(twice.rows.a).toMatchObject({ state: 'pending', writtenUpTo: 3, failure: { ...failure, attempts: 2 } });
  expect(twice.counts).toEqual({ pushed: 0, pending: 1, failed: 1 });
  const refused = report(twice, reported('crm-write-failed', 'a', { ...failure, failure: 'refused-access' }));
  expect(refused.rows.a?.state).toBe('failed');
  expect(refused.counts).toEqual({ pushed: 0, pending: 0, failed: 2 });
});

test('what is said after the last push waits until the CRM has it', () => {
  const said = (type: string, number: number) =>
    ({ t: 'event', event: { type, key: 'a', number } }) as FrameOf<'event'>;
  const behind = fallBehind(journal, said('message-sent', 4));
  expect(behind.rows.a).toMatchObject({ state: 'pending', writtenUpTo: 3, wantedUpTo: 4 });
  expect(behind.counts).toEqual({ pushed: 0, pending: 1, failed: 1 });
  expect(fallBehind(journal, said('messages-read', 4))).toBe(journal);
});

test('whatever crm-sync hears of a dialogue makes its row wait, and nothing else does', () => {
  const dialogue = Object.entries(events).filter(([, { stream }]) => stream === 'CONVERSATION');
  const waits = dialogue.filter(
    ([type]) =>
      fallBehind(journal, { t: 'event', event: { type, key: 'a', number: 4 } } as FrameOf<'event'>) !== journal,
  );
  const heard = dialogue.filter(([, { heardBy }]) => (heardBy as readonly string[]).includes('crm-sync'));
  expect(waits.map(([type]) => type)).toEqual(heard.map(([type]) => type));
});

test('a dialogue that begins waits at once, also while the CRM is left alone and nothing is reported', () => {
  const begun = (number: number) =>
    ({ t: 'event', event: { type: 'message-sent', key: 'new', number } }) as FrameOf<'event'>;
  expect(fallBehind(initialCrm, begun(1))).toBe(initialCrm);
  const once = fallBehind(journal, begun(1));
  expect([once.rows.new, once.counts]).toMatchObject([
    { state: 'pending', wantedUpTo: 1 },
    { pushed: 1, pending: 1 },
  ]);
  expect(fallBehind(once, begun(2)).counts).toEqual(once.counts);
  expect(fallBehind(journal, begun(7)).counts).toEqual({ pushed: 0, pending: 1, failed: 1 });
});

test('a report about mail is not the CRM’s', () => {
  expect(report(journal, reported('mail-sent', 'a', {}))).toBe(journal);
});

test('the journal is filtered and searched, latest first', () => {
  expect(rowsOf(journal, 'all').map(({ conversation }) => conversation)).toEqual(['a', 'b']);
  expect(rowsOf(journal, 'failed').map(({ conversation }) => conversation)).toEqual(['b']);
  expect(rowsOf(journal, 'all', 'елена').map(({ conversation }) => conversation)).toEqual(['b']);
});

const connection = {
  connector: 'bottlecrm',
  name: 'BottleCRM',
  host: 'crm.example',
  state: 'works' as const,
  pushes: false,
  checking: 0,
};

test('how the connection stands is kept by the news of it, and figures grow old with every report', () => {
  const known = withConnection(journal, { connection, figures: { waiting: 0, written: 4, lags: [] } });
  expect(known).toMatchObject({ connection: { state: 'works' }, figures: { written: 4 }, news: 0 });
  const paused = report(known, reported('crm-connection-changed', 'site', { ...connection, state: 'paused' }));
  expect(paused.connection?.state).toBe('paused');
  expect(paused.rows).toEqual(known.rows);
  const written = report(
    paused,
    reported('crm-record-written', 'b', { record: { kind: 'lead', id: '7' }, upTo: 3, lagMs: 800 }),
  );
  expect([written.rows.b?.lagMs, written.news]).toEqual([800, 2]);
  expect(withConnection(written, { figures: { waiting: 0, written: 0, lags: [] } }).connection).toBeUndefined();
});

test('while a refused key stops the connection, only other failures need a person one by one', () => {
  const failure = (failure: 'refused-access' | 'ambiguous') => ({ failure, words: '', at: 1, attempts: 1 });
  const failing = withJournal(initialCrm, {
    rows: [
      row('a', { state: 'failed', failure: failure('refused-access') }),
      row('b', { state: 'failed', failure: failure('ambiguous') }),
    ],
    counts: { pushed: 0, pending: 0, failed: 2 },
    more: false,
  });
  const figures = { waiting: 2, written: 0, lags: [] };
  const stopped = withConnection(failing, { connection: { ...connection, state: 'stopped' }, figures });
  expect(setAside(stopped).map(({ conversation }) => conversation)).toEqual(['b']);
  expect(setAside(withConnection(failing, { connection, figures }))).toHaveLength(2);
  // All parts of the page tell the same numbers.
  expect(countsShown(stopped)).toEqual({ pushed: 0, pending: 1, failed: 1 });
  expect(rowsOf(stopped, 'pending').map(({ conversation }) => conversation)).toEqual(['a']);
  expect(countsShown(withConnection(failing, { connection, figures }))).toEqual(failing.counts);
});

test('supervisors and administrators run the CRM', () => {
  expect(([undefined, 'agent', 'supervisor', 'admin'] as const).map(runsTheCrm)).toEqual([false, false, true, true]);
});

test('a CRM is called by the name its makers write', () => {
  expect(nameOf({ ...initialCrm, connector: 'bottlecrm' })).toBe('BottleCRM');
  expect(nameOf({ ...initialCrm, connector: 'house-crm' })).toBe('house-crm');
});

test('what the site’s rule keeps out waits for nothing: it is shown as kept out and counted nowhere', () => {
  const kept = row('k', { state: 'pending', held: 'nobody-answered', parts: 0, writtenUpTo: 0, wantedUpTo: 2 });
  const counts = { pushed: 1, pending: 1, failed: 1 };
  const state = withJournal(journal, { connector: 'bottlecrm', rows: [kept], counts, more: false });
  expect(shownAs(kept)).toBe('held');
  expect(shownAs(row('a'))).toBe('pushed');
  expect(rowsOf(state, 'pending')).toEqual([]);
  expect(rowsOf(state, 'all')).toContainEqual(kept);
  const more = fallBehind(state, {
    t: 'event',
    event: { type: 'message-sent', key: 'k', number: 3 },
  } as FrameOf<'event'>);
  expect(more.counts).toEqual(counts);
  expect(more.rows.k).toMatchObject({ held: 'nobody-answered', wantedUpTo: 3 });
  // As soon as the rule lets it in, it is one like all others.
  const written = report(more, reported('crm-record-written', 'k', { record: { kind: 'lead', id: '7' }, upTo: 3 }));
  expect(shownAs(written.rows.k as JournalRow)).toBe('pushed');
  expect(written.rows.k).not.toHaveProperty('held');
  expect(written.counts).toEqual({ pushed: 2, pending: 1, failed: 1 });
  const broken = report(more, reported('crm-write-failed', 'k', { failure: 'invalid', words: 'No.' }));
  expect(shownAs(broken.rows.k as JournalRow)).toBe('failed');
});

test('a wish for a call and a missed chat are told to the CRM, too', () => {
  for (const type of ['callback-requested', 'conversation-missed']) {
    const behind = fallBehind(journal, { t: 'event', event: { type, key: 'a', number: 4 } } as FrameOf<'event'>);
    expect(behind.rows.a).toMatchObject({ state: 'pending', wantedUpTo: 4 });
  }
});

test('who was to be chosen among is forgotten with the next report: the row is asked anew', () => {
  const choice = { candidates: [{ kind: 'contact' as const, id: '1' }] };
  const asked = row('c', { state: 'failed', failure: { failure: 'ambiguous', words: '', at: 1, attempts: 1 }, choice });
  const state = withJournal(journal, { connector: 'bottlecrm', rows: [asked], counts: journal.counts, more: false });
  for (const said of [
    reported('crm-record-written', 'c', { record: { kind: 'contact', id: '1' }, upTo: 3 }),
    reported('crm-write-failed', 'c', { failure: 'unreachable', words: 'No.' }),
  ])
    expect(report(state, said).rows.c).not.toHaveProperty('choice');
});
