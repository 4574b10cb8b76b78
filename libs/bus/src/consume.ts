// The consuming side, once for all services: a pull loop with bounded work in hand, one at a time per subject, explicit acks. A dependency that is
// down is no attempt: the loop stops pulling, keeps what it holds and goes on when it is back. Only a fault of this record counts, and is parked at last.
import {
  type ConsumerName,
  consumers,
  type HeardBy,
  type Listener,
  parseTimerSubject,
  type ServiceName,
  type Stored,
  type TimerData,
  type TimersOf,
} from '@continuo/contracts';
import { drainSignal } from '@continuo/runtime';
import { isStoreOutage } from '@continuo/store';
import { logger } from '@continuo/telemetry';
import type { Consumer, ConsumerMessages, JsMsg } from '@nats-io/jetstream';
import type { Bus } from './connect.ts';
import { type ParkedRecord, parkMessage } from './dead-letter.ts';
import { isBusOutage, UnknownMessageError, UnreadableMessageError } from './errors.ts';
import { gather } from './gather.ts';
import { type Hand, hold } from './hand.ts';
import { jsonOf, toEvent } from './headers.ts';
import { HANGS_MS, observeConsumer } from './observed.ts';
import { backOff, done, type Outcome, park, retry } from './outcome.ts';
import { settleDeadLetters } from './settle.ts';

export interface HandlerContext {
  /** Aborted when the handler has to let go: the loop drains, or it has been at work for too long. */
  readonly signal: AbortSignal;
  /** The work goes on: the server waits, and the loop's patience begins anew. */
  working(): void;
  /** 1 for the first delivery. */
  delivery: number;
}
export type EventHandler<K extends HeardBy<Listener>> = (event: Stored<K>, context: HandlerContext) => Promise<Outcome>;
export type EventHandlers<L extends Listener> = { [K in HeardBy<L>]: EventHandler<K> };
export type TimerHandlers<S extends ServiceName> = {
  [K in TimersOf<S>]: (data: TimerData<K>, context: HandlerContext & { key: string }) => Promise<Outcome>;
};

export interface ConsumeOptions {
  /** Is this error a dependency being away? Default: the bus or MongoDB. */
  outage?: (error: unknown) => boolean;
  /** Messages in hand at once; default from the catalogue. */
  inHand?: number;
  /** Milliseconds before the next try after so many failed ones. */
  wait?: (attempts: number) => number;
  /** A handler that is at work for so long without a word hangs: it counts as failed. */
  patienceMs?: number;
}
/**
 * A running loop. `idle()` is true while nothing is in hand. Disposing drains, as does the end of the process: no new pulls, what is in hand is
 * finished or given back within 20 s.
 */
export interface Consuming extends AsyncDisposable {
  readonly idle: () => boolean;
}

/** What a handler table needs of a message: one from the stream, or a dead letter that is replayed. */
type Delivered = Pick<JsMsg, 'subject' | 'headers' | 'seq' | 'json'>;

/**
 * Short, since a loop that stops lets its last pull run out: whatever the server hands out to a pull that was given up comes again only when its
 * acknowledgement is overdue, half a minute later. One that is away says nothing of the end, so there is a limit.
 */
const PULL_MS = 1_000;
const BEAT_MS = 8_000;
const DRAIN_MS = 20_000;
const MOST_ATTEMPTS = 20;
const UNKNOWN_FOR_MS = 15 * 60_000;

/** Runs the handler table of a listener; a type the listener does not hear is acknowledged unseen. */
export function consume<L extends Listener & ConsumerName>(
  bus: Bus,
  consumer: L,
  handlers: EventHandlers<L>,
  options: ConsumeOptions = {},
): Promise<Consuming> {
  return run(bus, consumer, options, async (message, context) => {
    const event = toEvent(message);
    const handler = (handlers as Record<string, EventHandler<never> | undefined>)[event.type];
    return handler ? handler(event as never, context) : done;
  });
}

