// Where dialogues go in the faults contract: the real CRM behind a proxy, a webhook receiver, a real broker. Each says what is held there in effect, and has the
// bad days that its kind can have; a push connector has no records to delete and no answers of HTTP on a bus.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CrmConnection, newId } from '@continuo/contracts';
import { startRabbitMq, testCrm } from '@continuo/servers';
import { connect } from 'amqplib';
import { type PushMessage, pushMessages } from '../src/connectors/push/messages.ts';
import { dialogueOf, parsePartMarker } from '../src/domain/note.ts';
import { crmOf, type HeldRecord } from './crm-holds.ts';
import { makesNote } from './crm-world.ts';
import type { Dialogue } from './dialogue.ts';
import { type Fault, startFaultProxy } from './fault-proxy.ts';
import { lineTo } from './line.ts';
import { type BadDay as ReceiverDay, startReceiver } from './webhook-receiver.ts';

export interface Part {
  part: number;
  text: string;
  record: string;
}
export interface BadDay {
  name: string;
  /** How the link names it. */
  failure: string;
  /** For the next transcript that is written. */
  arm(): void;
  /** What the other side asks for, in milliseconds. */
  retryAfterMs?: number;
}
export interface Place extends AsyncDisposable {
  readonly connection: CrmConnection;
  readonly days: readonly BadDay[];
  heal(): void;
  /** In effect, part by part; one that stands twice is there twice. */
  parts(dialogue: Dialogue): Promise<Part[]>;
  /** Records of this visitor, in effect. */
  leads(dialogue: Dialogue): Promise<number>;
  /** The key is not taken any more; the returned connection has a good one. Undefined: it has none that could end. */
  lockOut(): CrmConnection;
  /** Refuses every transcript of this record until it is healed. */
  poison?(record: string): void;
  /** What people in the company do with a record. */
  company?: {
    remove(lead: string): Promise<void>;
    close(lead: string): Promise<void>;
    /** It is merged into another one, which is made for it. @returns the other one */
    merge(lead: string): Promise<string>;
    convert(lead: string): Promise<string>;
    leadsWith(email: string): Promise<number>;
  };
  /** UTF-16 units that are written in one dialogue. */
  readonly large: number;
}

const EMPTY = { headers: { 'content-type': 'application/json' }, body: '' };
type Day<Bad> = { failure: string; bad: Bad; retryAfterMs?: number };
const daysOf = <Bad>(days: Record<string, Day<Bad>>, arm: (bad: Bad) => void): BadDay[] =>
  Object.entries(days).map(([name, { bad, ...day }]) => ({ name, ...day, arm: () => arm(bad) }));

const HTTP_DAYS: Record<string, Day<Fault>> = {
  'an answer lost after the write': { failure: 'unreachable', bad: { loseAnswer: true } },
  'an answer that breaks off': { failure: 'unreachable', bad: { halfAnswer: true } },
  'a connection cut before the write': { failure: 'unreachable', bad: { cut: true } },
  '429 with Retry-After': {
    failure: 'rate-limited',
    bad: { answer: 429, headers: { 'retry-after': '7' } },
    retryAfterMs: 7_000,
  },
  '429 without Retry-After': { failure: 'rate-limited', bad: { answer: 429 } },
  '503 as throttle': {
    failure: 'server-error',
    bad: { answer: 503, headers: { 'retry-after': '9' } },
    retryAfterMs: 9_000,
  },
  '500 with an empty body': { failure: 'server-error', bad: { answer: 500, ...EMPTY } },
  '502 with an empty body after the write': { failure: 'server-error', bad: { answerInstead: 502, ...EMPTY } },
  'HTML with 200': { failure: 'server-error', bad: { answer: 200 } },
  'HTML with 200 after the write': { failure: 'server-error', bad: { answerInstead: 200 } },
  '403 as lock-out': { failure: 'refused-access', bad: { answer: 403 } },
};
const RECEIVER_DAYS: Record<string, Day<ReceiverDay>> = {
  'an answer lost after it was taken': { failure: 'unreachable', bad: { hangUp: true } },
  'an answer that breaks off': { failure: 'unreachable', bad: { halfAnswer: true } },
  '429 with Retry-After': {
    failure: 'rate-limited',
    bad: { answer: 429, headers: { 'retry-after': '7' } },
    retryAfterMs: 7_000,
  },
  '429 without Retry-After': { failure: 'rate-limited', bad: { answer: 429 } },
  '503 as throttle': {
    failure: 'server-error',
    bad: { answer: 503, headers: { 'retry-after': '9' } },
    retryAfterMs: 9_000,
  },
  '500 with an empty body': { failure: 'server-error', bad: { answer: 500 } },
  '502 after it was taken': { failure: 'server-error', bad: { answerInstead: 502 } },
  '403 as lock-out': { failure: 'refused-access', bad: { answer: 403 } },
};
const BROKER_DAYS: Record<string, Day<'before' | 'after'>> = {
  'a confirmation lost after it was taken': { failure: 'unreachable', bad: 'after' },
  'a connection cut before it was taken': { failure: 'unreachable', bad: 'before' },
};
export const DAYS_OF_HTTP = Object.keys(HTTP_DAYS);
export const DAYS_OF_A_RECEIVER = Object.keys(RECEIVER_DAYS);
export const DAYS_OF_A_BROKER = Object.keys(BROKER_DAYS);

