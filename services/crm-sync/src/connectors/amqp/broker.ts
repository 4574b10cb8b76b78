// Connections to brokers: one for all that is published to an exchange, kept while it is used. A broken one is forgotten and the next message opens a new one,
// as late as the sync's own back-off allows. No address inside the installation's network is connected to.
import { OUTBOUND_REFUSED, OUTBOUND_WORDS, type Outbound } from '@continuo/runtime';
import { logger } from '@continuo/telemetry';
import { type ChannelModel, type ConfirmChannel, connect, credentials as login, type SocketOptions } from 'amqplib';
import { CrmError } from '../crm-error.ts';
import { noAnswerOf } from '../no-answer.ts';

const CONNECT_MS = 10_000;
const IDLE_MS = 60_000;
const HEARTBEAT_SECONDS = 20;
const log = logger('amqp');

export interface BrokerAddress {
  /** amqp:// or amqps://, host, port, virtual host. */
  url: string;
  username: string;
  password: string;
  exchange: string;
  outbound: Outbound;
}
export interface OpenBroker {
  connection: ChannelModel;
  channel: ConfirmChannel;
  /** Ids of messages that came back because no queue takes them. */
  returned: Set<string>;
  /** The broker has no memory or disk for what is published: from then on nothing is read from this connection. @returns takes the listener away */
  onBlocked(listener: (reason: string) => void): () => void;
  /** Closes it for everybody: whoever comes next opens a new one. @returns when it is closed */
  discard(): Promise<void>;
}

const open = new Map<string, { broker: Promise<OpenBroker>; users: number; idle?: NodeJS.Timeout }>();
const keyOf = ({ url, username, password, exchange }: BrokerAddress): string =>
  JSON.stringify([url, username, password, exchange]);

/** @throws {CrmError} what hinders, in words */
export async function withBroker<T>(address: BrokerAddress, work: (broker: OpenBroker) => Promise<T>): Promise<T> {
  const key = keyOf(address);
  const forget = (): void => void (open.get(key) === entry && open.delete(key));
  const entry = open.get(key) ?? { broker: openBroker(address, () => forget()), users: 0 };
  open.set(key, entry);
  clearTimeout(entry.idle);
  entry.users += 1;
  try {
    return await work(
      await entry.broker.catch((error: unknown) => {
        forget();
        throw noConnection(error);
      }),
    );
  } finally {
    entry.users -= 1;
    if (entry.users === 0) {
      entry.idle = setTimeout(() => {
        forget();
        void entry.broker.then(({ discard }) => discard()).catch(() => {});
      }, IDLE_MS);
      entry.idle.unref();
    }
  }
}

/** Closes what is kept for a next message: a process that ends sends none. */
export async function closeBrokers(): Promise<void> {
  const all = [...open.values()];
  open.clear();
  await Promise.all(
    all.map(async ({ broker, idle }) => {
      clearTimeout(idle);
      await broker.then(({ discard }) => discard()).catch(() => {});
    }),
  );
}

async function openBroker(address: BrokerAddress, forget: () => void): Promise<OpenBroker> {
  const connection = await connect(urlOf(address), socketOptions(address));
  const discard = async (): Promise<void> => {
    forget();
    await connection.close().catch(() => {});
  };
  connection.on('error', () => {});
  connection.on('close', forget);
  try {
    await declareExchange(connection, address.exchange);
    const channel = await connection.createConfirmChannel();
    const returned = new Set<string>();
    channel.on('error', () => {});
    channel.on('close', () => void discard());
    channel.on('return', ({ properties }) => void returned.add(String(properties.messageId)));
    const onBlocked = (listener: (reason: string) => void): (() => void) => {
      connection.once('blocked', listener);
      return () => void connection.off('blocked', listener);
    };
    return { connection, channel, returned, onBlocked, discard };
  } catch (error) {
    void discard();
    throw error;
  }
}

/** One that is there is taken as it is, so a user without the right to declare is enough. */
export async function declareExchange(connection: ChannelModel, exchange: string): Promise<void> {
  try {
    await onChannel(connection, (channel) => channel.checkExchange(exchange));
  } catch (error) {
    if ((error as { code?: number }).code !== 404) throw error;
  }
  await onChannel(connection, (channel) => channel.assertExchange(exchange, 'topic', { durable: true })).catch(
    (error: { code?: number }) => {
      // 403: it is there, and this user may only publish to it.
      if (error.code !== 403) throw error;
    },
  );
}

/** A refusal closes the channel it was said on. */
async function onChannel(connection: ChannelModel, work: (channel: ConfirmChannel) => Promise<unknown>): Promise<void> {
  const channel = await connection.createConfirmChannel();
  channel.on('error', () => {});
  await work(channel);
  await channel.close();
}

export function urlOf({ url }: Pick<BrokerAddress, 'url'>): string {
  const parsed = new URL(url);
  parsed.searchParams.set('heartbeat', String(HEARTBEAT_SECONDS));
  return parsed.href;
}

export function socketOptions({ url, username, password, outbound }: Omit<BrokerAddress, 'exchange'>): SocketOptions {
  return {
    credentials: login.plain(username, password),
    timeout: CONNECT_MS,
    keepAlive: true,
    noDelay: true,
    clientProperties: { connection_name: 'Continuo' },
    // Not in amqplib's types, which stop at TLS; it hands all of them to net.connect.
    ...{ lookup: outbound.lookupFor(url) },
  };
}

/** The error itself is not kept as a cause: it may quote the address with what stands in it. */
export function noConnection(error: unknown): CrmError {
  if (error instanceof CrmError) return error;
  const { code, message = '' } = error as { code?: string | number; message?: string };
  if (code === OUTBOUND_REFUSED) return new CrmError('invalid', `The broker is not called: ${OUTBOUND_WORDS}`);
  if (/ACCESS_REFUSED|ACCESS-REFUSED/.test(message))
    return new CrmError(
      'refused-access',
      'The broker refuses the user: wrong name or password, or a right is missing.',
    );
  if (/NOT_ALLOWED|NOT-ALLOWED|ConnectionClose/.test(message))
    return new CrmError('invalid', 'The broker does not have this virtual host, or the user may not enter it.');
  if (/PRECONDITION_FAILED|PRECONDITION-FAILED/.test(message))
    return new CrmError(
      'invalid',
      'The exchange is there already and of another kind: a durable topic exchange is needed.',
    );
  log.warn({ code }, 'A broker cannot be reached.');
  // What ended before there was a channel has sent nothing.
  return new CrmError('unreachable', noAnswerOf('The broker', error, { url: '' }).words);
}
