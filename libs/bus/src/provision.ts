// Makes streams, durable consumers and buckets from the catalogue's tables. Safe to run again; refuses a change that would lose data.
import { setTimeout as sleep } from 'node:timers/promises';
import { buckets, type ConsumerLine, consumers, type StreamLine, streams } from '@continuo/contracts';
import { logger } from '@continuo/telemetry';
import {
  AckPolicy,
  DeliverPolicy,
  DiscardPolicy,
  JetStreamApiError,
  RetentionPolicy,
  StorageType,
  type StreamConfig,
} from '@nats-io/jetstream';
import { jserrors } from '@nats-io/jetstream/internal';
import { Kvm } from '@nats-io/kv';
import { nanos } from '@nats-io/transport-node';
import type { Bus } from './connect.ts';
import { isBusOutage } from './errors.ts';

const ACK_WAIT_MS = 30_000;
/** How long the mark of an expired key stays for whoever reads late. */
const MARKER_MS = 60_000;
const STREAM_NOT_FOUND = 10059;
const CONSUMER_NOT_FOUND = 10014;
const LOOK_AGAIN_MS = 500;
const log = logger('provision');

export interface ProvisionOptions {
  /** Copies of each stream in a cluster: 1, 3 or 5. */
  replicas?: number;
  /** How long a cluster that is still coming together is waited for, counted anew whenever it has done something. */
  patienceMs?: number;
  /** Hears in a sentence why nothing happens, whenever that is another reason than before. */
  onWait?: (words: string) => unknown;
}

/** @throws one sentence when NATS cannot do it, or not in time */
export async function provision(
  bus: Bus,
  { replicas = 1, patienceMs = 60_000, onWait = (words) => log.warn(words) }: ProvisionOptions = {},
): Promise<void> {
  /** A step may have been done although nobody said so: each can be done again. */
  const step = (work: () => Promise<unknown>): Promise<void> => patiently(work, { patienceMs, onWait });
  for (const [name, line] of Object.entries(streams) as [string, StreamLine][])
    await step(() => provisionStream(bus, streamConfig(name, line, replicas)));
  for (const [name, line] of Object.entries(consumers) as [string, ConsumerLine][])
    await step(() => provisionConsumer(bus, name, line));
  const kvm = new Kvm(bus.js);
  for (const [bucket, { history, expires, says }] of Object.entries(buckets))
    await step(async () => {
      await kvm.create(bucket, { history, replicas, description: says, ...(expires && { markerTTL: MARKER_MS }) });
      // One that was there is left as it was by that.
      await bus.jsm.streams.update(bucketStream(bucket), {
        description: says,
        max_msgs_per_subject: history,
        num_replicas: replicas,
      });
    });
  log.info('Streams, consumers and buckets are there.');
}

/**
 * Of a cluster whose servers start one after the other the first answers already: that it has no leader, no place for the copies, or nothing at all. Once all
 * are there it does what it is asked.
 */
async function patiently(
  work: () => Promise<unknown>,
  { patienceMs, onWait }: Required<Pick<ProvisionOptions, 'patienceMs' | 'onWait'>>,
): Promise<void> {
  const until = performance.now() + patienceMs;
  for (let said: string | undefined; ; ) {
    try {
      await work();
      return;
    } catch (error) {
      // Without servers that answer JetStream counts as not enabled.
      if (!isBusOutage(error) && !(error instanceof jserrors.JetStreamNotEnabled)) throw error;
      const { message } = error as Error;
      if (message !== said) onWait(`NATS cannot make or change streams yet: ${message}. It is tried again.`);
      said = message;
      if (performance.now() > until)
        throw new Error(
          `NATS could not make or change its streams for ${Math.round(patienceMs / 1000)} s: ${message}. Are all servers of its cluster up, and is their number not below that of the copies?`,
          { cause: error },
        );
      await sleep(LOOK_AGAIN_MS);
    }
  }
}

async function provisionStream(bus: Bus, wanted: Partial<StreamConfig> & { name: string }): Promise<void> {
  const found = await existing(bus, wanted.name);
  if (!found) {
    await bus.jsm.streams.add(wanted);
    return;
  }
  const lost = found.subjects.filter((subject) => !wanted.subjects?.includes(subject));
  if (lost.length > 0)
    throw new Error(
      `stream ${wanted.name} holds ${lost.join(', ')}, which the catalogue no longer has: move that data first`,
    );
  await bus.jsm.streams.update(wanted.name, wanted);
}

async function provisionConsumer(bus: Bus, name: string, line: ConsumerLine): Promise<void> {
  const settings = {
    ack_wait: nanos(ACK_WAIT_MS),
    max_deliver: -1,
    max_ack_pending: Math.max(1_000, line.inHand * 4),
    description: line.says,
    ...(line.filter !== undefined && { filter_subject: line.filter }),
  };
  // One that is there keeps its beginning, which nobody may move: a restored backup set it.
  if (await consumerExists(bus, line.stream, name)) await bus.jsm.consumers.update(line.stream, name, settings);
  else
    await bus.jsm.consumers.add(line.stream, {
      durable_name: name,
      name,
      ack_policy: AckPolicy.Explicit,
      deliver_policy: DeliverPolicy.All,
      ...settings,
    });
}

/** The stream in which a bucket keeps its keys. */
export const bucketStream = (bucket: string): string => `KV_${bucket}`;

function streamConfig(name: string, line: StreamLine, replicas: number): Partial<StreamConfig> & { name: string } {
  return {
    name,
    subjects: [...line.subjects],
    description: line.says,
    storage: StorageType.File,
    retention: RetentionPolicy.Limits,
    discard: line.discard === 'new' ? DiscardPolicy.New : DiscardPolicy.Old,
    max_age: nanos(line.maxAge),
    max_bytes: line.maxBytes,
    max_msgs_per_subject: line.allowSchedules ? 1 : -1,
    num_replicas: replicas,
    allow_direct: true,
    allow_rollup_hdrs: line.allowRollup ?? false,
    allow_msg_schedules: line.allowSchedules ?? false,
    allow_msg_ttl: line.allowExpiry ?? line.allowSchedules ?? false,
    duplicate_window: nanos(1_000),
  };
}

async function consumerExists(bus: Bus, stream: string, name: string): Promise<boolean> {
  try {
    return (await bus.jsm.consumers.info(stream, name)) !== undefined;
  } catch (error) {
    if (error instanceof JetStreamApiError && error.code === CONSUMER_NOT_FOUND) return false;
    throw error;
  }
}

async function existing(bus: Bus, name: string): Promise<StreamConfig | undefined> {
  try {
    return (await bus.jsm.streams.info(name)).config;
  } catch (error) {
    if (error instanceof JetStreamApiError && error.code === STREAM_NOT_FOUND) return undefined;
    throw error;
  }
}
