// Commands and queries of a browser on their way to the service that decides. For the sender the event itself is the acknowledgement;
// `done` is sent only where no event will come any more.
import { ask, type Bus, FaultError, request, StreamFullError, UnavailableError } from '@continuo/bus';
import { type Actor, type CommandName, commands, type QueryName } from '@continuo/contracts';
import type { RefusedFrame } from '@continuo/contracts/frames';
import { logger } from '@continuo/telemetry';
import { type Connection, send } from './connection.ts';
import type { Outage, WrittenStream } from './outage.ts';

const log = logger('forward');
/** A reply whose event has not come after so long is confirmed by `done`. */
const EVENT_WITHIN_MS = 3_000;
const UNAVAILABLE_AGAIN_MS = 2_000;
/** Room comes when somebody makes it, not within moments. */
const FULL_AGAIN_MS = 5_000;
const BUSY_AGAIN_MS = 500;
/** Longer than other queries: a CRM is asked on the way. */
const QUERY_TIMEOUT_MS = 15_000;
/** These write to a desk, the others of the conversation service to a conversation. */
const AT_DESK: readonly CommandName[] = ['take', 'assign', 'set-availability'];

export interface Forwarding {
  readonly bus: Bus;
  /** Nobody answered: it finds out whether that is so for everybody. */
  readonly outage: Pick<Outage, 'suspect' | 'notStored'>;
}
export interface Sender {
  readonly connection: Connection;
  readonly site: string;
  readonly actor: Actor;
}
export interface AnyReply {
  ok: boolean;
  conversation?: string;
  number?: number;
  seq?: number;
  refusal?: string;
  words?: string;
}

export function refuseCommand(
  connection: Connection,
  id: string,
  refusal: string,
  words: string,
  retryAfterMs?: number,
): void {
  const frame: RefusedFrame = { t: 'refused', id, refusal, words };
  send(connection, retryAfterMs === undefined ? frame : { ...frame, retryAfterMs });
}

/**
 * Sends a command on and tells its sender of a refusal. @returns the reply when it was accepted; `acknowledge` then ends it.
 * A repeat while the first is on its way is answered by the first.
 * @param refused told when the command will never be accepted
 */
export async function forward(
  { bus, outage }: Forwarding,
  { connection, site, actor }: Sender,
  { id, name, data }: { id: string; name: CommandName; data: Record<string, unknown> },
  refused?: () => Promise<void>,
): Promise<AnyReply | undefined> {
  connection.commands ??= new Map();
  if (connection.commands.has(id)) return undefined;
  connection.commands.set(id, {});
  const sentAt = performance.now();
  try {
    const reply = (await request(bus, name, { id, site, actor }, data as never)) as AnyReply;
    if (reply.ok) return reply;
    connection.commands.delete(id);
    const retryAfterMs = reply.refusal === 'busy' ? BUSY_AGAIN_MS : undefined;
    if (retryAfterMs === undefined) await refused?.();
    refuseCommand(connection, id, reply.refusal ?? 'invalid', reply.words ?? '', retryAfterMs);
  } catch (error) {
    connection.commands.delete(id);
    if (error instanceof StreamFullError) {
      log.error({ err: error, name, command: id }, 'A command found the store full.');
      refuseCommand(connection, id, 'full', 'The store is full. Send the same command again.', FULL_AGAIN_MS);
      return undefined;
    }
    const stream = streamOf(name);
    if (error instanceof UnavailableError && !(error instanceof FaultError)) {
      if (stream) outage.notStored(stream, sentAt);
      else outage.suspect();
    }
    log.warn({ err: error, name, command: id }, 'A command was not answered.');
    refuseCommand(
      connection,
      id,
      'unavailable',
      'The service does not answer at the moment. Send the same command again.',
      UNAVAILABLE_AGAIN_MS,
    );
  }
  return undefined;
}

function streamOf(name: CommandName): WrittenStream | undefined {
  if (commands[name].owner !== 'conversation') return undefined;
  return AT_DESK.includes(name) ? 'DESK' : 'CONVERSATION';
}

/** Ends an accepted command with `done`, unless its event has been sent (`sent`: up to which number) or is still to come. */
export function acknowledge(connection: Connection, id: string, reply: AnyReply, passed: boolean): void {
  const awaited = connection.commands?.get(id);
  if (!awaited) return;
  const { conversation, number = 0 } = reply;
  awaited.reply = { at: performance.now(), number, ...(conversation !== undefined && { conversation }) };
  if (passed || number === 0) finish(connection, id, awaited.reply);
}

/** Confirms replies whose event did not come; called now and then for every socket. */
export function confirmLate(connection: Connection, now: number): void {
  if (!connection.commands?.size) return;
  for (const [id, { reply }] of connection.commands)
    if (reply && now - reply.at > EVENT_WITHIN_MS) finish(connection, id, reply);
}

function finish(
  connection: Connection,
  id: string,
  { conversation, number }: { conversation?: string; number: number },
): void {
  connection.commands?.delete(id);
  send(connection, { t: 'done', id, number, ...(conversation !== undefined && { conversation }) });
}

/** Asks a query for an agent and sends the answer. */
export async function forwardQuery(
  { bus, outage }: Forwarding,
  { connection, site, actor }: Sender,
  { id, name, data }: { id: string; name: QueryName; data: Record<string, unknown> },
): Promise<void> {
  try {
    const { ok, ...rest } = await ask(bus, name, { id, site, actor }, data as never, { timeoutMs: QUERY_TIMEOUT_MS });
    if (ok) send(connection, { t: 'answer', id, ok, answer: rest });
    else {
      const { refusal, words } = rest as { refusal: string; words: string };
      send(connection, { t: 'answer', id, ok, refusal, words });
    }
  } catch (error) {
    if (error instanceof UnavailableError) outage.suspect();
    else log.error({ err: error, name }, 'A query could not be asked.');
    send(connection, { t: 'answer', id, ok: false, refusal: 'unavailable', words: 'The service does not answer.' });
  }
}