export async function bottlecrmPlace(connector: 'bottlecrm' | 'bottlecrm-mapping'): Promise<Place> {
  const server = await testCrm();
  const { token } = await server.newOrganisation(`Faults ${newId()}`);
  const proxy = await startFaultProxy(server.baseUrl);
  const crm = crmOf({ crm: { baseUrl: server.baseUrl, token } });
  const found = async (words: string): Promise<HeldRecord[]> => {
    const { results } = await crm.call<{ results: { type: string; id: string }[] }>('GET', `/api/search/?q=${words}`);
    const records = results.filter(({ type }) => type === 'lead' || type === 'contact');
    return Promise.all(records.map(({ type, id }) => crm.read(type as 'lead' | 'contact', id)));
  };
  /** What people had their hands on is not found by its name any more; what is gone is not there. */
  const touchedBy: { kind: 'lead' | 'contact'; id: string }[] = [];
  const touched = async (): Promise<HeldRecord[]> => {
    const read = await Promise.all(touchedBy.map(({ kind, id }) => crm.read(kind, id).catch(() => undefined)));
    return read.filter((record) => record !== undefined);
  };
  const touch = (kind: 'lead' | 'contact', id: string): string => {
    touchedBy.push({ kind, id });
    return id;
  };
  const connection = { connector, baseUrl: proxy.url, credentials: { token } };
  return {
    connection,
    large: 300_000,
    days: daysOf(HTTP_DAYS, (fault) => proxy.next(makesNote, fault)),
    heal: proxy.heal,
    async parts({ visitor, conversation, contact }) {
      const named = [
        ...(await found(visitor)),
        ...(contact?.email ? await found(contact.email) : []),
        ...(await touched()),
      ];
      const records = [...new Map(named.map((record) => [record.id, record])).values()];
      return records
        .flatMap(({ id, notes }) =>
          notes.flatMap((note) => {
            const marker = parsePartMarker(note);
            return marker?.conversation === conversation
              ? [{ part: marker.part, text: dialogueOf(note), record: id }]
              : [];
          }),
        )
        .sort((a, b) => a.part - b.part);
    },
    leads: async ({ visitor }) => (await found(visitor)).filter(({ kind }) => kind === 'lead').length,
    lockOut: () => {
      proxy.next(() => true, { answer: 403, ...EMPTY }, 1_000);
      return connection;
    },
    poison: (record) =>
      proxy.next(({ method, path }) => method === 'POST' && path.includes(record), { answer: 400, ...EMPTY }, 1_000),
    company: {
      remove: async (lead) => void (await crm.remove('lead', lead)),
      close: async (lead) => void (await crm.call('PATCH', `/api/leads/${lead}/`, { status: 'closed' })),
      merge: async (lead) => {
        const into = await crm.call<{ id: string }>('POST', '/api/leads/', { last_name: 'Kept', title: newId() });
        await crm.call('POST', `/api/leads/${into.id}/merge/`, { merge_id: lead });
        return touch('lead', into.id);
      },
      convert: async (lead) => touch('contact', (await crm.convert(touch('lead', lead))).contact_id),
      leadsWith: async (email) => (await crm.leads()).filter(({ fields }) => fields['email'] === email).length,
    },
    [Symbol.asyncDispose]: () => proxy[Symbol.asyncDispose](),
  };
}

