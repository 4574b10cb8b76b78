// Every sentence of the checker, on forged evidence: without a fault all hold, and one fault of each kind breaks its own sentence and no other.
import { expect, test } from '@jest/globals';
import type { RawEvent } from './check-stream.ts';
import { judge, type Line, type Reader } from './judge.ts';

const A = 'a'.repeat(22);
const B = 'b'.repeat(22);
const SITE = 'site-1';
const CAPACITY = 2;
const MAIL = { to: ['visitor0-site-1@example.com'], text: 'We wrote: the mailed answer 0' };

/** What the readings bring; whoever forges a fault changes it. */
interface Forged {
  lines: Partial<Line>[];
  stream: RawEvent[];
  desk: RawEvent[];
  held: Awaited<ReturnType<Reader['mongo']>>;
  crm: Awaited<ReturnType<Reader['crm']>>;
  mails: Awaited<ReturnType<Reader['mails']>>;
}

const said = (conversation: string, number: number, seq: number, type: string, text: string): RawEvent => ({
  subject: `conversation.${SITE}.${conversation}`,
  seq,
  id: `event ${seq}`,
  cause: `command ${seq}`,
  type,
  number,
  time: seq,
  data: { text, author: { kind: 'visitor' }, ...(number === 1 && { visitor: `visitor of ${conversation}` }) },
});
const onDesk = (number: number, type: string, data: object): RawEvent => ({
  subject: `desk.${SITE}`,
  seq: number,
  id: `desk ${number}`,
  cause: `cause ${number}`,
  type,
  number,
  time: number,
  data,
});
const queued = (number: number, conversation: string) =>
  onDesk(number, 'dialogue-queued', { conversation, assigned: [{ conversation, agent: 'x' }] });

/** What stands elsewhere, as the stream has it. */
function following(stream: readonly RawEvent[]): Pick<Forged, 'held' | 'crm'> {
  const held: Forged['held'] = new Map();
  const notes: { record: string; text: string }[] = [];
  for (const id of [A, B]) {
    const events = stream.filter(({ subject }) => subject.endsWith(id));
    const last = events.at(-1);
    held.set(id, {
      events: events.map((event) => ({ number: event.number, event })),
      head: {
        number: events.length,
        view: { messageCount: events.length, ...(last && { last: { number: last.number, text: last.data.text } }) },
      },
    });
    const blocks = events.map(({ data }) => `[2026-11-27 10:00 UTC] Visitor: ${data.text}`).join('\n');
    notes.push({ record: `lead of ${id}`, text: `Chat\n\n${blocks}\n[continuo ${id} part 1]` });
  }
  return { held, crm: { records: notes.map(({ record }) => record), notes } };
}

function whatClientsSaw(stream: readonly RawEvent[]): Partial<Line>[] {
  const firstOfEach = stream.filter(({ cause }, at) => stream.findIndex((one) => one.cause === cause) === at);
  return [
    ...firstOfEach.map(({ subject, cause, number, data }) => ({
      kind: 'acknowledged',
      command: cause,
      conversation: subject.slice(-22),
      number,
      text: data.text,
    })),
    ...[A, B].map((conversation) => {
      const events = stream.filter(({ subject }) => subject.endsWith(conversation));
      return {
        kind: 'screen',
        who: 'agent 0',
        conversation,
        number: events.length,
        messages: events.map(({ number, id, data }) => ({ number, id, text: data.text })),
      };
    }),
    {
      kind: 'told',
      who: 'agent 0',
      sockets: [stream.map(({ subject, number }) => [subject.slice(-22), number, 'new'] as const)] as Line['sockets'],
    },
    { kind: 'mail-due', to: MAIL.to[0] as string, text: 'the mailed answer 0' },
  ];
}

const STREAM = [
  said(A, 1, 1, 'conversation-started', 'Hello'),
  said(B, 1, 2, 'conversation-started', 'Good day'),
  said(A, 2, 3, 'message-sent', 'Anybody there?'),
];
/** Everything agrees with this stream. */
const agreeing = (stream: RawEvent[] = STREAM): Forged => ({
  stream,
  lines: whatClientsSaw(stream),
  desk: [
    onDesk(1, 'agent-state-changed', { agent: 'x', state: 'online', requeued: [], assigned: [] }),
    queued(2, A),
    queued(3, B),
    onDesk(4, 'desk-snapshot', {
      agents: [{ id: 'x', state: 'online' }],
      queue: [],
      slots: [
        { conversation: A, agent: 'x', since: 2 },
        { conversation: B, agent: 'x', since: 3 },
      ],
    }),
  ],
  mails: [MAIL, { to: ['somebody@elsewhere.example'], text: 'of another company' }],
  ...following(stream),
});

