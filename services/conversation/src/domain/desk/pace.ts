// How fast the queue goes, measured: for how long a place of an agent was taken before a waiting dialogue got it. What is told to visitors is the mean of
// the last turns over the places there are now, so more agents mean a shorter wait at once; with too few turns nothing is told. Pure.
import type { DeskEvent } from '@continuo/contracts';
import type { DeskState } from './state.ts';

export interface Pace {
  /** Since when the queue has stood as it does: it began, somebody left it for an agent, or agents came and went. */
  since: number;
  /** The last turns; `ms`: the time from the one before, times the places that there were. */
  turns: readonly { at: number; ms: number }[];
}
export const UNKNOWN_PACE: Pace = { since: 0, turns: [] };

const TURNS_KEPT = 20;
/** Fewer say nothing of the next one. */
const TURNS_NEEDED = 3;
const RECENT_MS = 2 * 3_600_000;

/** @param waits whether anybody waits after the event */
export function paceAfter(desk: DeskState, event: Exclude<DeskEvent, { type: 'desk-snapshot' }>, waits: boolean): Pace {
  const { time } = event;
  const waited = new Set(desk.queue.map(({ conversation }) => conversation));
  const left = event.data.assigned.map(({ conversation }) => conversation);
  if (event.type === 'dialogue-taken') left.push(event.data.conversation);
  const turns = left.filter((conversation) => waited.has(conversation));
  // Whoever comes on line takes several at once, and a night without anybody is no turn: the clock only begins anew.
  const peopleChanged = event.type === 'agent-state-changed';
  const places = placesOf(desk);
  const measured =
    peopleChanged || places === 0
      ? []
      : turns.map((_, index) => ({ at: time, ms: index === 0 ? Math.max(0, time - desk.pace.since) * places : 0 }));
  return {
    since: waits && desk.queue.length > 0 && turns.length === 0 && !peopleChanged ? desk.pace.since : time,
    turns: [...desk.pace.turns, ...measured].filter(({ at }) => time - at < RECENT_MS).slice(-TURNS_KEPT),
  };
}

/** How long one step of the queue takes: what one in place n may expect n times. */
export function turnMsOf(desk: DeskState): { turnMs?: number } {
  const places = placesOf(desk);
  const { turns } = desk.pace;
  if (desk.queue.length === 0 || places === 0 || turns.length < TURNS_NEEDED) return {};
  const mean = turns.reduce((sum, { ms }) => sum + ms, 0) / turns.length;
  return { turnMs: Math.max(1, Math.round(mean / places)) };
}

function placesOf({ agents }: DeskState): number {
  let places = 0;
  for (const { state, capacity } of agents.values()) if (state === 'online') places += capacity;
  return places;
}
