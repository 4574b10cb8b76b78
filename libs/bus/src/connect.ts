// One named connection to NATS per process. It reconnects for ever; `up()` says whether it is connected now.

import { logger, watchGauge } from '@continuo/telemetry';
import type { JetStreamClient, JetStreamManager } from '@nats-io/jetstream';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';

export interface BusOptions {
  /** Name of the service; also the prefix of its inbox, which its permissions are limited to. */
  name: string;
  /** One address, or several separated by commas. */
  url: string;
  user?: string | undefined;
  password?: string | undefined;
}

export interface Bus extends AsyncDisposable {
  readonly name: string;
  readonly nc: NatsConnection;
  readonly js: JetStreamClient;
  readonly jsm: JetStreamManager;
  readonly up: () => boolean;
  /** Asks it: false after two seconds, e.g. from a server that is frozen, which the connection itself would notice after half a minute. */
  readonly answers: () => Promise<boolean>;
  /** Messages that came in so far. Where a stream or bucket is followed the server gives a sign of life every two seconds, if nothing else comes. */
  readonly heard: () => number;
  /** Calls back with `false` when the connection is lost and `true` when it is back. @returns stops calling */
  readonly onStatus: (callback: (up: boolean) => void) => () => void;
}

const REQUEST_TIMEOUT_MS = 5_000;
const PING_MS = 2_000;

/** @throws one sentence when no server answers or the identity is refused */
export async function connectBus({ name, url, user, password }: BusOptions): Promise<Bus> {
  const log = logger('bus');
  const nc = await connect({
    servers: url.split(','),
    name,
    ...(user !== undefined && { user }),
    ...(password !== undefined && { pass: password }),
    inboxPrefix: inboxPrefix(name),
    maxReconnectAttempts: -1,
    reconnectTimeWait: 250,
    reconnectJitter: 250,
    pingInterval: 10_000,
    maxPingOut: 2,
    // Otherwise each request makes two errors with their stacks, in case it fails: a tenth of a service's work.
    noAsyncTraces: true,
  }).catch((error: unknown) => {
    throw new Error(
      `NATS at ${withoutSecrets(url)} does not let ${name} in: ${error instanceof Error ? error.message : String(error)}`,
      { cause: error },
    );
  });
  let connected = true;
  let leaving = false;
  const watchers = new Set<(up: boolean) => void>();
  const set = (up: boolean): void => {
    if (connected === up) return;
    connected = up;
    if (up) log.info('NATS is connected again.');
    else if (!leaving) log.warn('NATS is not connected.');
    for (const watcher of watchers) watcher(up);
  };
  void (async () => {
    for await (const status of nc.status()) {
      if (status.type === 'disconnect' || status.type === 'staleConnection') set(false);
      else if (status.type === 'reconnect') set(true);
      else if (status.type === 'error') log.warn({ reason: status.error.name }, 'NATS reported an error.');
    }
    set(false);
  })();
  const up = (): boolean => connected && !nc.isClosed();
  const gauge = watchGauge('continuo.bus.up', () => [{ value: up() ? 1 : 0, labels: {} }]);
  return {
    name,
    nc,
    js: jetstream(nc, { timeout: REQUEST_TIMEOUT_MS }),
    jsm: await jetstreamManager(nc, { timeout: REQUEST_TIMEOUT_MS, checkAPI: false }),
    up,
    answers: async () => up() && (await answersPing(nc)),
    heard: () => nc.stats().inMsgs,
    onStatus: (callback) => {
      watchers.add(callback);
      return () => void watchers.delete(callback);
    },
    [Symbol.asyncDispose]: async () => {
      leaving = true;
      gauge[Symbol.dispose]();
      if (!nc.isClosed()) await nc.drain().catch(() => nc.close());
    },
  };
}

const pings = new WeakMap<NatsConnection, Promise<boolean>>();

/** One ping at a time: one that waits for its answer answers whoever asks meanwhile. */
function answersPing(nc: NatsConnection): Promise<boolean> {
  const pong =
    pings.get(nc) ??
    nc.rtt().then(
      () => true,
      () => false,
    );
  pings.set(nc, pong);
  void pong.then(() => pings.delete(nc));
  const late = new Promise<false>((resolve) => void setTimeout(resolve, PING_MS, false).unref());
  return Promise.race([pong, late]);
}

export const inboxPrefix = (service: string): string => `_INBOX_${service}`;
const withoutSecrets = (url: string): string => url.replace(/\/\/[^@/]*@/g, '//');
