// A stream as it grows, for whoever holds what it says in memory: one ordered consumer, made anew after whatever ended or silenced it. It lives in the memory
// of one nats-server, which may be gone for ever while the line to another one stands.
import type { Logger } from '@continuo/telemetry';
import { watchGauge } from '@continuo/telemetry';
import type { ConsumerMessages, JsMsg, OrderedConsumerOptions } from '@nats-io/jetstream';
import type { Bus } from './connect.ts';
import { backOff } from './outcome.ts';

export interface Following {
  stream: string;
  log: Logger;
  /** Where to begin; asked each time that it is opened. */
  from(): Partial<OrderedConsumerOptions> | Promise<Partial<OrderedConsumerOptions>>;
  /** Called before the first message that comes after an opening. `pending` messages stand already. */
  onOpen?(pending: number): void;
  onMessage(message: JsMsg): void;
}

/** Of the server's sign of life where nothing happens. Two that are missing end the consumer. */
const BEAT_MS = 2_000;
const PULL_MS = 30_000;

/** Resolves when the consumer stands. */
export async function follow(bus: Bus, { stream, log, from, onOpen, onMessage }: Following): Promise<AsyncDisposable> {
  let messages: ConsumerMessages | undefined;
  let stopped = false;
  let heard = performance.now();
  /** What stood before the line was away may not stand any more, and meanwhile nobody counts the signs of life. */
  let lines = 0;

  async function open(): Promise<ConsumerMessages> {
    const line = lines;
    const consumer = await bus.js.consumers.get(stream, await from());
    const { num_pending: pending } = await consumer.info(true);
    const opened = await consumer.consume({ max_messages: 1_000, idle_heartbeat: BEAT_MS, expires: PULL_MS });
    heard = performance.now();
    onOpen?.(pending);
    void listen(opened);
    if (stopped || line !== lines) opened.stop();
    return opened;
  }

  /** The client itself would ask for the old one as long as its server is away, and gives up where it has never got anything. */
  async function listen(opened: ConsumerMessages): Promise<void> {
    for await (const { type } of opened.status())
      if (type === 'heartbeat') heard = performance.now();
      else if (type === 'heartbeats_missed' || type === 'consumer_deleted') opened.stop();
  }

  async function goOn(): Promise<void> {
    for (let failures = 0; !stopped; ) {
      try {
        messages ??= await open();
        for await (const message of messages) {
          failures = 0;
          heard = performance.now();
          try {
            onMessage(message);
          } catch (error) {
            log.error({ err: error, sequence: message.seq }, 'What was stored could not be taken in.');
          }
        }
      } catch (error) {
        if (!stopped)
          log.warn({ err: error, stream }, 'A stream is not followed for the moment; it is taken up again.');
      }
      messages = undefined;
      failures += 1;
      if (!stopped)
        await new Promise((resolve) => setTimeout(resolve, backOff(failures, { firstMs: 200, mostMs: 5_000 })));
    }
  }

  const unwatch = bus.onStatus((up) => {
    lines += 1;
    if (up) messages?.stop();
  });
  try {
    messages = await open();
  } catch (error) {
    unwatch();
    throw error;
  }
  const gauge = watchGauge('continuo.live.silence.seconds', () => [
    { value: (performance.now() - heard) / 1_000, labels: { stream } },
  ]);
  const going = goOn();
  return {
    [Symbol.asyncDispose]: async () => {
      stopped = true;
      gauge[Symbol.dispose]();
      unwatch();
      messages?.stop();
      await going;
    },
  };
}
