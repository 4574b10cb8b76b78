// Who is on this gateway: sockets by site, visitor and conversation. Only look-ups; nothing here sends.
import type { Role } from '@continuo/contracts';
import type { Connection } from './connection.ts';
import type { Followed } from './follow.ts';

export interface Visitor {
  readonly kind: 'visitor';
  readonly connection: Connection;
  readonly site: string;
  readonly id: string;
  readonly language: string;
  visit: string;
  /** When he last opened a page, by the product's clock. */
  pageAt: number;
  /** The conversation he sees; he has none before his first message. */
  followed: Followed | undefined;
  /** Before his welcome is out nothing else is; a conversation that begins meanwhile in another tab is kept and follows it. */
  greeting: { begun: string | undefined } | undefined;
  /** His place in the queue as he was told it. */
  place: string | undefined;
}
export interface Agent {
  readonly kind: 'agent';
  readonly connection: Connection;
  readonly site: string;
  readonly id: string;
  role: Role;
  readonly session: string;
  /** Dialogues on his screen. */
  readonly opened: Map<string, Followed>;
  /** What came before his welcome was out. */
  early: Buffer[] | undefined;
}
export type Session = Visitor | Agent;

export type Hub = ReturnType<typeof makeHub>;

export function makeHub() {
  const visitorsBySite = new Map<string, Set<Visitor>>();
  const visitorsById = new Map<string, Set<Visitor>>();
  const visitorsByConversation = new Map<string, Set<Visitor>>();
  const agentsBySite = new Map<string, Set<Agent>>();

  return {
    addVisitor(visitor: Visitor): void {
      add(visitorsBySite, visitor.site, visitor);
      add(visitorsById, visitor.id, visitor);
    },
    removeVisitor(visitor: Visitor): void {
      remove(visitorsBySite, visitor.site, visitor);
      remove(visitorsById, visitor.id, visitor);
      this.unbind(visitor);
    },
    /** From now on the visitor's socket follows this conversation, and no other. */
    bind(visitor: Visitor, followed: Followed): void {
      this.unbind(visitor);
      visitor.followed = followed;
      add(visitorsByConversation, followed.conversation, visitor);
    },
    unbind(visitor: Visitor): void {
      if (!visitor.followed) return;
      remove(visitorsByConversation, visitor.followed.conversation, visitor);
      visitor.followed.ended = true;
      visitor.followed = undefined;
    },
    addAgent: (agent: Agent): void => add(agentsBySite, agent.site, agent),
    removeAgent(agent: Agent): void {
      remove(agentsBySite, agent.site, agent);
      for (const followed of agent.opened.values()) followed.ended = true;
    },
    visitorsOfSite: (site: string): Iterable<Visitor> => visitorsBySite.get(site) ?? [],
    visitorsOf: (conversation: string): Iterable<Visitor> => visitorsByConversation.get(conversation) ?? [],
    visitors: function* (): Generator<Visitor> {
      for (const visitors of visitorsBySite.values()) yield* visitors;
    },
    /** The sockets of one visitor: his tabs and devices with the same token. */
    socketsOfVisitor: (site: string, id: string): Visitor[] =>
      [...(visitorsById.get(id) ?? [])].filter((visitor) => visitor.site === site),
    agentsOf: (site: string): Iterable<Agent> => agentsBySite.get(site) ?? [],
    hasAgents: (site: string): boolean => agentsBySite.has(site),
    agents: function* (): Generator<Agent> {
      for (const agents of agentsBySite.values()) yield* agents;
    },
    /** Does anyone here see this conversation? */
    watched: (site: string, conversation: string): boolean =>
      agentsBySite.has(site) || visitorsByConversation.has(conversation),
  };
}

function add<T>(index: Map<string, Set<T>>, key: string, item: T): void {
  const items = index.get(key);
  if (items) items.add(item);
  else index.set(key, new Set([item]));
}
function remove<T>(index: Map<string, Set<T>>, key: string, item: T): void {
  const items = index.get(key);
  items?.delete(item);
  if (items?.size === 0) index.delete(key);
}
