// Contacts that changed in the company's own systems come back: for each connection with a queue one reader in every replica. A message is acknowledged when every
// dialogue of that lead knows it; one that cannot be understood is parked beside the queue with the reason, one that cannot be told now waits in the queue.
import { type Bus, request } from '@continuo/bus';
import { deriveId } from '@continuo/runtime';
import { logger } from '@continuo/telemetry';
import { type Channel, type ChannelModel, type ConfirmChannel, type ConsumeMessage, connect } from 'amqplib';
import type { Which } from '../../domain/which.ts';
import { type Links, linksOf } from '../../links.ts';
import type { ConnectionDetails } from '../connector.ts';
import { CrmError } from '../crm-error.ts';
import { amqpSettings } from './amqp.ts';
import { socketOptions, urlOf } from './broker.ts';
import { contactChanged } from './contact-changed.ts';
import { type ContactsQueue, granted, openContactsQueue, parkedOf, unread } from './contacts-queue.ts';

const LOOK_AGAIN_MS = 5_000;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 60_000;
/** Read for so long, the reading is not one that ends as soon as it begins. */
const STEADY_MS = 60_000;
const AT_ONCE = 10;
const WAIT_BEFORE_REQUEUE_MS = 1_000;
/** A visitor's dialogues that are told, newest first. */
const MOST_DIALOGUES = 50;
const log = logger('amqp');

export interface ReadableConnection extends Which {
  key: string;
  /** Another one means: open anew. */
  revision: number;
  details: ConnectionDetails;
}
interface Parts {
  bus: Bus;
  links: Pick<Links, 'collection'>;
  connections: () => Promise<ReadableConnection[]>;
  /** Is told why contacts are not read, or without words that they are. */
  reading: (key: string, revision: number, words: string | undefined) => Promise<void>;
}
type Verdict = { do: 'done' } | { do: 'later' } | { do: 'park'; reason: string };

export function readContactsBack(parts: Parts): AsyncDisposable {
  const readers = new Map<string, { revision: number; stop: () => Promise<void> }>();
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;

  async function look(): Promise<void> {
    const wanted = new Map((await parts.connections()).map((one) => [one.key, one]));
    for (const [key, { revision, stop }] of readers)
      if (wanted.get(key)?.revision !== revision) {
        readers.delete(key);
        await stop();
      }
    for (const [key, connection] of wanted)
      if (!stopped && !readers.has(key)) {
        const reader = openReader(parts, connection);
        if (reader) readers.set(key, { revision: connection.revision, stop: reader });
      }
  }
  const again = (): void => {
    if (stopped) return;
    timer = setTimeout(() => {
      // A database that is away is asked again; what is being read goes on.
      looking = look()
        .catch(() => {})
        .finally(again);
    }, LOOK_AGAIN_MS);
  };
  let looking: Promise<void> = look()
    .catch(() => {})
    .finally(again);
  return {
    async [Symbol.asyncDispose]() {
      stopped = true;
      clearTimeout(timer);
      await looking;
      await Promise.all([...readers.values()].map(({ stop }) => stop()));
    },
  };
}

/** @returns how to stop it; undefined when nothing is to be read, or what is stored cannot be used: the sync says why */
function openReader(parts: Parts, connection: ReadableConnection): (() => Promise<void>) | undefined {
  const { site, id, key, revision, details } = connection;
  const settings = tryTo(() => amqpSettings(details));
  const queue = settings?.contactsQueue;
  const options = settings && tryTo(() => socketOptions(settings));
  if (!settings || !options || queue === undefined) return undefined;
  const contacts = { ...settings, queue, site };
  // News that cannot be kept now is kept with the next try.
  const say = (words: string | undefined) => void parts.reading(key, revision, words).catch(() => {});
  /** Readings in a row that ended as soon as they had begun. */
  let short = 0;
  const setup = async (link: ChannelModel): Promise<void> => {
    const channel = await consume(link, { contacts, which: { site, id } }, parts);
    if (short === 0) say(undefined);
    const steady = setTimeout(() => {
      if (short > 0) say(undefined);
      short = 0;
    }, STEADY_MS);
    steady.unref();
    channel.on('error', ({ code }: { code?: number }) => {
      log.warn({ site, code }, 'The broker ended the reading of contacts; it is tried again.');
      say(`${unread(contacts)}: the broker ended the reading (${code ?? 'without a reason'}). It is tried again.`);
    });
    channel.on('close', () => {
      clearTimeout(steady);
      short += 1;
    });
  };
  // Comes back by itself, later and later.
  const calculateDelay = (attempt: number) => waitBeforeReading(attempt + short, Math.random());
  const opening = connect(urlOf(settings), {
    ...options,
    recovery: { calculateDelay, waitForConnect: false, setup },
  }).then((link) => {
    link.on('error', () => {});
    link.on('connect-failed', (error: { code?: unknown }) => {
      if (error instanceof CrmError) say(error.message);
      log.warn({ site, code: error.code }, 'The queue of contacts cannot be read; it is tried again.');
    });
    return link;
  });
  opening.catch(() => {});
  return async () => {
    await opening.then((link) => link.close()).catch(() => {});
  };
}

