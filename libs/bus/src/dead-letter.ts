// Records that a handler could not digest wait here with their reason, until an operator replays or discards them. A dead letter is settled by the service
// that parked it, which writes a mark in its place: nobody needs the right to delete, and who did it stays readable for a while.
import {
  consumers,
  deadLetterSubject,
  parkedSubject,
  parseEventSubject,
  parseId,
  parseParkedSubject,
  parseTimerSubject,
} from '@continuo/contracts';
import type { JsMsg } from '@nats-io/jetstream';
import { headers, type MsgHdrs } from '@nats-io/transport-node';
import type { Bus } from './connect.ts';
import { isBusOutage, UnavailableError } from './errors.ts';
import { typeOf } from './headers.ts';

export interface DeadLetter {
  /** Its subject, by which it is replayed or discarded. */
  id: string;
  consumer: string;
  reason: string;
  /** For an operator: what went wrong, what to do. Never what a visitor wrote. */
  words: string;
  /** Whose it is; undefined where the record does not say. */
  site: string | undefined;
  /** The dialogue it is about, if it is about one. */
  conversation: string | undefined;
  /** Of the event, or the name of the timer; undefined where the record does not say. */
  type: string | undefined;
  /** Subject and sequence of the record in its own stream. */
  subject: string;
  sequence: number;
  attempts: number;
  parkedAt: number;
}
/** What became of a request. `words` say why it stays parked. */
export type Settled = { ok: true } | { ok: false; refusal: 'unknown' | 'failed-again'; words: string };
export interface SettleRequest {
  id: string;
  /** Who asks, for the mark: `agent:<id>`, `operator:<id>`. */
  by: string;
  /** Refuses one that is not this site's. */
  site?: string | undefined;
}

const NAME = {
  subject: 'Continuo-Parked-Subject',
  sequence: 'Continuo-Parked-Sequence',
  attempts: 'Continuo-Parked-Attempts',
  words: 'Continuo-Parked-Words',
  settled: 'Continuo-Settled',
} as const;
const STREAM = 'DEAD_LETTERS';
const PAGE = 256;
/** So long it stays visible in the stream who settled a record. */
const MARK_KEPT = '720h';
/** A handler may ask a CRM or a mail server on the way. */
const SETTLE_MS = 30_000;

/** Copies the message to DEAD_LETTERS; resolves when the stream has acknowledged it, so the original may be ended. Parking it again replaces the copy. */
export async function parkMessage(
  bus: Bus,
  consumer: string,
  message: JsMsg,
  reason: string,
  words: string,
): Promise<void> {
  const copy = headers();
  for (const [name, values] of message.headers ?? [])
    if (!name.startsWith('Nats-')) for (const value of values) copy.append(name, value);
  copy.set('Nats-Rollup', 'sub');
  copy.set(NAME.subject, message.subject);
  copy.set(NAME.sequence, String(message.seq));
  copy.set(NAME.attempts, String(message.info.deliveryCount));
  copy.set(NAME.words, words.replace(/[\r\n]+/g, ' ').slice(0, 500));
  const key = `${message.subject.split('.').at(-1) ?? ''}-${message.seq}`;
  await bus.js.publish(parkedSubject(consumer, reason, key), message.data, { headers: copy });
}

/** What is parked, the oldest first; all of it, or one site's, or one consumer's. @throws {UnavailableError} */
export async function listDeadLetters(
  bus: Bus,
  { site, consumer, limit = 500 }: { site?: string; consumer?: string; limit?: number } = {},
): Promise<DeadLetter[]> {
  const found: DeadLetter[] = [];
  if (consumer !== undefined && !Object.hasOwn(consumers, consumer)) return found;
  const wanted = consumer === undefined ? 'parked.>' : `parked.${consumer}.>`;
  for (let seq = 1; ; ) {
    let got = 0;
    try {
      const batch = await bus.jsm.direct.getBatch(STREAM, { seq, batch: PAGE, next_by_subj: wanted } as never);
      for await (const message of batch) {
        got += 1;
        seq = message.seq + 1;
        const letter = toDeadLetter({ ...fields(message), subject: message.subject });
        if (letter && (site === undefined || letter.site === site)) found.push(letter);
        if (found.length === limit) return found;
      }
    } catch (error) {
      if ((error as { code?: number }).code !== 404) throw unavailable(error);
    }
    if (got < PAGE) return found;
  }
}

/** Has the consumer that parked it handle it once more; what is handled is parked no longer. @throws {UnavailableError} nobody answers: the service does not run */
export const replayDeadLetter = (bus: Bus, ask: SettleRequest): Promise<Settled> => settle(bus, 'replay', ask);
/** Takes it away unhandled. @throws {UnavailableError} */
export const discardDeadLetter = (bus: Bus, ask: SettleRequest): Promise<Settled> => settle(bus, 'discard', ask);

