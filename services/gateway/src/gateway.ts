// What the parts of the gateway share: its connections, who is on it, and what it may.
import type { Bus, Settings } from '@continuo/bus';
import type { AgentLeases } from './agent-leases.ts';
import type { Desks } from './availability.ts';
import type { Config } from './config.ts';
import type { Files } from './files/files.ts';
import type { Hub } from './hub.ts';
import type { KeptAssets } from './kept-assets.ts';
import type { Limit } from './limits.ts';
import type { Outage } from './outage.ts';
import type { Presence } from './presence.ts';
import type { AgentSessions } from './sessions/agent-sessions.ts';
import type { Attempts } from './sessions/attempt.ts';
import type { Lines } from './socket.ts';

export interface Gateway {
  readonly bus: Bus;
  readonly config: Config;
  readonly settings: Settings;
  readonly sessions: AgentSessions;
  readonly hub: Hub;
  readonly desks: Desks;
  readonly presence: Presence;
  readonly leases: AgentLeases;
  readonly outage: Outage;
  readonly files: Files;
  readonly assets: KeptAssets;
  readonly limits: Limits;
  /** To log in: what all gateways have counted together. */
  readonly attempts: Attempts;
  readonly lines: Lines;
  /** Sequence of the last event of a conversation that was shown; whatever is not above it has passed. */
  readonly live: { seq: number };
}

export interface Limits {
  readonly connects: Limit;
  readonly pagesOfAddress: Limit;
  readonly commandsOfVisitor: Limit;
  readonly commandsOfAddress: Limit;
  readonly startsOfVisitor: Limit;
  readonly startsOfAddress: Limit;
  readonly startsOfSite: Limit;
  readonly uploadsOfSender: Limit;
  readonly uploadsOfAddress: Limit;
}
