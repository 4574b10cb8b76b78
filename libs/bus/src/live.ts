// Events as they are stored, for gateways: after any outage from the last sequence on, so nothing is skipped.
import { parseEventSubject, type Stored, type StreamName } from '@continuo/contracts';
import { logger, measure } from '@continuo/telemetry';
import { DeliverPolicy } from '@nats-io/jetstream';
import type { Bus } from './connect.ts';
import { follow } from './follow.ts';
import { toEvent } from './headers.ts';

export interface LiveOptions {
  /** `last-per-subject` begins with the newest event of each subject (a desk's state); `new` with what comes next. */
  from: 'new' | 'last-per-subject';
  /** Asked before a message is parsed: what nobody here watches costs nothing. */
  wants?: (site: string, key: string) => boolean;
}

/** Calls back for each event in order, none left out; resolves when the consumer stands. */
export function live(
  bus: Bus,
  stream: Exclude<StreamName, 'TIMERS' | 'DEAD_LETTERS'>,
  { from, wants }: LiveOptions,
  onEvent: (event: Stored) => void,
): Promise<AsyncDisposable> {
  let last: number | undefined;
  return follow(bus, {
    stream,
    log: logger('live', { stream }),
    async from() {
      if (from === 'new') last ??= (await bus.jsm.streams.info(stream)).state.last_seq;
      return last === undefined
        ? { deliver_policy: DeliverPolicy.LastPerSubject }
        : { deliver_policy: DeliverPolicy.StartSequence, opt_start_seq: last + 1 };
    },
    onMessage(message) {
      last = message.seq;
      const { site, key } = parseEventSubject(message.subject);
      if (wants && !wants(site, key)) return;
      onEvent(toEvent(message));
      const storedAt = Number(message.timestampNanos / 1_000_000n);
      measure('continuo.live.lag.seconds', Math.max(0, Date.now() - storedAt) / 1000, { stream });
    },
  });
}