type Held = { leads: Map<string, number>; parts: Map<string, Part & { version: number; conversation: string }> };
const nothingHeld = (): Held => ({ leads: new Map(), parts: new Map() });

/** As the guides ask a receiver to: ids once, of each thing the greatest version. */
function keep(held: Held, message: PushMessage): void {
  if (message.type === 'lead-changed') held.leads.set(message.data.lead, message.data.version);
  if (message.type !== 'transcript-changed') return;
  const { conversation, part, version, text, lead } = message.data;
  const key = `${conversation} ${part}`;
  if ((held.parts.get(key)?.version ?? 0) < version)
    held.parts.set(key, { conversation, part, version, record: lead, text: dialogueOf(text) });
}
const partsIn = (held: Held, { conversation }: Dialogue): Part[] =>
  [...held.parts.values()].filter((part) => part.conversation === conversation).sort((a, b) => a.part - b.part);

export async function webhookPlace(): Promise<Place> {
  const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
  const receiver = await startReceiver(secret);
  const isTranscript = ({ type }: PushMessage): boolean => type === 'transcript-changed';
  const held = (): Held => {
    const all = nothingHeld();
    for (const { message, taken } of receiver.received) if (taken) keep(all, message);
    return all;
  };
  const connection = { connector: 'webhook', baseUrl: receiver.url, credentials: { secret } };
  return {
    connection,
    large: 3_000_000,
    days: daysOf(RECEIVER_DAYS, (bad) => receiver.next(bad, 1, isTranscript)),
    heal: receiver.heal,
    parts: async (dialogue) => partsIn(held(), dialogue),
    leads: async ({ visitor }) => (held().leads.has(visitor) ? 1 : 0),
    lockOut: () => {
      const fresh = `whsec_${Buffer.from(newId().repeat(2)).toString('base64')}`;
      receiver.secret = fresh;
      return { ...connection, credentials: { secret: fresh } };
    },
    poison: (record) =>
      receiver.next(
        { answer: 422 },
        1_000,
        (message) => isTranscript(message) && JSON.stringify(message).includes(record),
      ),
    [Symbol.asyncDispose]: () => receiver[Symbol.asyncDispose](),
  };
}

export async function amqpPlace(): Promise<Place> {
  await using stack = new AsyncDisposableStack();
  const dir = await mkdtemp(join(tmpdir(), 'continuo-faults-'));
  stack.defer(() => rm(dir, { recursive: true, force: true }));
  const broker = stack.use(await startRabbitMq({ dir }));
  const line = stack.use(await lineTo(broker.port));
  const company = await connect(broker.url);
  stack.defer(async () => void (await company.close().catch(() => {})));
  const channel = await company.createChannel();
  const exchange = `faults.${newId()}`;
  const queue = `company.${newId()}`;
  await channel.assertExchange(exchange, 'topic', { durable: true });
  await channel.assertQueue(queue, { durable: true });
  await channel.bindQueue(queue, exchange, '#');
  const all = nothingHeld();
  const seen = new Set<string>();
  await channel.consume(queue, (message) => {
    if (!message) return;
    const parsed = JSON.parse(message.content.toString('utf8')) as PushMessage;
    if (!seen.has(parsed.id)) keep(all, pushMessages[parsed.type].parse(parsed) as PushMessage);
    seen.add(parsed.id);
    channel.ack(message);
  });
  const credentials = { username: 'guest', password: 'guest', exchange };
  const connection = { connector: 'amqp', baseUrl: `amqp://127.0.0.1:${line.port}`, credentials };
  const owned = stack.move();
  return {
    connection,
    large: 3_000_000,
    days: daysOf(BROKER_DAYS, (when) => line.breakAt('transcript-changed', when)),
    heal: () => line.heal(),
    parts: async (dialogue) => partsIn(all, dialogue),
    leads: async ({ visitor }) => (all.leads.has(visitor) ? 1 : 0),
    lockOut: () => connection,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
