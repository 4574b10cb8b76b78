// What does not agree in all that was read of a run. Who reads is check.ts, or a test that forges the readings.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Note } from '../e2e/crm-transcripts.ts';
import { crmFaults } from './check-crm.ts';
import { checkDesk } from './check-desk.ts';
import { type HeldEvent, type HeldHead, mongoFaults } from './check-mongo.ts';
import { type RawEvent, SPOKEN } from './check-stream.ts';
import { type Told, toldTwice } from './check-told.ts';

export interface Finding {
  invariant: string;
  looked: number;
  broken: string[];
  /** What differed to the end from a stream that is not whole: whoever follows such a stream may never agree with it, and is not at fault. */
  notJudged?: string[];
}
/** One of the ledger. */
export interface Line {
  kind: string;
  command: string;
  conversation: string;
  number: number;
  text: string;
  to: string;
  who: string;
  messages: { number: number; id: string; text: string }[];
  sockets: Told[][];
}
export interface Stored {
  lines: readonly Line[];
  /** Of all sites. */
  stream: readonly RawEvent[];
  desk: readonly RawEvent[];
  site: string;
  capacity: number;
}
export interface Mail {
  to: string[];
  text: string;
}
type Conversations = ReadonlyMap<string, readonly RawEvent[]>;
/** The last three follow the stream, so they are read again until they agree with it. */
export interface Reader {
  stored(): Promise<Stored>;
  mongo(conversations: readonly string[]): Promise<Map<string, { events: HeldEvent[]; head: HeldHead | null }>>;
  crm(): Promise<{ records: string[]; notes: Note[] }>;
  mails(): Promise<Mail[]>;
}
export interface Patience {
  /** So long may they take who follow. */
  catchUpMs: number;
  /** And so long where the stream is not whole. */
  notWholeMs: number;
  everyMs: number;
}

export async function judge(reader: Reader, patience: Patience): Promise<Finding[]> {
  const { lines, stream, desk, site, capacity } = await reader.stored();
  const of = (kind: string): Line[] => lines.filter((line) => line.kind === kind);
  const conversations = conversationsOf(stream, site);
  const ofStream = [
    checkAcknowledged(of('acknowledged'), conversations),
    checkTwice(conversations),
    checkNumbers(conversations),
  ];
  const isWhole = ofStream.every(({ broken }) => broken.length === 0);
  const following = await Promise.all([
    caughtUp('MongoDB = stream', async () => checkMongo(conversations, await reader.mongo([...conversations.keys()]))),
    caughtUp('CRM = transcript', async () => [conversations.size, crmFaults(conversations, await reader.crm())]),
    caughtUp('one mail where due', async () => checkMails(of('mail-due'), await reader.mails(), site)),
  ]);
  return [
    {
      invariant: 'everything answered and shown',
      looked: of('acknowledged').length,
      broken: of('unanswered').map(({ text }) => text),
    },
    ...ofStream,
    checkScreens(of('screen'), conversations),
    checkTold(of('told')),
    ...checkDesk(desk, site, capacity),
    ...following,
  ];

  /** Asked until it holds, or long enough. */
  async function caughtUp(invariant: string, look: () => Promise<[number, string[]]>): Promise<Finding> {
    const ms = isWhole ? patience.catchUpMs : patience.notWholeMs;
    for (const deadline = Date.now() + ms; ; await sleep(patience.everyMs)) {
      const [looked, differs] = await look().catch((error: Error): [number, string[]] => [0, [error.message]]);
      if (differs.length > 0 && Date.now() < deadline) continue;
      if (differs.length === 0 || isWhole) return { invariant, looked, broken: differs };
      return { invariant, looked, broken: [], notJudged: differs };
    }
  }
}

function conversationsOf(stream: readonly RawEvent[], site: string): Conversations {
  const conversations = new Map<string, RawEvent[]>();
  for (const event of stream) {
    const [, of, id] = event.subject.split('.') as [string, string, string];
    if (of === site) conversations.set(id, [...(conversations.get(id) ?? []), event]);
  }
  return conversations;
}

function checkAcknowledged(acknowledged: readonly Line[], conversations: Conversations): Finding {
  const broken = acknowledged.flatMap(({ command, conversation, number, text }) => {
    const stored = conversations.get(conversation)?.find(({ cause }) => cause === command);
    if (!stored) return [`${command} was acknowledged in ${conversation} as ${number} and is not in the stream`];
    if (number > 0 && stored.number !== number)
      return [`${command} was acknowledged as ${number}, stored as ${stored.number}`];
    return stored.data.text === text ? [] : [`${command} is stored with another text`];
  });
  return { invariant: 'nothing acknowledged lost', looked: acknowledged.length, broken };
}

function checkTwice(conversations: Conversations): Finding {
  const broken: string[] = [];
  let looked = 0;
  const seen = new Set<string>();
  for (const events of conversations.values())
    for (const { id, cause, type, subject } of events) {
      looked += 1;
      for (const key of [`event ${id}`, ...(SPOKEN.has(type) ? [`message of command ${cause}`] : [])])
        if (seen.has(key)) broken.push(`${key} stands twice on ${subject}`);
        else seen.add(key);
    }
  return { invariant: 'nothing twice', looked, broken };
}

function checkNumbers(conversations: Conversations): Finding {
  const broken = [...conversations].flatMap(([id, events]) =>
    events.flatMap(({ number, seq }, index) =>
      number === index + 1 ? [] : [`${id}: sequence ${seq} has number ${number} instead of ${index + 1}`],
    ),
  );
  return { invariant: 'numbers without gaps', looked: conversations.size, broken };
}

function checkScreens(screens: readonly Line[], conversations: Conversations): Finding {
  const broken = screens.flatMap(({ who, conversation, number, messages }) => {
    const events = conversations.get(conversation) ?? [];
    const wanted = events
      .filter(({ type }) => SPOKEN.has(type))
      .map(({ number, id, data }) => ({ number, id, text: data.text }));
    return number === events.length && JSON.stringify(wanted) === JSON.stringify(messages)
      ? []
      : [
          `${who} sees ${messages.length} messages of ${conversation} up to ${number}; the stream has ${wanted.length} up to ${events.length}`,
        ];
  });
  return { invariant: 'every screen = stream', looked: screens.length, broken };
}

function checkTold(told: readonly Line[]): Finding {
  const all = told.map(({ who, sockets }) => toldTwice(who, sockets));
  return {
    invariant: 'nothing told twice on one socket',
    looked: all.reduce((sum, { looked }) => sum + looked, 0),
    broken: all.flatMap(({ broken }) => broken),
  };
}

function checkMongo(conversations: Conversations, held: Awaited<ReturnType<Reader['mongo']>>): [number, string[]] {
  const broken = [...conversations].flatMap(([id, events]) => {
    const there = held.get(id);
    return mongoFaults(id, events, there?.events ?? [], there?.head ?? null);
  });
  return [conversations.size, broken];
}

function checkMails(due: readonly Line[], all: readonly Mail[], site: string): [number, string[]] {
  // The visitors' addresses name their site.
  const mails = all.filter(({ to }) => to.some((address) => address.includes(site)));
  const broken = due.flatMap(({ to, text }) => {
    const mine = mails.filter((mail) => mail.to.includes(to) && mail.text.includes(text));
    return mine.length === 1 ? [] : [`${mine.length} mails to ${to} hold his answer`];
  });
  if (mails.length > due.length) broken.push(`${mails.length} mails, ${due.length} were due`);
  return [due.length, broken];
}
