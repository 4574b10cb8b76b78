// Who the visitor has before him and in what state: the words and the presence in the panel's head. What is said is what is true now.
import type { AgentRef } from '@continuo/contracts';
import type { Line } from '../connection.ts';
import type { Knowledge } from '../dialogue.ts';

export type Presence = 'free' | 'busy' | 'away' | 'offline';
/** The 2 px stroke: solid lives, dashed comes back by itself, grey is nobody here. */
export type Stroke = 'live' | 'wait' | 'off';
export type HeadState = 'opening' | 'lost' | 'ended' | 'with-you' | Presence;

export interface Head {
  state: HeadState;
  presence: Presence;
  stroke: Stroke;
  /** Without one: the site speaks for itself, with the headset picture. */
  agent?: AgentRef;
}

/** @param lost the line has been away, or nothing has been stored, for longer than a blink */
export function headOf(known: Knowledge, line: Line, lost: boolean): Head {
  const { availability, transcript, agents } = known;
  const [only] = agents.length === 1 ? agents : [];
  const agent = transcript?.agent ?? (transcript?.status === 'closed' ? lastAgent(known) : only);
  const state = stateOf(known, lost);
  return {
    state,
    presence: PRESENCE[state] ?? availability ?? 'free',
    stroke:
      state === 'lost' ? 'wait' : state === 'offline' || (state === 'opening' && line !== 'live') ? 'off' : 'live',
    ...(agent && state !== 'busy' && (state !== 'offline' || transcript) && { agent }),
  };
}
const PRESENCE: Partial<Record<HeadState, Presence>> = { lost: 'offline', 'with-you': 'free' };

function stateOf({ availability, transcript }: Knowledge, lost: boolean): HeadState {
  if (lost) return 'lost';
  if (!availability) return 'opening';
  if (availability === 'offline') return availability;
  if (transcript?.status === 'closed') return 'ended';
  return transcript?.agent && availability !== 'away' ? 'with-you' : availability;
}

/**
 * Whether a form may stand before writing: only while the gateway says that nobody is there. What is not known, before its welcome or once the line is lost,
 * is no reason for one.
 */
export const mayShowForm = ({ state }: Head, begun: boolean): boolean => state === 'offline' && !begun;

/** Whoever wrote last, so that an ended dialogue keeps its face. */
function lastAgent({ transcript }: Knowledge): AgentRef | undefined {
  const said = transcript?.items.findLast((item) => item.kind === 'message' && item.author.kind === 'agent');
  if (said?.kind !== 'message') return undefined;
  const { id, name, photo } = said.author;
  return name === undefined ? undefined : { id, name, ...(photo !== undefined && { photo }) };
}
