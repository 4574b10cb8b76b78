// What a logged-in employee says: open and leave dialogues, commands, queries, typing. Rights are decided by the services that answer.
import { sendSignal, UnavailableError } from '@continuo/bus';
import type { Author } from '@continuo/contracts';
import type { AgentFrame } from '@continuo/contracts/frames';
import { actorOf } from './agent-hello.ts';
import { forwardWithFiles } from './files/send-with-files.ts';
import { catchUp, follow, missing } from './follow.ts';
import { acknowledge, forwardQuery, refuseCommand } from './forward.ts';
import type { Gateway } from './gateway.ts';
import type { Agent } from './hub.ts';

type Said = Exclude<AgentFrame, { t: 'hello' | 'ping' | 'pong' }>;
/** Dialogues on one screen at once; the longest opened one is left for a further one. */
const MOST_OPEN = 100;
const RETRY_MS = 2_000;

export async function onAgentFrame(gateway: Gateway, agent: Agent, frame: Said): Promise<void> {
  const { connection, site } = agent;
  switch (frame.t) {
    case 'open':
      return open(gateway, agent, frame.conversation, frame.number);
    case 'leave':
      return leave(agent, frame.conversation);
    case 'query':
      return forwardQuery(gateway, { connection, site, actor: actorOf(agent) }, frame);
    case 'command': {
      const reply = await forwardWithFiles(gateway, { connection, site, actor: actorOf(agent) }, frame);
      if (reply) acknowledge(connection, frame.id, reply, hasPassed(gateway, agent, reply));
      return;
    }
    case 'typing':
      return sendSignal(gateway.bus, 'typing', site, frame.conversation, { by: authorOf(gateway, agent) });
    case 'delivered':
      return sendSignal(gateway.bus, 'delivered', site, frame.conversation, { to: 'agent', upTo: frame.upTo });
  }
}

async function open(gateway: Gateway, agent: Agent, conversation: string, number: number): Promise<void> {
  const { connection, site, opened } = agent;
  leave(agent, conversation);
  const followed = follow(connection, { site, conversation, side: 'agent', actor: actorOf(agent) }, number);
  opened.set(conversation, followed);
  const [longest] = opened.keys();
  if (opened.size > MOST_OPEN && longest !== undefined) leave(agent, longest);
  try {
    const piece = await missing(gateway.bus, followed);
    if (piece.ok) return catchUp(gateway.bus, followed, piece);
    if (opened.get(conversation) === followed) leave(agent, conversation);
    refuseCommand(connection, conversation, piece.refusal, piece.words);
  } catch (error) {
    if (!(error instanceof UnavailableError)) throw error;
    gateway.outage.suspect();
    // It stays opened and is shown as soon as somebody answers.
    refuseCommand(connection, conversation, 'unavailable', 'The service does not answer at the moment.', RETRY_MS);
    catchUp(gateway.bus, followed);
  }
}

function leave(agent: Agent, conversation: string): void {
  const followed = agent.opened.get(conversation);
  if (!followed) return;
  followed.ended = true;
  agent.opened.delete(conversation);
}

/** Has the event that a reply names gone out to this socket already, or before it came? */
function hasPassed(
  { live }: Gateway,
  { opened }: Agent,
  { conversation, number = 0, seq = 0 }: { conversation?: string; number?: number; seq?: number },
): boolean {
  const followed = conversation === undefined ? undefined : opened.get(conversation);
  return followed ? number <= followed.cursor.sent : seq <= live.seq;
}

function authorOf({ settings }: Gateway, { site, id }: Agent): Author {
  const known = settings.agent(site, id);
  return {
    kind: 'agent',
    id,
    ...(known && { name: known.name }),
    ...(known?.photo !== undefined && { photo: known.photo }),
  };
}

export function onAgentGone({ hub, presence, leases }: Gateway, agent: Agent): void {
  hub.removeAgent(agent);
  leases.left(agent);
  if (!hub.hasAgents(agent.site)) presence.unwatch(agent.site);
}
