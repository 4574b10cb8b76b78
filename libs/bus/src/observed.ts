// What an operator sees of a consumer: gauges, outcomes and a span for every handling. A message handled at once stays in the trace that caused it, and so
// does a timer that says so; any other timer, a second delivery or a replay begins its own, linked to where it came from – a trace over a week helps nobody.
import { type ConsumerName, consumers, parseTimerSubject } from '@continuo/contracts';
import { type Vital, vital } from '@continuo/runtime';
import {
  carriedTrace,
  count,
  inSpan,
  type Reading,
  type SpanFields,
  type SpanOptions,
  watchGauge,
} from '@continuo/telemetry';
import { type ConsumerInfo, JetStreamApiCodes, JetStreamApiError, type JsMsg } from '@nats-io/jetstream';
import type { Bus } from './connect.ts';
import type { Outcome } from './outcome.ts';
import { SAME_TRACE_HEADER } from './timer.ts';

type Seen = Pick<JsMsg, 'subject' | 'headers' | 'seq'> & Partial<Pick<JsMsg, 'info' | 'timestampNanos'>>;
type GaugeName = 'continuo.consumer.pending' | 'continuo.consumer.ack.pending' | 'continuo.consumer.redelivered';

/** Older than this is no news, but a replay or what waited for an outage to end. */
const NEWS_MS = 60_000;
/** Gauges of one request for metrics share an answer of the server. */
const SAME_ANSWER_MS = 500;
/** Longer than any handler may be at work without a word: one that is hangs, and so does a loop that has not turned for so long. */
export const HANGS_MS = 300_000;

export interface ObservedConsumer extends Disposable {
  readonly vital: Vital;
  handled(outcome: Outcome): void;
  /** Pulling failed: is it that there is nothing to pull from? */
  notPulled(error: unknown): void;
  /** Runs a handler within its span. */
  handle(message: Seen, work: () => Promise<Outcome>): Promise<Outcome>;
}

export function observeConsumer(bus: Bus, name: ConsumerName, held: ReadonlyMap<JsMsg, unknown>): ObservedConsumer {
  const stack = new DisposableStack();
  const labels = { consumer: name };
  const info = shared(() => bus.jsm.consumers.info(consumers[name].stream, name));
  const watchInfo = (gauge: GaugeName, read: (info: ConsumerInfo) => number): void => {
    stack.use(watchGauge(gauge, async (): Promise<Reading<GaugeName>[]> => [{ value: read(await info()), labels }]));
  };
  watchInfo('continuo.consumer.pending', ({ num_pending }) => num_pending);
  watchInfo('continuo.consumer.ack.pending', ({ num_ack_pending }) => num_ack_pending);
  watchInfo('continuo.consumer.redelivered', ({ num_redelivered }) => num_redelivered);
  stack.use(
    watchGauge('continuo.consumer.oldest.seconds', () => {
      const oldest = Math.min(Date.now(), ...[...held.keys()].map(storedAt));
      return [{ value: (Date.now() - oldest) / 1000, labels }];
    }),
  );
  const loop = stack.use(vital(`consumer ${name}`, HANGS_MS));
  return {
    vital: loop,
    handled(outcome) {
      count('continuo.consumer.handled', { consumer: name, outcome: outcome.kind });
      if (outcome.kind === 'park') count('continuo.consumer.parked', { consumer: name, reason: outcome.reason });
    },
    notPulled(error) {
      if (isGone(error)) loop.lacks('it does not exist at NATS; run provision');
    },
    handle: (message, work) =>
      inSpan(
        `consume ${name}`,
        { kind: 'consumer', fields: fieldsOf(name, message), ...originOf(message) },
        async (span) => {
          const outcome = await work();
          span.note({ 'continuo.outcome': outcome.kind });
          return outcome;
        },
      ),
    [Symbol.dispose]: () => stack.dispose(),
  };
}

function originOf(message: Seen): Pick<SpanOptions, 'parent' | 'link'> {
  const origin = carriedTrace((header) => message.headers?.get(header));
  const goesOn = !isTimer(message) || message.headers?.get(SAME_TRACE_HEADER) === '1';
  const isNews = goesOn && message.info?.deliveryCount === 1 && Date.now() - storedAt(message as JsMsg) < NEWS_MS;
  return isNews ? { parent: origin } : { link: origin };
}

function fieldsOf(name: ConsumerName, message: Seen): SpanFields {
  const delivery = message.info?.deliveryCount;
  return {
    'continuo.consumer': name,
    'continuo.sequence': message.seq,
    ...(delivery !== undefined && { 'continuo.delivery': delivery }),
    ...(isTimer(message) && { 'continuo.timer': parseTimerSubject(message.subject).name }),
  };
}

const isTimer = ({ subject }: Seen): boolean => subject.startsWith('timer.');
const storedAt = ({ timestampNanos }: Pick<JsMsg, 'timestampNanos'>): number => Number(timestampNanos / 1_000_000n);
const isGone = (error: unknown): boolean =>
  error instanceof JetStreamApiError &&
  (error.code === JetStreamApiCodes.ConsumerNotFound || error.code === JetStreamApiCodes.StreamNotFound);

function shared<T>(ask: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | undefined;
  let at = 0;
  return () => {
    if (!answer || performance.now() - at > SAME_ANSWER_MS) {
      answer = ask();
      at = performance.now();
    }
    return answer;
  };
}
