// What a welcome visitor says: commands within his limits, pages, typing, what his screen shows. Nothing about rights is decided here;
// the gateway only knows which conversation he sees.
import { sendSignal } from '@continuo/bus';
import type { CommandName } from '@continuo/contracts';
import type { VisitorFrame } from '@continuo/contracts/frames';
import { fail } from './connection.ts';
import { reportFact, reportIdentity } from './facts.ts';
import { forwardWithFiles } from './files/send-with-files.ts';
import { acknowledge, refuseCommand } from './forward.ts';
import type { Gateway } from './gateway.ts';
import type { Visitor } from './hub.ts';
import { type Limit, takeAll, takeAllOrNone } from './limits.ts';
import { viewPage } from './page-views.ts';
import { attach } from './visitor-hello.ts';

type Said = Exclude<VisitorFrame, { t: 'hello' | 'ping' | 'pong' }>;
type Command = Extract<VisitorFrame, { t: 'command' }>;

const TOO_MUCH = 'That was too much at once. Send it again later.';
const TOO_MANY_DIALOGUES = 'Too many dialogues were begun within a short time. Write on in one of them, or wait.';
/** These may begin a conversation. */
const BEGINNING: readonly CommandName[] = ['start-conversation', 'leave-offline-message', 'request-callback'];

export async function onVisitorFrame(gateway: Gateway, visitor: Visitor, frame: Said): Promise<void> {
  switch (frame.t) {
    case 'command':
      return onCommand(gateway, visitor, frame);
    case 'page':
    case 'fact': {
      const retryAfterMs = gateway.limits.pagesOfAddress.take(visitor.connection.address);
      if (retryAfterMs === 0)
        return frame.t === 'page' ? viewPage(gateway, visitor, frame.page) : reportFact(gateway, visitor, frame);
      return fail(visitor.connection, 'too-many', 'Too many pages come from this address.', { retryAfterMs });
    }
    case 'identify': {
      const waitMs = allowance(gateway, visitor);
      if (waitMs === 0) return reportIdentity(gateway, visitor, frame);
      return refuseCommand(visitor.connection, frame.id, 'too-many', 'Too many tokens. Send it again later.', waitMs);
    }
    case 'typing': {
      if (frame.conversation !== visitor.followed?.conversation) return;
      const preview = gateway.settings.site(visitor.site)?.typingPreview ? frame.text : undefined;
      const by = { kind: 'visitor' as const, id: visitor.id };
      const said = preview === undefined ? { by } : { by, text: preview };
      return sendSignal(gateway.bus, 'typing', visitor.site, frame.conversation, said);
    }
    case 'delivered': {
      const { followed } = visitor;
      if (frame.conversation !== followed?.conversation || frame.upTo > followed.cursor.sent) return;
      return sendSignal(gateway.bus, 'delivered', visitor.site, frame.conversation, {
        to: 'visitor',
        upTo: frame.upTo,
      });
    }
  }
}

async function onCommand(gateway: Gateway, visitor: Visitor, command: Command): Promise<void> {
  const { connection, site, id } = visitor;
  const waitMs = allowance(gateway, visitor);
  if (waitMs > 0) return refuseCommand(connection, command.id, 'too-many', TOO_MUCH, waitMs);
  const starts = startsOf(gateway, visitor, command);
  const startsAgainMs = takeAllOrNone(...starts);
  if (startsAgainMs > 0) return refuseCommand(connection, command.id, 'too-many', TOO_MANY_DIALOGUES, startsAgainMs);
  const reply = await forwardWithFiles(gateway, { connection, site, actor: { kind: 'visitor', id } }, command);
  if (!reply) {
    // Nothing was begun, as far as anybody knows: who tries again during an outage has not begun many.
    for (const [limit, key] of starts) limit.giveBack(key);
    return;
  }
  if (reply.conversation !== undefined && BEGINNING.includes(command.name)) begun(gateway, visitor, reply.conversation);
  const { followed } = visitor;
  const sent = followed?.conversation === reply.conversation ? (followed?.cursor.sent ?? 0) : 0;
  acknowledge(connection, command.id, reply, (reply.number ?? 0) <= sent);
}

const allowance = ({ limits }: Gateway, { id, connection: { address } }: Visitor): number =>
  takeAll([limits.commandsOfVisitor, id], [limits.commandsOfAddress, address]);

/** What a command that begins a conversation takes from; one that names a conversation begins none. */
function startsOf(
  { limits }: Gateway,
  { id, site, connection: { address } }: Visitor,
  { name, data }: Command,
): (readonly [Limit, string])[] {
  if (!BEGINNING.includes(name) || 'conversation' in data) return [];
  return [
    [limits.startsOfVisitor, id],
    [limits.startsOfAddress, address],
    [limits.startsOfSite, site],
  ];
}

/** The socket that wrote the first message follows the conversation from the beginning; the visitor's other tabs are told. */
function begun(gateway: Gateway, visitor: Visitor, conversation: string): void {
  if (visitor.followed?.conversation !== conversation) attach(gateway, visitor, conversation);
  sendSignal(gateway.bus, 'conversation-begun', visitor.site, conversation, { visitor: visitor.id });
}

export function onVisitorGone({ hub, presence }: Gateway, visitor: Visitor): void {
  hub.removeVisitor(visitor);
  if (hub.socketsOfVisitor(visitor.site, visitor.id).every(({ followed }) => !followed))
    presence.left(visitor.site, visitor.id);
}
