// The checker: a process of its own that imports no product code. Reads the ledger, then stream, database, CRM and mails as they are; judge.ts says what does not agree.
//   node deploy/chaos/check.ts EVIDENCE.json      prints one line of JSON per invariant; ends with 1 when one is broken
import { readFile } from 'node:fs/promises';
import { MongoClient } from 'mongodb';
import { crmNotes } from '../e2e/crm-transcripts.ts';
import { wholeStream } from './check-desk.ts';
import type { HeldEvent, HeldHead } from './check-mongo.ts';
import { type RawEvent, readStream } from './check-stream.ts';
import { judge, type Line, type Mail, type Reader } from './judge.ts';

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

/** CRM, mails and views follow. After a stream that is not whole they may never agree; what only lags has mostly come by then. */
const PATIENCE = { catchUpMs: 240_000, notWholeMs: 60_000, everyMs: 1_000 };

const evidence = JSON.parse(await readFile(process.argv[2] as string, 'utf8')) as Evidence;
const reader: Reader = {
  stored: async () => ({
    lines: await linesOf<Line>(evidence.ledger),
    stream: await readStream(evidence.nats, 'CONVERSATION'),
    desk: wholeStream(await linesOf<RawEvent>(evidence.desk), await readStream(evidence.nats, 'DESK')),
    site: evidence.site,
    capacity: evidence.capacity,
  }),
  mongo: readMongo,
  crm: () => crmNotes(evidence.crm),
  mails: readMails,
};
const findings = await judge(reader, PATIENCE);
for (const finding of findings) process.stdout.write(`${JSON.stringify(finding)}\n`);
process.exitCode = findings.some(({ broken }) => broken.length > 0) ? 1 : 0;

async function readMongo(conversations: readonly string[]): ReturnType<Reader['mongo']> {
  const client = new MongoClient(evidence.mongo.url);
  try {
    const database = client.db(evidence.mongo.database);
    const all: Awaited<ReturnType<Reader['mongo']>> = new Map();
    for (const id of conversations) {
      const events = await database
        .collection<HeldEvent & { conversation: string }>('conversation_events')
        .find({ conversation: id })
        .sort({ number: 1 })
        .toArray();
      const head = await database.collection<HeldHead & { _id: string }>('conversations').findOne({ _id: id });
      all.set(id, { events, head });
    }
    return all;
  } finally {
    await client.close();
  }
}

async function readMails(): Promise<Mail[]> {
  const get = async <T>(path: string): Promise<T> => (await fetch(`${evidence.mailUrl}${path}`)).json() as Promise<T>;
  const list = await get<{ id: string }[]>('/api/mails');
  return Promise.all(list.map(({ id }) => get<Mail>(`/api/mails/${id}`)));
}

async function linesOf<T>(file: string): Promise<T[]> {
  const lines = (await readFile(file, 'utf8')).split('\n').filter(Boolean);
  return lines.map((line) => JSON.parse(line) as T);
}
