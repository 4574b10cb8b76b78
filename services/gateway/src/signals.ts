// What is said and never stored, on its way to the sockets: typing, delivered, who is on line. A visitor's text so far reaches agents only.
import { onSignal, type Signal } from '@continuo/bus';
import type { SignalData } from '@continuo/contracts';
import { toAgent } from './agent-hello.ts';
import { encode, sendBytes } from './connection.ts';
import type { Gateway } from './gateway.ts';
import type { Hub } from './hub.ts';
import { checkSessions } from './session-watch.ts';
import { attach } from './visitor-hello.ts';

export const showSignals = (gateway: Gateway): AsyncDisposable =>
  onSignal(gateway.bus, (signal) => onEachSignal(gateway, signal));

function onEachSignal(gateway: Gateway, { name, site, conversation, data }: Signal): void {
  if (name === 'visitors-here') gateway.presence.hear(site, data);
  else if (name === 'sessions-ended') void checkSessions(gateway, conversation);
  else if (name === 'conversation-begun') showInOtherTabs(gateway, site, conversation, data.visitor);
  else if (!gateway.hub.watched(site, conversation)) return;
  else if (name === 'typing') onTyping(gateway, site, conversation, data);
  else if (name === 'delivered') onDelivered(gateway, site, conversation, data);
}

/** Each tab that shows no conversation yet follows this one; whose it is, the transcript's owner decides. */
function showInOtherTabs(gateway: Gateway, site: string, conversation: string, visitor: string): void {
  for (const tab of gateway.hub.socketsOfVisitor(site, visitor)) if (!tab.followed) attach(gateway, tab, conversation);
}

function onTyping({ hub }: Gateway, site: string, conversation: string, { by, text }: SignalData<'typing'>): void {
  if (by.kind === 'system') return;
  const { id, name, photo } = by;
  const author = { kind: by.kind, id, ...(name !== undefined && { name }), ...(photo !== undefined && { photo }) };
  const plain = encode({ t: 'typing', conversation, by: author });
  const withText = text === undefined ? plain : encode({ t: 'typing', conversation, by: author, text });
  if (by.kind === 'agent') toVisitors(hub, site, conversation, plain);
  for (const agent of hub.agentsOf(site)) if (agent.id !== by.id) toAgent(agent, withText);
}

function onDelivered(
  { hub }: Gateway,
  site: string,
  conversation: string,
  { to, upTo }: SignalData<'delivered'>,
): void {
  const bytes = encode({ t: 'delivered', conversation, to, upTo });
  if (to === 'visitor') for (const agent of hub.agentsOf(site)) toAgent(agent, bytes);
  else toVisitors(hub, site, conversation, bytes);
}

/** Only to sockets that are live in the conversation: before that it is not proven to be theirs. */
function toVisitors(hub: Hub, site: string, conversation: string, bytes: Buffer): void {
  for (const { site: of, followed, connection } of hub.visitorsOf(conversation))
    if (of === site && followed && followed.cursor.held === undefined) sendBytes(connection, bytes);
}
