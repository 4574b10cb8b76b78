// Request and reply between services: commands (idempotent by their id) and queries. A refusal is a value; only outages and bugs throw.
import {
  type CommandData,
  type CommandName,
  commandSubject,
  commands,
  type Envelope,
  faultsOf,
  plainWords,
  type QueryAsk,
  type QueryName,
  type QueryReply,
  queries,
  querySubject,
  type Reply,
  type ServiceName,
} from '@continuo/contracts';
import { carriedTrace, count, inSpan, logger, type SpanFields, timed } from '@continuo/telemetry';
import type { Msg, Subscription } from '@nats-io/transport-node';
import { type Bus, inboxPrefix } from './connect.ts';
import { FaultError, isBusOutage, StreamFullError, UnavailableError } from './errors.ts';
import { traceHeaders } from './headers.ts';

const DEADLINE_MS = 5_000;
/** The fault that is told apart: everything works but the store has no room. */
const FULL = 'full';
/** Its own call had no answer: what it wanted to store, or somebody it asked. */
const UNAVAILABLE = 'UnavailableError';
const INBOX = inboxPrefix('');
const log = logger('command');

interface Wire extends Envelope {
  data: unknown;
}
type SchemaOf = (name: string) => {
  safeParse(
    data: unknown,
    options: { error: typeof plainWords },
  ): { success: true; data: unknown } | { success: false; error: Parameters<typeof faultsOf>[0] };
};

/**
 * Sends a command to whichever replica of its owner is free.
 * @throws {StreamFullError} not stored, {UnavailableError} outcome unknown: after either repeat with the same id
 */
export function request<K extends CommandName>(
  bus: Bus,
  name: K,
  envelope: Envelope,
  data: CommandData<K>,
  { timeoutMs = DEADLINE_MS } = {},
): Promise<Reply<K>> {
  return exchange(bus, commandSubject(commands[name].owner, name), { ...envelope, data }, timeoutMs) as Promise<
    Reply<K>
  >;
}

/** Asks a query of its owner. @throws {UnavailableError} */
export function ask<K extends QueryName>(
  bus: Bus,
  name: K,
  envelope: Envelope,
  data: QueryAsk<K>,
  { timeoutMs = DEADLINE_MS } = {},
): Promise<QueryReply<K>> {
  return exchange(bus, querySubject(queries[name].owner, name), { ...envelope, data }, timeoutMs) as Promise<
    QueryReply<K>
  >;
}

function exchange(bus: Bus, subject: string, wire: Wire, timeout: number): Promise<unknown> {
  const work = () => send(bus, subject, wire, timeout);
  return inSpan(`request ${subject}`, { kind: 'client', fields: fieldsOf(wire) }, work);
}

async function send(bus: Bus, subject: string, wire: Wire, timeout: number): Promise<unknown> {
  const traced = traceHeaders();
  let reply: Msg;
  try {
    reply = await bus.nc.request(subject, JSON.stringify(wire), { timeout, ...(traced && { headers: traced }) });
  } catch (error) {
    if (isBusOutage(error)) throw new UnavailableError(`nobody answered ${subject} in time`, { cause: error });
    throw error;
  }
  const answer = reply.json<{ fault?: string }>();
  if (answer.fault === FULL) throw new StreamFullError(`${subject}: the stream is full`);
  if (answer.fault === UNAVAILABLE) throw new UnavailableError(`${subject}: what it needs did not answer there`);
  if (answer.fault !== undefined) throw new FaultError(`${subject} failed there: ${answer.fault}`);
  return answer;
}

export type CommandHandlers<S extends ServiceName> = {
  [K in CommandName as (typeof commands)[K]['owner'] extends S ? K : never]?: (
    envelope: Envelope,
    data: CommandData<K>,
  ) => Promise<Reply<K>>;
};
export type QueryHandlers<S extends ServiceName> = {
  [K in QueryName as (typeof queries)[K]['owner'] extends S ? K : never]?: (
    envelope: Envelope,
    data: QueryAsk<K>,
  ) => Promise<QueryReply<K>>;
};

