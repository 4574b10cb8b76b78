// The checker: a process of its own that imports no product code. Reads the ledger, then stream, database, CRM and mails as they are, and says what does not agree.
//   node deploy/chaos/check.ts EVIDENCE.json      prints one line of JSON per invariant; ends with 1 when one is broken
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { MongoClient } from 'mongodb';
import { crmDialogues } from '../e2e/crm-transcripts.ts';
import { checkDesk } from './check-desk.ts';
import { type RawEvent, readStream } from './check-stream.ts';

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
}
type Conversations = Map<string, RawEvent[]>;

const SPOKEN = new Set(['conversation-started', 'message-sent', 'offline-message-left']);
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
const findings: Finding[] = [
  checkAcknowledged(),
  checkTwice(),
  checkNumbers(),
  checkScreens(),
  ...checkDesk(await wholeDesk(), evidence.site, evidence.capacity),
  ...(await Promise.all([
    caughtUp('MongoDB = stream', checkMongo),
    caughtUp('CRM = transcript', checkCrm),
    caughtUp('one mail where due', checkMails),
  ])),
];
for (const finding of findings) process.stdout.write(`${JSON.stringify(finding)}\n`);
process.exitCode = findings.some(({ broken }) => broken.length > 0) ? 1 : 0;

/** What was written down, and what the recorder had not seen yet. */
async function wholeDesk(): Promise<RawEvent[]> {
  const recorded = await linesOf<RawEvent>(evidence.desk);
  const upTo = recorded.at(-1)?.seq ?? 0;
  return [...recorded, ...(await readStream(evidence.nats, 'DESK')).filter(({ seq }) => seq > upTo)];
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

async function checkMongo(): Promise<[number, string[]]> {
  const client = new MongoClient(evidence.mongo.url);
  try {
    const database = client.db(evidence.mongo.database);
    const broken: string[] = [];
    for (const [id, events] of conversations) {
      const held = await database
        .collection('conversation_events')
        .find({ conversation: id })
        .sort({ number: 1 })
        .toArray();
      const ids = held.map((document) => document['event'].id as string).join();
      if (ids !== events.map((event) => event.id).join())
        broken.push(`${id}: ${held.length} events in MongoDB, ${events.length} in the stream`);
      const head = await database.collection<{ _id: string; number: number }>('conversations').findOne({ _id: id });
      if (head?.number !== events.length)
        broken.push(`${id}: the head is at ${head?.number} instead of ${events.length}`);
    }
    return [conversations.size, broken];
  } finally {
    await client.close();
  }
}

async function checkCrm(): Promise<[number, string[]]> {
  const held = new Map((await crmDialogues(evidence.crm)).map((dialogue) => [dialogue.conversation, dialogue]));
  const broken = [...conversations].flatMap(([id, events]) => {
    const wanted = events
      .filter(({ type }) => SPOKEN.has(type))
      .map(({ data }) => ({ from: data.author?.kind, text: data.text?.trim() }));
    const found = held.get(id);
    if (!found) return [`${id} is not in the CRM`];
    if (found.records.length !== 1) return [`${id} stands on ${found.records.length} records`];
    return JSON.stringify(found.messages) === JSON.stringify(wanted)
      ? []
      : [`${id}: ${found.messages.length} messages in the CRM, ${wanted.length} in the stream`];
  });
  return [conversations.size, broken];
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

/** Asked until it holds, or long enough: these follow the stream. */
async function caughtUp(invariant: string, look: () => Promise<[number, string[]]>): Promise<Finding> {
  for (const deadline = Date.now() + CATCH_UP_MS; ; await sleep(1_000)) {
    const [looked, broken] = await look().catch((error: Error): [number, string[]] => [0, [error.message]]);
    if (broken.length === 0 || Date.now() > deadline) return { invariant, looked, broken };
  }
}

async function linesOf<T>(file: string): Promise<T[]> {
  const lines = (await readFile(file, 'utf8')).split('\n').filter(Boolean);
  return lines.map((line) => JSON.parse(line) as T);
}