/** Runs a service's timer handlers. A due message is a hint: the handler decides whether it still holds. */
export function consumeTimers<S extends ServiceName>(
  bus: Bus,
  consumer: ConsumerName & `${S}-timers`,
  handlers: TimerHandlers<S>,
  options: ConsumeOptions = {},
): Promise<Consuming> {
  return run(bus, consumer, options, async (message, context) => {
    const { name, key } = parseTimerSubject(message.subject);
    const handler = (handlers as Record<string, ((data: unknown, context: unknown) => Promise<Outcome>) | undefined>)[
      name
    ];
    if (!handler) throw new UnknownMessageError(`timer ${name} has no handler here`);
    return handler(jsonOf(message), Object.assign(context, { key }));
  });
}

async function run(
  bus: Bus,
  name: ConsumerName,
  {
    outage = (error) => isBusOutage(error) || isStoreOutage(error),
    inHand = consumers[name].inHand,
    wait = backOff,
    patienceMs = HANGS_MS,
  }: ConsumeOptions,
  handle: (message: Delivered, context: HandlerContext) => Promise<Outcome>,
): Promise<Consuming> {
  const log = logger('consume', { consumer: name });
  const stop = new AbortController();
  const stopping = AbortSignal.any([stop.signal, drainSignal]);
  const letGo = new AbortController();
  // Each in a write of its own, acknowledgements are half of what it costs to hear an event that asks for nothing.
  const acks = gather((message: JsMsg) => message.ack());
  const chains = new Map<string, Promise<void>>();
  const active = new Set<Promise<void>>();
  const held = new Map<JsMsg, Hand>();
  const observed = observeConsumer(bus, name, held);
  let paused: Promise<void> | undefined;
  let pull: ConsumerMessages | undefined;

  const beat = setInterval(
    () => {
      for (const hand of held.values()) hand.beat();
      // With all hands full the loop waits because it wants to, and no hand is full for ever.
      if (active.size >= inHand) observed.vital.tick();
    },
    Math.min(BEAT_MS, patienceMs / 4),
  );
  beat.unref();

  async function settle(message: JsMsg, hand: Hand): Promise<void> {
    for (let pause = 500; ; pause = Math.min(pause * 2, 10_000)) {
      let outcome: Outcome;
      try {
        if (letGo.signal.aborted) return message.nak();
        observed.vital.tick();
        outcome = await observed.handle(message, () => attempt(message, hand));
      } catch (error) {
        if (letGo.signal.aborted) return message.nak();
        log.warn({ err: error, subject: message.subject }, 'A dependency is away; the message is kept.');
        paused ??= sleep(pause, letGo.signal).then(() => {
          paused = undefined;
        });
        await paused;
        continue;
      }
      try {
        await conclude(message, outcome);
        return;
      } catch (error) {
        // It could not be set aside: delivered again, it is tried again, and handlers are idempotent.
        log.warn({ err: error, subject: message.subject }, 'A message could not be parked; it is kept.');
        return message.nak(wait(message.info.deliveryCount));
      }
    }
  }

  /** One run of the handler. @throws when a dependency is away, or it had to let go */
  async function attempt(message: JsMsg, hand: Hand): Promise<Outcome> {
    try {
      const outcome = await hand.run((context) => handle(message, context));
      return outcome.kind === 'retry' && outcome.afterMs === undefined ? putOff(message) : outcome;
    } catch (error) {
      if (letGo.signal.aborted || outage(error)) throw error;
      log.error(
        { err: error, subject: message.subject, sequence: message.seq, delivery: message.info.deliveryCount },
        'A handler failed.',
      );
      return failed(error, message);
    }
  }

  async function conclude(message: JsMsg, outcome: Outcome): Promise<void> {
    observed.handled(outcome);
    if (outcome.kind === 'done') acks.push(message);
    else if (outcome.kind === 'retry') message.nak(outcome.afterMs ?? wait(message.info.deliveryCount));
    else {
      await parkMessage(bus, name, message, outcome.reason, outcome.words);
      message.term(outcome.reason);
      log.error({ subject: message.subject, sequence: message.seq, reason: outcome.reason }, 'A message was parked.');
    }
  }

  /** One at a time per subject. */
  function inTurn(subject: string, work: () => Promise<void>): Promise<void> {
    const before = chains.get(subject) ?? Promise.resolve();
    const mine: Promise<void> = before.then(work).finally(() => {
      active.delete(mine);
      if (chains.get(subject) === mine) chains.delete(subject);
    });
    chains.set(subject, mine);
    active.add(mine);
    return mine;
  }

  function accept(message: JsMsg): void {
    const hand = hold(message, letGo.signal, patienceMs);
    held.set(message, hand);
    void inTurn(message.subject, () => settle(message, hand).finally(() => held.delete(message)));
  }

  async function again(record: ParkedRecord['record']): Promise<Outcome> {
    let outcome: Promise<Outcome> = Promise.resolve(retry());
    await inTurn(record.subject, async () => {
      const json = <T>(): T => JSON.parse(new TextDecoder().decode(record.data)) as T;
      outcome = observed.handle(record, () =>
        handle({ ...record, json }, { signal: letGo.signal, working: () => {}, delivery: 1 }),
      );
      await outcome.catch(() => undefined);
    });
    return outcome;
  }

  const loop = (async () => {
    let consumer: Consumer | undefined;
    for (let failures = 0; !stopping.aborted; ) {
      observed.vital.tick();
      if (paused) await paused;
      const free = inHand - active.size;
      if (free <= 0) {
        await Promise.race(active);
        continue;
      }
      try {
        consumer ??= await bus.js.consumers.get(consumers[name].stream, name);
        observed.vital.lacks(undefined);
        pull = await consumer.fetch({ max_messages: free, expires: PULL_MS });
        for await (const message of pull) accept(message);
        failures = 0;
      } catch (error) {
        consumer = undefined;
        failures += 1;
        observed.notPulled(error);
        if (!stopping.aborted) {
          log.warn({ err: error }, 'Pulling failed; it is tried again.');
          await sleep(backOff(failures, { firstMs: 250, mostMs: 10_000 }), stopping);
        }
      }
    }
  })();

  // A consumer that does not exist is a fault of the installation: say so at start.
  await bus.jsm.consumers.info(consumers[name].stream, name).catch((error: unknown) => {
    stop.abort();
    clearInterval(beat);
    observed[Symbol.dispose]();
    throw new Error(`the consumer ${name} on ${consumers[name].stream} cannot be read: run provision first`, {
      cause: error,
    });
  });

  const settling = settleDeadLetters(bus, name, again, outage);

  return {
    idle: () => active.size === 0,
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      await settling[Symbol.asyncDispose]();
      const away = setTimeout(() => pull?.stop(), 2 * PULL_MS);
      const late = setTimeout(() => letGo.abort(), DRAIN_MS);
      await loop;
      clearTimeout(away);
      await Promise.all(active);
      acks.flush();
      clearTimeout(late);
      clearInterval(beat);
      observed[Symbol.dispose]();
    },
  };
}