/** Refusals in plain words for every name; a handler may give its own. */
export const refuse = <R extends string>(refusal: R, words: string): { ok: false; refusal: R; words: string } => ({
  ok: false,
  refusal,
  words,
});

/** Answers the commands and queries of a service, shared with its other replicas. Disposing stops taking new ones and waits for those in hand. */
export async function serve<S extends ServiceName>(
  bus: Bus,
  owner: S,
  handlers: { commands?: CommandHandlers<S>; queries?: QueryHandlers<S> },
): Promise<AsyncDisposable> {
  const inHand = new Set<Promise<void>>();
  const listen = (
    subject: string,
    table: Record<string, ((envelope: Envelope, data: never) => Promise<unknown>) | undefined>,
    schemaOf: SchemaOf,
  ): Subscription =>
    bus.nc.subscribe(subject, {
      queue: owner,
      callback: (error, message) => {
        if (error) return void log.error({ err: error, subject }, 'A subscription failed.');
        // Who sends himself has an inbox. What a consumer was told to deliver here, or wants its answer elsewhere, is an attack.
        if (!message.reply?.startsWith(INBOX))
          return void log.warn({ subject }, 'A command without an inbox was dropped.');
        const work = answer(message, table, schemaOf).finally(() => void inHand.delete(work));
        inHand.add(work);
      },
    });
  // Only what a service answers at all: for the rest it has no right, and needs none.
  const subscriptions = [
    ...(handlers.commands
      ? [listen(commandSubject(owner, '*'), handlers.commands as never, (name) => commands[name as CommandName].data)]
      : []),
    ...(handlers.queries
      ? [listen(querySubject(owner, '*'), handlers.queries as never, (name) => queries[name as QueryName].ask)]
      : []),
  ];
  await bus.nc.flush();
  return {
    [Symbol.asyncDispose]: async () => {
      await Promise.all(
        subscriptions.map((subscription) => (subscription.isClosed() ? undefined : subscription.drain())),
      );
      await Promise.all(inHand);
    },
  };
}

async function answer(
  message: Msg,
  table: Record<string, ((envelope: Envelope, data: never) => Promise<unknown>) | undefined>,
  schemaOf: SchemaOf,
): Promise<void> {
  const name = message.subject.split('.')[2] ?? '';
  const handler = table[name];
  const stop = timed('continuo.command.seconds');
  const label = handler ? name : 'unknown';
  let reply: unknown;
  try {
    if (!handler) throw new TypeError(`${name} has no handler`);
    const { data, ...envelope } = message.json<Wire>();
    const parsed = schemaOf(name).safeParse(data, { error: plainWords });
    reply = parsed.success
      ? await handled(message, envelope, () => handler(envelope, parsed.data as never))
      : refuse(
          'invalid',
          `${name}: ${faultsOf(parsed.error)
            .map(({ path, words }) => `${path.join('.') || 'data'}: ${words}`)
            .join('; ')}`,
        );
  } catch (error) {
    log.error({ err: error, name }, 'A command or query failed.');
    reply = { fault: error instanceof StreamFullError ? FULL : error instanceof Error ? error.name : 'unknown' };
  }
  message.respond(JSON.stringify(reply));
  const { ok, refusal } = reply as { ok?: boolean; refusal?: string };
  stop({ name: label, outcome: ok ? 'ok' : refusal === undefined ? 'fault' : 'refused' });
  if (refusal !== undefined) count('continuo.command.refusals', { name: label, code: refusal });
}

/** Runs the handler as part of the sender's trace. */
function handled(message: Msg, envelope: Envelope, work: () => Promise<unknown>): Promise<unknown> {
  const parent = carriedTrace((header) => message.headers?.get(header));
  return inSpan(`handle ${message.subject}`, { kind: 'server', fields: fieldsOf(envelope), parent }, async (span) => {
    const reply = await work();
    const { refusal } = reply as { refusal?: string };
    if (refusal !== undefined) span.note({ 'continuo.refusal': refusal });
    return reply;
  });
}

const fieldsOf = ({ id, site, actor }: Envelope): SpanFields => ({
  'continuo.command.id': id,
  'continuo.site': site,
  'continuo.actor.kind': actor.kind,
});