const reading = (forged: Forged): Reader => ({
  stored: async () => ({
    lines: forged.lines as Line[],
    stream: forged.stream,
    desk: forged.desk,
    site: SITE,
    capacity: CAPACITY,
  }),
  mongo: async () => forged.held,
  crm: async () => forged.crm,
  mails: async () => forged.mails,
});
const AT_ONCE = { catchUpMs: 0, notWholeMs: 0, everyMs: 0 };
const lineOf = (forged: Forged, kind: string): Partial<Line> =>
  forged.lines.find((line) => line.kind === kind) as Partial<Line>;

const INVARIANTS = [
  'everything answered and shown',
  'nothing acknowledged lost',
  'nothing twice',
  'numbers without gaps',
  'every screen = stream',
  'nothing told twice on one socket',
  'capacity and first come, first served',
  'desk snapshot = what went before',
  'MongoDB = stream',
  'CRM = transcript',
  'one mail where due',
];

test('evidence without a fault holds, and each sentence has looked at something', async () => {
  const findings = await judge(reading(agreeing()), AT_ONCE);
  expect(findings.map(({ invariant }) => invariant)).toEqual(INVARIANTS);
  expect(findings.filter(({ looked, broken, notJudged }) => looked === 0 || broken.length > 0 || notJudged)).toEqual(
    [],
  );
});

const changed = (change: (forged: Forged) => void): Forged => {
  const forged = agreeing();
  change(forged);
  return forged;
};
/** Whatever follows the stream agrees with it, so that only the stream itself is at fault. */
const inStream = (...stream: RawEvent[]): Forged => agreeing(stream);

const FAULTS: [invariant: string, what: string, forged: Forged, words: string][] = [
  [
    'everything answered and shown',
    'a command that nobody answered',
    changed(({ lines }) => lines.push({ kind: 'unanswered', text: '1 commands were never answered: c9' })),
    '1 commands were never answered: c9',
  ],
  [
    'nothing acknowledged lost',
    'an acknowledged message that the stream has not',
    changed(({ lines }) =>
      lines.push({ kind: 'acknowledged', command: 'c9', conversation: A, number: 0, text: 'lost' }),
    ),
    `c9 was acknowledged in ${A} as 0 and is not in the stream`,
  ],
  [
    'nothing acknowledged lost',
    'a message stored under another number',
    changed((forged) => {
      lineOf(forged, 'acknowledged').number = 7;
    }),
    'command 1 was acknowledged as 7, stored as 1',
  ],
  [
    'nothing acknowledged lost',
    'a message stored with another text',
    changed((forged) => {
      lineOf(forged, 'acknowledged').text = 'Hallo';
    }),
    'command 1 is stored with another text',
  ],
  [
    'nothing twice',
    'one command that was stored as two messages',
    inStream(...STREAM, { ...said(A, 3, 4, 'message-sent', 'Anybody there?'), cause: 'command 3' }),
    `message of command command 3 stands twice on conversation.${SITE}.${A}`,
  ],
  [
    'nothing twice',
    'one event that stands twice',
    inStream(...STREAM, { ...said(A, 3, 4, 'message-sent', 'Hello?'), id: 'event 3' }),
    `event event 3 stands twice on conversation.${SITE}.${A}`,
  ],
  [
    'numbers without gaps',
    'a number that was left out',
    inStream(...STREAM.slice(0, 2), said(A, 3, 3, 'message-sent', 'Anybody there?')),
    `${A}: sequence 3 has number 3 instead of 2`,
  ],
  [
    'every screen = stream',
    'a screen without a message',
    changed((forged) => void lineOf(forged, 'screen').messages?.pop()),
    `agent 0 sees 1 messages of ${A} up to 2; the stream has 2 up to 2`,
  ],
  [
    'every screen = stream',
    'a screen that stopped before the end',
    changed((forged) => {
      lineOf(forged, 'screen').number = 1;
    }),
    `agent 0 sees 2 messages of ${A} up to 1; the stream has 2 up to 2`,
  ],
  [
    'nothing told twice on one socket',
    'an event that a socket brought twice',
    changed((forged) => void lineOf(forged, 'told').sockets?.[0]?.push([A, 2, 'new'])),
    `agent 0 was told number 2 of ${A} as new after 2`,
  ],
  [
    'capacity and first come, first served',
    'an employee with one too many',
    changed(({ desk }) => desk.push(queued(5, 'c'))),
    'desk sequence 5: agent x has 3 dialogues, capacity is 2',
  ],
  [
    'desk snapshot = what went before',
    'a snapshot that forgot a dialogue',
    changed(({ desk }) => void desk.at(-1)?.data.slots.pop()),
    'desk sequence 4: the snapshot says ',
  ],
  [
    'MongoDB = stream',
    'an event that MongoDB has not',
    changed(({ held }) => void held.get(A)?.events.pop()),
    `${A}: 1 events in MongoDB, 2 in the stream`,
  ],
  [
    'MongoDB = stream',
    'a dialogue that MongoDB has not',
    changed(({ held }) => void held.delete(B)),
    `${B}: 0 events in MongoDB, 1 in the stream`,
  ],
  [
    'CRM = transcript',
    'a dialogue that the CRM has not',
    changed(({ crm }) => void crm.notes.pop()),
    'is not in the CRM',
  ],
  [
    'one mail where due',
    'a mail that did not go out',
    changed(({ mails }) => void mails.shift()),
    '0 mails to visitor0-site-1@example.com hold his answer',
  ],
  [
    'one mail where due',
    'a mail that went out twice',
    changed(({ mails }) => mails.push(MAIL)),
    '2 mails to visitor0-site-1@example.com hold his answer',
  ],
  [
    'one mail where due',
    'a mail that nobody was due',
    changed(({ mails }) => mails.push({ to: ['visitor1-site-1@example.com'], text: 'Hello' })),
    '2 mails, 1 were due',
  ],
];

