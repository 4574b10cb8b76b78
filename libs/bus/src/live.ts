// Events as they are stored, for gateways: one ordered consumer per stream, re-made from the last sequence after any outage, so nothing is skipped.
// It lives in the memory of one nats-server, which may be gone for ever while the line to another one stands: whatever is silent is made anew, elsewhere.
import { parseEventSubject, type Stored, type StreamName } from '@continuo/contracts';
import { logger, measure } from '@continuo/telemetry';
import { type ConsumerMessages, DeliverPolicy } from '@nats-io/jetstream';
import type { Bus } from './connect.ts';
import { toEvent } from './headers.ts';
import { backOff } from './outcome.ts';

export interface LiveOptions {
  /** `last-per-subject` begins with the newest event of each subject (a desk's state); `new` with what comes next. */
  from: 'new' | 'last-per-subject';
  /** Asked before a message is parsed: what nobody here watches costs nothing. */
  wants?: (site: string, key: string) => boolean;
}

/** Of the server's sign of life where nothing happens. Two that are missing end the consumer. */
const BEAT_MS = 2_000;
const PULL_MS = 30_000;

/** Calls back for each event in order; resolves when the consumer stands. */
export async function live(
  bus: Bus,
  stream: Exclude<StreamName, 'TIMERS' | 'DEAD_LETTERS'>,
  { from, wants }: LiveOptions,
  onEvent: (event: Stored) => void,
): Promise<AsyncDisposable> {
  const log = logger('live', { stream });
  let messages: ConsumerMessages | undefined;
  let last: number | undefined;
  let stopped = false;

  async function open(): Promise<ConsumerMessages> {
    if (from === 'new') last ??= (await bus.jsm.streams.info(stream)).state.last_seq;
    const start =
      last === undefined
        ? { deliver_policy: DeliverPolicy.LastPerSubject }
        : { deliver_policy: DeliverPolicy.StartSequence, opt_start_seq: last + 1 };
    const consumer = await bus.js.consumers.get(stream, start);
    const opened = await consumer.consume({ max_messages: 1_000, idle_heartbeat: BEAT_MS, expires: PULL_MS });
    void endWhenSilent(opened);
    return opened;
  }

  /** The client itself would ask for the old one as long as its server is away. */
  async function endWhenSilent(opened: ConsumerMessages): Promise<void> {
    for await (const { type } of opened.status()) if (type === 'heartbeats_missed') opened.stop();
  }

  async function follow(): Promise<void> {
    for (let failures = 0; !stopped; ) {
      try {
        messages ??= await open();
        for await (const message of messages) {
          last = message.seq;
          failures = 0;
          const { site, key } = parseEventSubject(message.subject);
          if (wants && !wants(site, key)) continue;
          try {
            onEvent(toEvent(message));
            const storedAt = Number(message.timestampNanos / 1_000_000n);
            measure('continuo.live.lag.seconds', Math.max(0, Date.now() - storedAt) / 1000, { stream });
          } catch (error) {
            log.error({ err: error, sequence: message.seq }, 'A live event could not be shown.');
          }
        }
      } catch (error) {
        if (!stopped) log.warn({ err: error }, 'Live events stopped; they are taken up again.');
      }
      messages = undefined;
      failures += 1;
      if (!stopped)
        await new Promise((resolve) => setTimeout(resolve, backOff(failures, { firstMs: 200, mostMs: 5_000 })));
    }
  }

  messages = await open();
  const following = follow();
  // While the line is away nobody counts the signs of life, and what stood before may not stand any more.
  const unwatch = bus.onStatus((up) => void (up && messages?.stop()));
  return {
    [Symbol.asyncDispose]: async () => {
      stopped = true;
      unwatch();
      messages?.stop();
      await following;
    },
  };
}
