// What the whole console knows: who works here, whether the connection stands, who is there. Pure: a frame in, the next state out.
import type { AgentState, DeskSummary } from '@continuo/contracts';
import type { AgentWelcome, ToAgent } from '@continuo/contracts/frames';

export type Connection =
  | { state: 'connecting' }
  | { state: 'live'; since: number }
  /** Lost since then; what is shown is as of then. */
  | { state: 'lost'; since: number }
  | { state: 'ended'; code: string; words: string };

export interface SessionState {
  connection: Connection;
  /** False while the gateway says that the message bus does not answer. */
  serviceUp: boolean;
  /** The gateway said last that there is no room for what was sent. */
  full: boolean;
  me?: AgentWelcome['me'];
  site?: AgentWelcome['site'];
  agents: AgentWelcome['agents'];
  desk: DeskSummary;
  /** The product's clock minus this device's. */
  clockOffset: number;
  /** Visitors known to be on the site, or known to have left it. */
  online: Record<string, boolean>;
}

export const initialSession: SessionState = {
  connection: { state: 'connecting' },
  serviceUp: true,
  full: false,
  agents: [],
  desk: { availability: 'offline', waiting: 0, agents: [] },
  clockOffset: 0,
  online: {},
};

/** Live events rarely come from the future: then the product's clock went ahead of what `welcome` said. */
const CLOCK_SLACK_MS = 5000;

export function receiveInSession(state: SessionState, frame: ToAgent, deviceNow: number): SessionState {
  switch (frame.t) {
    case 'welcome':
      return {
        ...state,
        connection: { state: 'live', since: deviceNow },
        serviceUp: true,
        full: false,
        me: frame.me,
        site: frame.site,
        agents: frame.agents,
        desk: frame.desk,
        clockOffset: frame.time - deviceNow,
        online: {},
      };
    case 'desk':
      return { ...state, desk: frame.desk };
    case 'service':
      return { ...state, serviceUp: frame.up };
    case 'refused':
      return frame.refusal === 'full' ? { ...state, full: true } : state;
    case 'presence':
      return { ...state, online: { ...state.online, [frame.visitor]: frame.online } };
    case 'event':
      return ahead(state.full ? { ...state, full: false } : state, frame, deviceNow);
    case 'page':
      return ahead(state, frame, deviceNow);
    default:
      return state;
  }
}

function ahead(state: SessionState, { event }: { event: { time: number } }, deviceNow: number): SessionState {
  const by = event.time - (deviceNow + state.clockOffset);
  return by > CLOCK_SLACK_MS ? { ...state, clockOffset: state.clockOffset + by } : state;
}

export const lost = (state: SessionState, now: number): SessionState =>
  state.connection.state === 'lost' || state.connection.state === 'ended'
    ? state
    : { ...state, connection: { state: 'lost', since: now } };

/** Availability, load and capacity of the agent himself. */
export function myDesk(state: SessionState): { state: AgentState; load: number; capacity: number } {
  const mine = state.desk.agents.find(({ id }) => id === state.me?.id);
  return mine ?? { state: 'offline', load: 0, capacity: state.me?.capacity ?? 0 };
}

/** Gateways say within moments who is here; of whom nothing was heard by then, he is not. */
const PRESENCE_KNOWN_MS = 3000;

/** Whether a visitor is on the site; undefined while that cannot be known. */
export function isOnline(state: SessionState, visitor: string | undefined, deviceNow: number): boolean | undefined {
  if (visitor === undefined || state.connection.state !== 'live') return undefined;
  const said = state.online[visitor];
  if (said !== undefined) return said;
  return deviceNow - state.connection.since > PRESENCE_KNOWN_MS ? false : undefined;
}