/** For a while that is nothing: what the handler waits for may be on its way. */
function putOff({ info: { deliveryCount: attempts } }: JsMsg): Outcome {
  if (attempts < MOST_ATTEMPTS) return retry();
  return park(
    'put-off',
    `The handler put it off ${attempts} times: what it needs, such as the settings of its site, does not come. Mend that, then replay.`,
  );
}

function failed(error: unknown, message: JsMsg): Outcome {
  const attempts = message.info.deliveryCount;
  // No replica and no other time can make anything of it.
  if (error instanceof UnreadableMessageError)
    return park('unreadable', `${error.message}. Look at it, then discard it.`);
  if (attempts < MOST_ATTEMPTS) return retry();
  if (error instanceof UnknownMessageError) {
    const age = Date.now() - Number(message.timestampNanos / 1_000_000n);
    return age < UNKNOWN_FOR_MS
      ? retry()
      : park('unknown-message', `${error.message}. Update the service, then replay.`);
  }
  return park(
    'handler-failed',
    `The handler failed ${attempts} times: ${error instanceof Error ? `${error.name}` : 'unknown error'}. See the log, mend the cause, then replay.`,
  );
}

function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const timer = setTimeout(end, milliseconds);
    function end(): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    }
    signal.addEventListener('abort', end);
  });
}
