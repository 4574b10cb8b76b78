// A visitor comes: site and page are checked, his token says who he is, and his conversation is taken up where his device stands.
import { ask, UnavailableError } from '@continuo/bus';
import type { QueryReply, SiteSettings } from '@continuo/contracts';
import type { VisitorFrame, VisitorWelcome } from '@continuo/contracts/frames';
import { newId } from '@continuo/contracts/ids';
import { clock } from '@continuo/runtime';
import { type Connection, fail, failForNow, send, sendBytes } from './connection.ts';
import type { LiveEvent } from './event-frame.ts';
import { maxBytesOf } from './files/upload.ts';
import { catchUp, type Followed, follow, missing, receive } from './follow.ts';
import type { Gateway } from './gateway.ts';
import type { Visitor } from './hub.ts';
import { mayTalk } from './own-origin.ts';
import { signVisitor, VISIT_PAUSE_MS, verifyVisitor } from './sessions/visitor-token.ts';
import { tellPlace } from './tell-availability.ts';

const RETRY_MS = 2_000;

type Hello = Extract<VisitorFrame, { t: 'hello' }>;
interface Start {
  followed: Followed;
  piece: Extract<QueryReply<'transcript'>, { ok: true }>;
}

/** @returns the visitor once he is welcome; otherwise he has been told why not */
export async function greetVisitor(
  gateway: Gateway,
  connection: Connection,
  hello: Hello,
): Promise<Visitor | undefined> {
  const site = gateway.settings.site(hello.site);
  if (!site) return void fail(connection, 'site-unknown', 'There is no such site.', { fatal: true });
  if (!mayTalk(gateway, site, connection))
    return void fail(connection, 'origin-refused', 'The chat of this site may not be used on this page.', {
      fatal: true,
    });
  const now = clock.now();
  const { visitor, returning } = identify(gateway, connection, hello, now);
  gateway.hub.addVisitor(visitor);
  try {
    const start = returning ? await resume(gateway, visitor, hello.conversation) : undefined;
    send(connection, welcome(gateway, site, visitor, now, start));
    const begun = visitor.greeting?.begun;
    visitor.greeting = undefined;
    tellPlace(gateway, visitor);
    if (!gateway.outage.up()) send(connection, { t: 'service', up: false });
    if (start) {
      gateway.presence.came(visitor.site, visitor.id);
      catchUp(gateway.bus, start.followed, start.piece);
    } else if (begun !== undefined) attach(gateway, visitor, begun);
    return visitor;
  } catch (error) {
    gateway.hub.removeVisitor(visitor);
    if (!(error instanceof UnavailableError)) throw error;
    gateway.outage.suspect();
    return void failForNow(connection, 'unavailable', 'The chat does not answer at the moment.', RETRY_MS);
  }
}

function identify(
  { config }: Gateway,
  connection: Connection,
  hello: Hello,
  now: number,
): { visitor: Visitor; returning: boolean } {
  const token =
    hello.token === undefined ? undefined : verifyVisitor(config.CONTINUO_TOKEN_KEY, hello.token, hello.site, now);
  const visitor: Visitor = {
    kind: 'visitor',
    connection,
    site: hello.site,
    id: token?.visitor ?? newId(),
    language: hello.language,
    visit: token && now - token.issued < VISIT_PAUSE_MS ? token.visit : newId(),
    pageAt: now,
    followed: undefined,
    greeting: { begun: undefined },
    place: undefined,
  };
  return { visitor, returning: token !== undefined };
}

/** The conversation that the visitor's device shows if it is his, else his latest one, else none. */
async function resume(gateway: Gateway, visitor: Visitor, shown: Hello['conversation']): Promise<Start | undefined> {
  const own = shown && (await begin(gateway, visitor, shown.id, shown.number));
  if (own) return own;
  const { site, id } = visitor;
  const envelope = { id: newId(), site, actor: { kind: 'visitor' as const, id } };
  const latest = await ask(gateway.bus, 'visitor-conversation', envelope, { visitor: id });
  return latest.ok && latest.conversation !== undefined ? begin(gateway, visitor, latest.conversation, 0) : undefined;
}

async function begin(
  { bus, hub }: Gateway,
  visitor: Visitor,
  conversation: string,
  after: number,
): Promise<Start | undefined> {
  const followed = followedBy(visitor, conversation, after);
  hub.bind(visitor, followed);
  const piece = await missing(bus, followed);
  if (piece.ok) return { followed, piece };
  hub.unbind(visitor);
  return undefined;
}

/** To a visitor's socket; one that is not welcome yet learns from its welcome how things stand. */
export function toVisitor({ connection, greeting }: Visitor, bytes: Buffer): void {
  if (!greeting) sendBytes(connection, bytes);
}

/** The visitor's first message made a conversation, or he wrote in another tab: his socket follows it from the beginning. */
export function attach(gateway: Gateway, visitor: Visitor, conversation: string): void {
  const { bus, hub, presence } = gateway;
  if (visitor.greeting) {
    visitor.greeting.begun = conversation;
    return;
  }
  const followed = followedBy(visitor, conversation, 0);
  hub.bind(visitor, followed);
  presence.came(visitor.site, visitor.id);
  tellPlace(gateway, visitor);
  catchUp(bus, followed);
}

/** The same with the first event in hand: nothing needs to be asked. */
export function attachAt(gateway: Gateway, visitor: Visitor, conversation: string, first: LiveEvent): void {
  if (visitor.greeting) return attach(gateway, visitor, conversation);
  const { bus, hub, presence } = gateway;
  const followed = followedBy(visitor, conversation, 0);
  followed.cursor.held = undefined;
  hub.bind(visitor, followed);
  presence.came(visitor.site, visitor.id);
  tellPlace(gateway, visitor);
  receive(bus, followed, first);
}

const followedBy = ({ connection, site, id }: Visitor, conversation: string, after: number): Followed =>
  follow(connection, { site, conversation, side: 'visitor', actor: { kind: 'visitor', id } }, after);

function welcome(
  { config, desks }: Gateway,
  site: SiteSettings,
  visitor: Visitor,
  time: number,
  start: Start | undefined,
): VisitorWelcome {
  const { id, visit } = visitor;
  return {
    t: 'welcome',
    visitor: id,
    token: signVisitor(config.CONTINUO_TOKEN_KEY, { visitor: id, site: site.id, visit, issued: time }),
    site: {
      id: site.id,
      name: site.name,
      typingPreview: site.typingPreview,
      fileBytes: maxBytesOf(config),
      ...(site.accent !== undefined && { accent: site.accent }),
      ...(site.hours && { hours: site.hours }),
      ...(site.callback && { callback: true }),
    },
    ...desks.facesOf(site.id),
    ...(start && { conversation: { id: start.followed.conversation, head: start.piece.head } }),
    time,
  };
}
