// Where dialogues go in the faults contract: the real CRM behind a proxy, a webhook receiver; faults-broker.ts has the broker. Each says what is held there in
// effect, and has the bad days that its kind can have; a push connector has no records to delete.
import { type CrmConnection, newId } from '@continuo/contracts';
import { testCrm } from '@continuo/servers';
import { bottlecrmDeals, bottlecrmTasks } from '../src/connectors/bottlecrm-fixture.ts';
import { largeOr } from '../src/connectors/contract.ts';
import type { PushMessage } from '../src/connectors/push/messages.ts';
import { dialogueOf, parsePartMarker } from '../src/domain/note.ts';
import { crmOf, type HeldRecord } from './crm-holds.ts';
import { makesDeal, makesNote, makesTask } from './crm-world.ts';
import type { Dialogue } from './dialogue.ts';
import { type Fault, startFaultProxy } from './fault-proxy.ts';
import { type BadDay as ReceiverDay, startReceiver } from './webhook-receiver.ts';

export interface Part {
  part: number;
  text: string;
  record: string;
}
export interface BadDay {
  name: string;
  /** How the link names it, and what its words say. */
  failure: string;
  words?: RegExp;
  /** For the next transcript that is written. */
  arm(): Promise<void> | void;
  /** What the other side asks for, in milliseconds. */
  retryAfterMs?: number;
}
export interface Place extends AsyncDisposable {
  readonly connection: CrmConnection;
  readonly days: readonly BadDay[];
  heal(): Promise<void> | void;
  /** The next transcript is taken, and its answer kept back. @returns lets it go */
  holdAnswer(): () => void;
  /** The next task is taken, and its answer lost. */
  loseTaskAnswer(): void;
  /** In effect, part by part; one that stands twice is there twice. */
  parts(dialogue: Dialogue): Promise<Part[]>;
  /** Records of this visitor, in effect. */
  leads(dialogue: Dialogue): Promise<number>;
  /** Tasks of this dialogue, in effect: of which event, and all that is said in them. */
  tasks(dialogue: Dialogue): Promise<{ number: number; words: string }[]>;
  /** The next deal is taken, and its answer lost. */
  loseDealAnswer(): void;
  /** Deals of this dialogue, in effect. */
  deals(dialogue: Dialogue): Promise<{ title: string }[]>;
  /** The key is not taken any more; the returned connection has a good one. Undefined: it has none that could end. */
  lockOut(): CrmConnection;
  /** Refuses every transcript of this record until it is healed. */
  poison?(record: string, answer?: number): void;
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
/** Nothing is found and nothing listed there: what it holds in effect is what the messages make of it. */
export interface PushPlace extends Place {
  /** All that were taken of a dialogue and its visitor, in order, repeats as well. */
  messages(dialogue: Dialogue): PushMessage[];
}

const EMPTY = { headers: { 'content-type': 'application/json' }, body: '' };
export type Day<Bad> = { failure: string; bad: Bad } & Pick<BadDay, 'words' | 'retryAfterMs'>;
export const daysOf = <Bad>(days: Record<string, Day<Bad>>, arm: (bad: Bad) => Promise<void> | void): BadDay[] =>
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
  'a redirect': { failure: 'invalid', bad: { answer: 307, headers: { location: 'http://127.0.0.1:9/' } } },
  'an answer without an end after the write': { failure: 'unreachable', bad: { endlessAnswer: true } },
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
  'a redirect': { failure: 'invalid', bad: { answer: 307, headers: { location: 'http://127.0.0.1:9/' } } },
  '404 while it is deployed anew': { failure: 'invalid', bad: { answer: 404 } },
  '408 of a proxy that waited for nobody': { failure: 'server-error', bad: { answer: 408 } },
};
export const DAYS_OF_HTTP = Object.keys(HTTP_DAYS);
export const DAYS_OF_A_RECEIVER = Object.keys(RECEIVER_DAYS);

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
    // Its answer to each note holds all notes: 3 MB take four minutes.
    large: largeOr(300_000),
    days: daysOf(HTTP_DAYS, (fault) => proxy.next(makesNote, fault)),
    heal: proxy.heal,
    holdAnswer: () => {
      const { promise, resolve } = Promise.withResolvers<void>();
      proxy.next(makesNote, { answerAfter: promise });
      return resolve;
    },
    loseTaskAnswer: () => proxy.next(makesTask, { loseAnswer: true }),
    tasks: async ({ conversation }) => {
      const all = await bottlecrmTasks.all({ ...connection, baseUrl: server.baseUrl });
      return all.flatMap(({ words }) => {
        const [, number] = new RegExp(`\\[continuo ${conversation} task (\\d+)\\]`).exec(words) ?? [];
        return number === undefined ? [] : [{ number: Number(number), words }];
      });
    },
    loseDealAnswer: () => proxy.next(makesDeal, { loseAnswer: true }),
    deals: async ({ conversation }) =>
      (await bottlecrmDeals({ ...connection, baseUrl: server.baseUrl }))
        .filter(({ name }) => name.includes(conversation))
        .map(({ name }) => ({ title: name })),
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
    poison: (record, answer = 400) =>
      proxy.next(({ method, path }) => method === 'POST' && path.includes(record), { answer, ...EMPTY }, 1_000),
    company: {
      remove: async (lead) => void (await crm.remove('lead', lead)),
      close: async (lead) => void (await crm.call('PATCH', `/api/leads/${lead}/`, { status: 'closed' })),
      merge: async (lead) => {
        const into = await crm.call<{ id: string }>('POST', '/api/leads/', { last_name: 'Kept', title: newId() });
        await crm.call('POST', `/api/leads/${into.id}/merge/`, { merge_id: lead });
        return touch('lead', into.id);
      },
      convert: async (lead) => touch('contact', (await crm.convert(touch('lead', lead))).contact_id),
      leadsWith: async (email) => (await crm.leadsWith(email)).length,
    },
    [Symbol.asyncDispose]: () => proxy[Symbol.asyncDispose](),
  };
}