test.each(FAULTS)('%s: %s is found, and nothing else is called broken', async (invariant, _what, forged, words) => {
  const findings = await judge(reading(forged), AT_ONCE);
  expect(findings.filter(({ broken }) => broken.length > 0).map((one) => one.invariant)).toEqual([invariant]);
  expect(findings.filter(({ notJudged }) => notJudged)).toEqual([]);
  expect(findings.find((one) => one.invariant === invariant)?.broken.join('\n')).toContain(words);
});

test('no sentence is without a fault that breaks it', () => {
  expect([...new Set(FAULTS.map(([invariant]) => invariant))]).toEqual(INVARIANTS);
});

test('what can be read of neither MongoDB, CRM nor mails is broken', async () => {
  const away = async () => Promise.reject(new Error('it is away'));
  const findings = await judge({ ...reading(agreeing()), mongo: away, crm: away, mails: away }, AT_ONCE);
  expect(findings.filter(({ broken }) => broken.includes('it is away')).map(({ invariant }) => invariant)).toEqual(
    INVARIANTS.slice(-3),
  );
});

/** MongoDB lacks the last message until it was read that often. */
function lagging(forged: Forged, readings: number): Reader {
  const { events = [], head = null } = forged.held.get(A) ?? {};
  const behind: Forged['held'] = new Map([...forged.held, [A, { events: events.slice(0, -1), head }]]);
  let left = readings;
  return { ...reading(forged), mongo: async () => (left-- > 0 ? behind : forged.held) };
}
const LOST = changed(({ lines }) =>
  lines.push({ kind: 'acknowledged', command: 'c9', conversation: A, number: 0, text: 'lost' }),
);
const PATIENT = { catchUpMs: 10_000, notWholeMs: 10_000, everyMs: 0 };

test.each([
  ['whole', agreeing(), []],
  ['not whole', LOST, ['nothing acknowledged lost']],
] as const)('who lags is waited for, also where the stream is %s', async (_what, forged, broken) => {
  const findings = await judge(lagging(forged, 3), PATIENT);
  expect(findings.filter((one) => one.broken.length > 0).map(({ invariant }) => invariant)).toEqual(broken);
  expect(findings.filter(({ notJudged }) => notJudged)).toEqual([]);
});

test('who never agrees is broken where the stream is whole, and not judged where it is not', async () => {
  const of = async (forged: Forged) =>
    (await judge(lagging(forged, Number.POSITIVE_INFINITY), AT_ONCE)).find(
      (one) => one.invariant === 'MongoDB = stream',
    );
  expect(await of(agreeing())).toMatchObject({ broken: [`${A}: 1 events in MongoDB, 2 in the stream`] });
  expect(await of(LOST)).toMatchObject({
    broken: [],
    notJudged: [`${A}: 1 events in MongoDB, 2 in the stream`],
  });
});
