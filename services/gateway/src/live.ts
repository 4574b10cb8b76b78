// Stored events on their way to the sockets: one ordered consumer per stream, dropped by subject before parsing, authorised for each
// receiver, made into bytes once. Nothing of one site ever reaches another.
import { live } from '@continuo/bus';
import type { ConversationEvent, DeskEvent, Stored } from '@continuo/contracts';
import type { ReportFrame } from '@continuo/contracts/frames';
import { toAgent } from './agent-hello.ts';
import { encode } from './connection.ts';
import { type LiveEvent, liveEvent } from './event-frame.ts';
import { receive } from './follow.ts';
import type { Gateway } from './gateway.ts';
import { tellDesk } from './tell-availability.ts';
import { attachAt } from './visitor-hello.ts';

export async function showLive(gateway: Gateway): Promise<AsyncDisposable> {
  const { bus, hub, outage } = gateway;
  const forAgents = { from: 'new' as const, wants: (site: string) => hub.hasAgents(site) };
  const watched = (site: string, conversation: string): boolean => {
    outage.stored('CONVERSATION');
    return hub.watched(site, conversation);
  };
  await using stack = new AsyncDisposableStack();
  gateway.live.seq = (await bus.jsm.streams.info('CONVERSATION')).state.last_seq;
  stack.use(
    await live(bus, 'CONVERSATION', { from: 'new', wants: watched }, (event) =>
      onEvent(gateway, event as ConversationEvent),
    ),
  );
  stack.use(await live(bus, 'DESK', { from: 'last-per-subject' }, (event) => onDeskEvent(gateway, event as DeskEvent)));
  for (const stream of ['CRM', 'MAIL'] as const)
    stack.use(await live(bus, stream, forAgents, (event) => onReport(gateway, event as ReportFrame['event'])));
  stack.use(await live(bus, 'TRACKING', forAgents, (event) => onTracking(gateway, event as Tracked)));
  return stack.move();
}

/** An event of a conversation. For its sender it is the acknowledgement. */
export function onEvent(gateway: Gateway, event: ConversationEvent): void {
  const { bus, hub } = gateway;
  const { site, key: conversation } = event;
  const shown = liveEvent(event);
  for (const visitor of hub.visitorsOf(conversation))
    if (visitor.site === site && visitor.followed) receive(bus, visitor.followed, shown);
  if (event.number === 1 && 'visitor' in event.data) showFirst(gateway, event.data.visitor, event, shown);
  for (const agent of hub.agentsOf(site)) {
    const followed = agent.opened.get(conversation);
    if (followed) receive(bus, followed, shown);
    else {
      agent.connection.commands?.delete(event.cause);
      toAgent(agent, shown.bytesFor('agent'));
    }
  }
  gateway.live.seq = event.seq;
}

/** A conversation began: the tabs of its visitor that show none yet show this one. */
function showFirst(gateway: Gateway, visitor: string, { site, key }: ConversationEvent, shown: LiveEvent): void {
  for (const socket of gateway.hub.socketsOfVisitor(site, visitor))
    if (!socket.followed) attachAt(gateway, socket, key, shown);
}

function onDeskEvent(gateway: Gateway, event: DeskEvent): void {
  const { hub, outage } = gateway;
  const { site } = event;
  outage.stored('DESK');
  tellDesk(gateway, event);
  if (hub.hasAgents(site)) {
    const bytes = encode({ t: 'desk', desk: event.data.after });
    for (const agent of hub.agentsOf(site)) toAgent(agent, bytes);
  }
}

function onReport({ hub }: Gateway, event: ReportFrame['event']): void {
  const bytes = encode({ t: 'report', event });
  for (const agent of hub.agentsOf(event.site)) toAgent(agent, bytes);
}

type Tracked = Stored<'page-viewed' | 'fact-reported'>;
function onTracking({ hub }: Gateway, event: Tracked): void {
  const bytes = encode(event.type === 'page-viewed' ? { t: 'page', event } : { t: 'fact', event });
  for (const agent of hub.agentsOf(event.site)) toAgent(agent, bytes);
}