async function settle(bus: Bus, verb: 'replay' | 'discard', ask: SettleRequest): Promise<Settled> {
  let consumer: string;
  try {
    ({ consumer } = parseParkedSubject(ask.id));
  } catch {
    return unknown;
  }
  if (!Object.hasOwn(consumers, consumer))
    return {
      ok: false,
      refusal: 'unknown',
      words: `Nothing here is called “${consumer}”, so nobody can replay or discard a record of it.`,
    };
  try {
    const reply = await bus.nc.request(deadLetterSubject(verb, consumer), JSON.stringify(ask), { timeout: SETTLE_MS });
    const answer = reply.json<Settled | { fault: string }>();
    if ('fault' in answer) throw new UnavailableError(answer.fault);
    return answer;
  } catch (error) {
    throw unavailable(error);
  }
}

export const unknown: Settled = { ok: false, refusal: 'unknown', words: 'There is no such record any more.' };
const unavailable = (error: unknown): unknown =>
  isBusOutage(error) && !(error instanceof UnavailableError)
    ? new UnavailableError('the dead letters cannot be reached', { cause: error })
    : error;

/** What somebody sees of a parked record who has to decide on it. */
export interface OpenedLetter {
  letter: DeadLetter;
  /** The record itself. It may hold a visitor's words: for whoever may read his dialogue, and for no log. */
  content: string;
}

/**
 * @param site refuses one that is not this site's
 * @returns undefined when there is no such record, or no more
 * @throws {UnavailableError}
 */
export async function openDeadLetter(bus: Bus, id: string, site?: string): Promise<OpenedLetter | undefined> {
  try {
    parseParkedSubject(id);
  } catch {
    return undefined;
  }
  try {
    const found = await readDeadLetter(bus, id);
    if (!found || (site !== undefined && found.letter.site !== site)) return undefined;
    return { letter: found.letter, content: new TextDecoder().decode(found.record.data) };
  } catch (error) {
    throw unavailable(error);
  }
}

/** A parked record as its own stream delivered it. */
export interface ParkedRecord {
  letter: DeadLetter;
  record: { subject: string; seq: number; headers: MsgHdrs; data: Uint8Array };
}

/** For the service that parked it. @returns undefined when it has been settled */
export async function readDeadLetter(bus: Bus, id: string): Promise<ParkedRecord | undefined> {
  const message = await bus.jsm.direct.getMessage(STREAM, { last_by_subj: id });
  const letter = message && toDeadLetter({ ...fields(message), subject: message.subject });
  if (!message || !letter) return undefined;
  return {
    letter,
    record: { subject: letter.subject, seq: letter.sequence, headers: message.header, data: message.data },
  };
}

/** Puts the mark in place of the record. */
export async function markSettled(bus: Bus, id: string, how: string): Promise<void> {
  const mark = headers();
  mark.set('Nats-Rollup', 'sub');
  mark.set('Nats-TTL', MARK_KEPT);
  mark.set(NAME.settled, how);
  await bus.js.publish(id, '', { headers: mark });
}

const fields = ({ header, data, time }: { header: MsgHdrs; data: Uint8Array; time: Date }) => ({ header, data, time });

function toDeadLetter(stored: {
  subject: string;
  header: MsgHdrs;
  data: Uint8Array;
  time: Date;
}): DeadLetter | undefined {
  const { header } = stored;
  if (header.has(NAME.settled) || !header.has(NAME.subject)) return undefined;
  const { consumer, reason } = parseParkedSubject(stored.subject);
  const subject = header.get(NAME.subject);
  return {
    id: stored.subject,
    consumer,
    reason,
    words: header.get(NAME.words),
    ...aboutOf(subject, stored.data),
    type: subject.startsWith('timer.') ? timerOf(subject) : typeOf(header),
    subject,
    sequence: Number(header.get(NAME.sequence)),
    attempts: Number(header.get(NAME.attempts)),
    parkedAt: stored.time.getTime(),
  };
}

/** An event's subject names its site and dialogue, a timer's data does. */
function aboutOf(subject: string, data: Uint8Array): Pick<DeadLetter, 'site' | 'conversation'> {
  try {
    if (!subject.startsWith('timer.')) {
      const { site, key } = parseEventSubject(subject);
      return { site, conversation: /^(conversation|crm|mail)\./.test(subject) ? key : undefined };
    }
    const about = JSON.parse(new TextDecoder().decode(data)) as { site?: unknown; conversation?: unknown };
    return { site: idOrNone(about.site), conversation: idOrNone(about.conversation) };
  } catch {
    return { site: undefined, conversation: undefined };
  }
}

function timerOf(subject: string): string | undefined {
  try {
    return parseTimerSubject(subject).name;
  } catch {
    return undefined;
  }
}

function idOrNone(given: unknown): string | undefined {
  try {
    return parseId(given as string, 'record');
  } catch {
    return undefined;
  }
}
