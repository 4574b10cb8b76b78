// The checker: a process of its own that imports no product code. Reads the ledger, then stream, database, CRM and mails as they are, and says what does not agree.
//   node deploy/chaos/check.ts EVIDENCE.json      prints one line of JSON per invariant; ends with 1 when one is broken
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { MongoClient } from 'mongodb';
import { crmNotes } from '../e2e/crm-transcripts.ts';
import { crmFaults } from './check-crm.ts';
import { checkDesk, wholeStream } from './check-desk.ts';
import { type HeldEvent, type HeldHead, mongoFaults } from './check-mongo.ts';
import { type RawEvent, readStream, SPOKEN } from './check-stream.ts';
import { type Told, toldTwice } from './check-told.ts';

export interface Evidence {
  ledger: string;
  /** The desk's stream as it was written down while it was rolled up. */
  desk: string;
  nats: { url: string; user: string; password: string };
  mongo: { url: string; database: string };
  crm: { baseUrl: string; token: string };
  mailUrl: string;
  site: string;
  capacity: number;
}
export interface Finding {
  invariant: string;
  looked: number;
  broken: string[];
}
interface Line {
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
type Conversations = Map<string, RawEvent[]>;

/** CRM, mails and views follow; so long they may take. */
const CATCH_UP_MS = 240_000;

const evidence = JSON.parse(await readFile(process.argv[2] as string, 'utf8')) as Evidence;
const lines = await linesOf<Line>(evidence.ledger);
const of = (kind: string): Line[] => lines.filter((line) => line.kind === kind);

const conversations: Conversations = new Map();
for (const event of await readStream(evidence.nats, 'CONVERSATION')) {
  const [, site, id] = event.subject.split('.') as [string, string, string];
  if (site !== evidence.site) continue;
  conversations.set(id, [...(conversations.get(id) ?? []), event]);
}
const stored: Finding[] = [
  checkAcknowledged(),
  checkTwice(),
  checkNumbers(),
  checkScreens(),
  checkTold(),
  ...checkDesk(await wholeDesk(), evidence.site, evidence.capacity),
];
// What follows a stream that is not whole may never agree: it is looked at, and not waited for.
const isWhole = stored.every(({ broken }) => broken.length === 0);
const findings: Finding[] = [
  ...stored,
  ...(await Promise.all([
    caughtUp('MongoDB = stream', checkMongo),
    caughtUp('CRM = transcript', checkCrm),
    caughtUp('one mail where due', checkMails),
  ])),
];
for (const finding of findings) process.stdout.write(`${JSON.stringify(finding)}\n`);
process.exitCode = findings.some(({ broken }) => broken.length > 0) ? 1 : 0;

async function wholeDesk(): Promise<RawEvent[]> {
  return wholeStream(await linesOf<RawEvent>(evidence.desk), await readStream(evidence.nats, 'DESK'));
}

function checkAcknowledged(): Finding {
  const acknowledged = of('acknowledged');
  const broken = acknowledged.flatMap(({ command, conversation, number, text }) => {
    const stored = conversations.get(conversation)?.find(({ cause }) => cause === command);
    if (!stored) return [`${command} was acknowledged in ${conversation} as ${number} and is not in the stream`];
    if (number > 0 && stored.number !== number)
      return [`${command} was acknowledged as ${number}, stored as ${stored.number}`];
    return stored.data.text === text ? [] : [`${command} is stored with another text`];
  });
  return { invariant: 'nothing acknowledged lost', looked: acknowledged.length, broken };
}

function checkTwice(): Finding {
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

function checkNumbers(): Finding {
  const broken = [...conversations].flatMap(([id, events]) =>
    events.flatMap(({ number, seq }, index) =>
      number === index + 1 ? [] : [`${id}: sequence ${seq} has number ${number} instead of ${index + 1}`],
    ),
  );
  return { invariant: 'numbers without gaps', looked: conversations.size, broken };
}

function checkScreens(): Finding {
  const screens = of('screen');
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

function checkTold(): Finding {
  const all = of('told').map(({ who, sockets }) => toldTwice(who, sockets));
  return {
    invariant: 'nothing told twice on one socket',
    looked: all.reduce((sum, { looked }) => sum + looked, 0),
    broken: all.flatMap(({ broken }) => broken),
  };
}

async function checkMongo(): Promise<[number, string[]]> {
  const client = new MongoClient(evidence.mongo.url);
  try {
    const database = client.db(evidence.mongo.database);
    const broken: string[] = [];
    for (const [id, events] of conversations) {
      const held = await database
        .collection<HeldEvent & { conversation: string }>('conversation_events')
        .find({ conversation: id })
        .sort({ number: 1 })
        .toArray();
      const head = await database.collection<HeldHead & { _id: string }>('conversations').findOne({ _id: id });
      broken.push(...mongoFaults(id, events, held, head));
    }
    return [conversations.size, broken];
  } finally {
    await client.close();
  }
}

async function checkCrm(): Promise<[number, string[]]> {
  return [conversations.size, crmFaults(conversations, await crmNotes(evidence.crm))];
}

async function checkMails(): Promise<[number, string[]]> {
  const get = async <T>(path: string): Promise<T> => (await fetch(`${evidence.mailUrl}${path}`)).json() as Promise<T>;
  const list = await get<{ id: string }[]>('/api/mails');
  const all = await Promise.all(list.map(({ id }) => get<{ to: string[]; text: string }>(`/api/mails/${id}`)));
  // The visitors' addresses name their site.
  const mails = all.filter(({ to }) => to.some((address) => address.includes(evidence.site)));
  const due = of('mail-due');
  const broken = due.flatMap(({ to, text }) => {
    const mine = mails.filter((mail) => mail.to.includes(to) && mail.text.includes(text));
    return mine.length === 1 ? [] : [`${mine.length} mails to ${to} hold his answer`];
  });
  if (mails.length > due.length) broken.push(`${mails.length} mails, ${due.length} were due`);
  return [due.length, broken];
}

/** Asked until it holds, or long enough. */
async function caughtUp(invariant: string, look: () => Promise<[number, string[]]>): Promise<Finding> {
  for (const deadline = Date.now() + (isWhole ? CATCH_UP_MS : 0); ; await sleep(1_000)) {
    const [looked, broken] = await look().catch((error: Error): [number, string[]] => [0, [error.message]]);
    if (broken.length === 0 || Date.now() >= deadline) return { invariant, looked, broken };
  }
}

async function linesOf<T>(file: string): Promise<T[]> {
  const lines = (await readFile(file, 'utf8')).split('\n').filter(Boolean);
  return lines.map((line) => JSON.parse(line) as T);
}
