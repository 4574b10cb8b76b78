// Whole streams as the server itself writes them: a compressed copy of the store, taken while the stream is in use, with every sequence, header and
// time as it was. By JetStream's own requests (STREAM.SNAPSHOT and STREAM.RESTORE), which the client library has no call for.
import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { AckPolicy, DeliverPolicy, JetStreamApiError, type StreamConfig, type StreamState } from '@nats-io/jetstream';
import { createInbox, RequestError } from '@nats-io/transport-node';
import type { Bus } from './connect.ts';

const STREAM_NOT_FOUND = 10059;
const REQUEST_MS = 30_000;
/** Between two chunks of one stream. */
const SILENCE_MS = 60_000;
const CHUNK_BYTES = 256 * 1024;
/** How long news of a subscription may take through a cluster. */
const HEARD_MS = 10_000;

export interface StreamCopy {
  config: StreamConfig;
  state: StreamState;
}
interface Answer {
  error?: { code: number; err_code: number; description: string };
}

async function ask<T extends object>(bus: Bus, subject: string, data: object): Promise<T> {
  const answer = (await bus.nc.request(subject, JSON.stringify(data), { timeout: REQUEST_MS })).json<T & Answer>();
  if (answer.error) throw new JetStreamApiError(answer.error);
  return answer;
}

/** Writes a copy of a stream, without its consumers, into a file. @returns how the stream was at that moment */
export async function copyStream(bus: Bus, stream: string, file: string): Promise<StreamCopy> {
  const deliver = createInbox(`_INBOX_${bus.name}`);
  const chunks = bus.nc.subscribe(deliver, { timeout: SILENCE_MS });
  const out = createWriteStream(file, { mode: 0o600 });
  try {
    const copy = await ask<StreamCopy>(bus, `$JS.API.STREAM.SNAPSHOT.${stream}`, {
      deliver_subject: deliver,
      no_consumers: true,
      chunk_size: CHUNK_BYTES,
    });
    for await (const chunk of chunks) {
      if (chunk.data.length === 0) {
        const fault = chunk.headers?.code ?? 0;
        if (fault >= 400) throw new Error(`the copy of ${stream} broke off: ${chunk.headers?.description ?? fault}`);
        break;
      }
      if (!out.write(chunk.data)) await once(out, 'drain');
      // Lets the server send on.
      chunk.respond();
    }
    out.end();
    await finished(out);
    return { config: copy.config, state: copy.state };
  } finally {
    chunks.unsubscribe();
    out.destroy();
  }
}

/** Makes a stream anew from its copy. @param replicas copies in the cluster it goes to @throws when a stream of this name is there */
export async function restoreStream(
  bus: Bus,
  { config, state }: StreamCopy,
  file: string,
  replicas: number,
): Promise<void> {
  const { deliver_subject: deliver } = await ask<{ deliver_subject: string }>(
    bus,
    `$JS.API.STREAM.RESTORE.${config.name}`,
    { config: { ...config, num_replicas: replicas }, state },
  );
  for await (const chunk of createReadStream(file, { highWaterMark: CHUNK_BYTES }))
    failed(await handOver(bus, deliver, chunk, REQUEST_MS));
  failed(await handOver(bus, deliver, '', SILENCE_MS));
}

/** In a cluster the server that we are connected to may hear a moment later than we that another one listens here. What nobody heard is said again. */
async function handOver({ nc }: Bus, subject: string, chunk: Buffer | string, timeout: number): Promise<string> {
  for (const until = Date.now() + HEARD_MS; ; await sleep(20))
    try {
      return (await nc.request(subject, chunk, { timeout })).string();
    } catch (error) {
      if (!(error instanceof RequestError && error.isNoResponders()) || Date.now() > until) throw error;
    }
}

function failed(answer: string): void {
  const { error } = answer === '' ? ({} as Answer) : (JSON.parse(answer) as Answer);
  if (error) throw new JetStreamApiError(error);
}

/** Messages in a stream; undefined where there is none of this name. */
export async function messagesIn({ jsm }: Bus, stream: string): Promise<number | undefined> {
  return (await jsm.streams.info(stream).catch(absent))?.state.messages;
}
export async function removeStream({ jsm }: Bus, stream: string): Promise<void> {
  await jsm.streams.delete(stream).catch(absent);
}

/** Up to which sequence a consumer has done everything. */
export const doneUpTo = async ({ jsm }: Bus, stream: string, consumer: string): Promise<number> =>
  (await jsm.consumers.info(stream, consumer)).ack_floor.stream_seq;

/** Makes a durable consumer that goes on after a sequence; `provision` gives it its settings. */
export async function restoreConsumer({ jsm }: Bus, stream: string, consumer: string, after: number): Promise<void> {
  await jsm.consumers.add(stream, {
    durable_name: consumer,
    ack_policy: AckPolicy.Explicit,
    deliver_policy: DeliverPolicy.StartSequence,
    opt_start_seq: after + 1,
  });
}

function absent(error: unknown): undefined {
  if (error instanceof JetStreamApiError && error.code === STREAM_NOT_FOUND) return undefined;
  throw error;
}