/** @param failed in a row, whether there was no connection or one that ended at once @param random 0 ≤ random < 1 */
export const waitBeforeReading = (failed: number, random: number): number =>
  Math.min(FIRST_WAIT_MS * 2 ** (failed - 1), LONGEST_WAIT_MS) * (0.5 + random / 2);

function tryTo<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}

async function consume(
  connection: ChannelModel,
  { contacts, which }: { contacts: ContactsQueue; which: Which },
  parts: Parts,
): Promise<ConfirmChannel> {
  const { queue } = contacts;
  const channel = await openContactsQueue(connection, contacts);
  // Whatever ends the reading alone (a queue deleted by hand) ends the connection, which comes back and makes it anew.
  const again = (): void => void tryTo(() => connection.close().catch(() => {}));
  channel.on('close', again);
  await channel.prefetch(AT_ONCE);
  const consuming = channel.consume(queue, (message) => {
    if (message) settle(channel, message, parkedOf(queue), () => judge(parts, which, message)).catch(() => {});
    else again();
  });
  await granted(contacts, { right: 'read', thing: queue }, consuming);
  return channel;
}

async function settle(
  channel: ConfirmChannel,
  message: ConsumeMessage,
  parked: string,
  judged: () => Promise<Verdict>,
): Promise<void> {
  const verdict = await judged();
  if (verdict.do === 'later') {
    await new Promise((resolve) => setTimeout(resolve, WAIT_BEFORE_REQUEUE_MS));
    return unlessClosed(() => channel.nack(message, false, true));
  }
  if (verdict.do === 'park') {
    const headers = { ...message.properties.headers, 'x-parked-because': verdict.reason };
    channel.publish(parked, '', message.content, { ...message.properties, headers, persistent: true });
    await channel.waitForConfirms();
  }
  unlessClosed(() => channel.ack(message));
}

/** What was not acknowledged on a closed channel comes again. */
function unlessClosed(work: (channel?: Channel) => void): void {
  tryTo(work);
}

async function judge({ bus, links }: Parts, which: Which, { content }: ConsumeMessage): Promise<Verdict> {
  const parsed = contactChanged.safeParse(tryTo(() => JSON.parse(content.toString('utf8'))));
  if (!parsed.success)
    return {
      do: 'park',
      // Paths and rules alone: the values are a person's.
      reason: parsed.error.issues.map(({ path, code }) => `${path.join('.') || 'message'}: ${code}`).join('; '),
    };
  const { id, data } = parsed.data;
  const { site } = which;
  try {
    const dialogues = await links.collection
      .find({ ...linksOf(which), 'record.id': data.lead }, { projection: { conversation: 1 } })
      .sort({ changedAt: -1 })
      .limit(MOST_DIALOGUES)
      .toArray();
    if (dialogues.length === 0) return { do: 'park', reason: 'data.lead: there is no dialogue of this lead' };
    for (const { conversation } of dialogues) {
      const command = deriveId('contact-changed', site, id, conversation);
      const envelope = { id: command, site, actor: { kind: 'system', id: 'crm-sync' } as const };
      const reply = await request(bus, 'identify-contact', envelope, { conversation, ...data.contact });
      if (reply.ok) continue;
      if (reply.refusal === 'busy') return { do: 'later' };
      return { do: 'park', reason: `refused: ${reply.refusal}` };
    }
    return { do: 'done' };
  } catch {
    // NATS or MongoDB is away.
    return { do: 'later' };
  }
}