interface HeldThing {
  version: number;
  conversation: string;
  number: number;
  words: string;
}
export interface Held {
  leads: Map<string, number>;
  parts: Map<string, Part & { version: number; conversation: string }>;
  tasks: Map<string, HeldThing>;
  deals: Map<string, { version: number; conversation: string; title: string }>;
}
export const nothingHeld = (): Held => ({ leads: new Map(), parts: new Map(), tasks: new Map(), deals: new Map() });

/** As the guides ask a receiver to: ids once, of each thing the greatest version. */
export function keep(held: Held, message: PushMessage): void {
  if (message.type === 'lead-changed') held.leads.set(message.data.lead, message.data.version);
  if (message.type === 'task-changed') {
    const { conversation, task: number, version, subject, text } = message.data;
    const key = `${conversation} ${number}`;
    if ((held.tasks.get(key)?.version ?? 0) < version)
      held.tasks.set(key, { conversation, number, version, words: `${subject}\n${text}` });
  }
  if (message.type === 'deal-changed') {
    const { conversation, version, title } = message.data;
    if ((held.deals.get(conversation)?.version ?? 0) < version)
      held.deals.set(conversation, { conversation, version, title });
  }
  if (message.type !== 'transcript-changed') return;
  const { conversation, part, version, text, lead } = message.data;
  const key = `${conversation} ${part}`;
  if ((held.parts.get(key)?.version ?? 0) < version)
    held.parts.set(key, { conversation, part, version, record: lead, text: dialogueOf(text) });
}
export const partsIn = (held: Held, { conversation }: Dialogue): Part[] =>
  [...held.parts.values()].filter((part) => part.conversation === conversation).sort((a, b) => a.part - b.part);
export const tasksIn = ({ tasks }: Held, { conversation }: Dialogue): HeldThing[] =>
  [...tasks.values()].filter((task) => task.conversation === conversation);
export const dealsIn = ({ deals }: Held, { conversation }: Dialogue): { title: string; version: number }[] =>
  [...deals.values()].filter((deal) => deal.conversation === conversation);
export const concerns = ({ conversation, visitor }: Dialogue, message: PushMessage): boolean =>
  'conversation' in message.data
    ? message.data.conversation === conversation
    : 'lead' in message.data && message.data.lead === visitor;

export async function webhookPlace(): Promise<PushPlace> {
  const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
  const receiver = await startReceiver(secret);
  const isTranscript = ({ type }: PushMessage): boolean => type === 'transcript-changed';
  const isTask = ({ type }: PushMessage): boolean => type === 'task-changed';
  const taken = (): PushMessage[] => receiver.received.flatMap((one) => (one.taken ? [one.message] : []));
  const held = (): Held => {
    const all = nothingHeld();
    for (const message of taken()) keep(all, message);
    return all;
  };
  const connection = { connector: 'webhook', baseUrl: receiver.url, credentials: { secret } };
  return {
    connection,
    large: 3_000_000,
    days: daysOf(RECEIVER_DAYS, (bad) => receiver.next(bad, 1, isTranscript)),
    heal: receiver.heal,
    holdAnswer: () => {
      const { promise, resolve } = Promise.withResolvers<void>();
      receiver.next({ hold: promise }, 1, isTranscript);
      return resolve;
    },
    loseTaskAnswer: () => receiver.next({ hangUp: true }, 1, isTask),
    tasks: async (dialogue) => tasksIn(held(), dialogue),
    loseDealAnswer: () => receiver.next({ hangUp: true }, 1, ({ type }) => type === 'deal-changed'),
    deals: async (dialogue) => dealsIn(held(), dialogue),
    messages: (dialogue) => taken().filter((message) => concerns(dialogue, message)),
    parts: async (dialogue) => partsIn(held(), dialogue),
    leads: async ({ visitor }) => (held().leads.has(visitor) ? 1 : 0),
    lockOut: () => {
      const fresh = `whsec_${Buffer.from(newId().repeat(2)).toString('base64')}`;
      receiver.secret = fresh;
      return { ...connection, credentials: { secret: fresh } };
    },
    poison: (record, answer = 422) =>
      receiver.next({ answer }, 1_000, (message) => isTranscript(message) && JSON.stringify(message).includes(record)),
    [Symbol.asyncDispose]: () => receiver[Symbol.asyncDispose](),
  };
}
