// One socket following one conversation: register and hold, ask for what is missing, send it, go live. A gap at any later moment asks again.
// The socket gets each number once and in order (cursor.ts), whatever the bus or the gateway went through.
import { ask, type Bus, UnavailableError } from '@continuo/bus';
import { type Actor, newId, type QueryReply } from '@continuo/contracts';
import { logger } from '@continuo/telemetry';
import { type Connection, failForNow, flushed, send, sendBytes } from './connection.ts';
import { backfill, type Cursor, cursorAfter, offer } from './cursor.ts';
import { type LiveEvent, type Side, shownTo } from './event-frame.ts';

const log = logger('follow');
/** Between two attempts while nobody answers, or while an answer brings nothing new. */
const AGAIN_MS = 1_000;
const COME_AGAIN_MS = 5_000;

export interface Followed {
  readonly conversation: string;
  readonly site: string;
  readonly side: Side;
  readonly actor: Actor;
  readonly connection: Connection;
  readonly cursor: Cursor<LiveEvent>;
  ended: boolean;
}
type Piece = QueryReply<'transcript'>;
type GoodPiece = Extract<Piece, { ok: true }>;

/** Begins to hold the live events of a conversation for a socket; the caller registers it, then asks and delivers. */
export const follow = (
  connection: Connection,
  { site, conversation, side, actor }: { site: string; conversation: string; side: Side; actor: Actor },
  after: number,
): Followed => ({ conversation, site, side, actor, connection, cursor: cursorAfter(after), ended: false });

/** The events after what the socket has. @throws {UnavailableError} */
export const missing = (bus: Bus, { site, actor, conversation, cursor }: Followed): Promise<Piece> =>
  ask(bus, 'transcript', { id: newId(), site, actor }, { conversation, after: cursor.sent });

/**
 * Sends a piece and goes on in the background until the socket is live. A long backfill waits for a slow reader between pieces.
 * When that fails for good the socket ends, so that its client resumes: better than one that looks alive and shows nothing.
 */
export function catchUp(bus: Bus, followed: Followed, first?: GoodPiece): void {
  untilLive(bus, followed, first).catch((error: unknown) => {
    log.error({ err: error, conversation: followed.conversation }, 'A conversation could not be shown.');
    failForNow(followed.connection, 'unavailable', 'Something went wrong here. Try again.', COME_AGAIN_MS);
  });
}

async function untilLive(bus: Bus, followed: Followed, first?: GoodPiece): Promise<void> {
  let piece: Piece | undefined = first;
  while (!isOver(followed)) {
    piece ??= await missing(bus, followed).catch((error: unknown) => {
      if (error instanceof UnavailableError) return undefined;
      throw error;
    });
    if (isOver(followed)) return;
    const before = followed.cursor.sent;
    if (piece && !piece.ok) return void log.warn({ conversation: followed.conversation }, 'A transcript was refused.');
    if (piece && deliver(followed, piece)) return;
    if (followed.cursor.sent > before) await flushed(followed.connection);
    else await pause(AGAIN_MS);
    piece = undefined;
  }
}

/** A live event for this socket. */
export function receive(bus: Bus, followed: Followed, event: LiveEvent): void {
  const verdict = offer(followed.cursor, event);
  if (verdict === 'send') sendEvent(followed, event);
  else if (verdict === 'ask') catchUp(bus, followed);
}

/** @returns whether the socket is live now */
function deliver({ conversation, connection, cursor, side }: Followed, piece: GoodPiece): boolean {
  // A client ahead of what exists was told by another installation, or made it up: it is set back to what is. Since live events up to
  // the number that it claimed were dropped meanwhile, the rest is asked for once more.
  const isAhead = cursor.sent > piece.head && cursor.head === cursor.sent;
  if (isAhead) cursor.sent = cursor.head = piece.head;
  const { fresh, released, live } = backfill(cursor, piece.events, piece.head);
  for (const { cause } of fresh) connection.commands?.delete(cause);
  // An agent who opened a dialogue is answered even when he has it all.
  if (fresh.length > 0 || side === 'agent')
    send(connection, {
      t: 'transcript',
      conversation,
      events: fresh.map((event) => shownTo(side, event)),
      head: cursor.head,
      more: !live,
    });
  for (const event of released) sendEvent({ connection, side }, event);
  if (isAhead) cursor.held ??= [];
  return live && !isAhead;
}

function sendEvent({ connection, side }: Pick<Followed, 'connection' | 'side'>, event: LiveEvent): void {
  connection.commands?.delete(event.cause);
  sendBytes(connection, event.bytesFor(side));
}

const isOver = ({ ended, connection }: Followed): boolean => ended || connection.ended;
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
