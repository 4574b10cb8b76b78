// A site's desk: its agents, who has which dialogue, and who waits. One aggregate, so capacity and order hold whatever happens at once.
import {
  type AgentState,
  type Availability,
  type DeskEvent,
  type DeskSummary,
  MOST_PLACES_TOLD,
} from '@continuo/contracts';
import { type Pace, paceAfter, turnMsOf, UNKNOWN_PACE } from './pace.ts';

export interface DeskAgent {
  state: AgentState;
  capacity: number;
  /** Since when he has had room without getting a dialogue: among equals the longest free is chosen. */
  freeSince: number;
}
export interface Slot {
  agent: string;
  slot: string;
  since: number;
  why: DeskEventReason;
}
export type DeskEventReason = 'routed' | 'taken' | 'assigned' | 'resumed' | 'gone' | 'closed';
export interface DeskState {
  number: number;
  agents: ReadonlyMap<string, DeskAgent>;
  /** By conversation. */
  slots: ReadonlyMap<string, Slot>;
  /** First come, first served. */
  queue: readonly { conversation: string; since: number }[];
  /** Ids of the last commands decided. */
  commands: readonly string[];
  pace: Pace;
}

const COMMANDS_REMEMBERED = 500;
export const emptyDesk: DeskState = {
  number: 0,
  agents: new Map(),
  slots: new Map(),
  queue: [],
  commands: [],
  pace: UNKNOWN_PACE,
};

export const loadOf = (desk: DeskState, agent: string): number => {
  let load = 0;
  for (const slot of desk.slots.values()) if (slot.agent === agent) load += 1;
  return load;
};

export function availabilityOf(desk: DeskState): Availability {
  let best: Availability = 'offline';
  for (const [id, agent] of desk.agents) {
    if (agent.state === 'online') {
      if (loadOf(desk, id) < agent.capacity) return 'free';
      best = 'busy';
    } else if (agent.state === 'busy') best = 'busy';
    else if (agent.state === 'away' && best === 'offline') best = 'away';
  }
  return best;
}

export function summaryOf(desk: DeskState): DeskSummary {
  return {
    availability: availabilityOf(desk),
    waiting: desk.queue.length,
    agents: [...desk.agents].map(([id, { state, capacity }]) => ({ id, state, capacity, load: loadOf(desk, id) })),
    ...(desk.queue.length > 0 && {
      queue: desk.queue.slice(0, MOST_PLACES_TOLD).map(({ conversation }) => conversation),
    }),
    ...turnMsOf(desk),
  };
}

export function evolve(desk: DeskState, ...events: DeskEvent[]): DeskState {
  return events.reduce(evolveOne, desk);
}

function evolveOne(desk: DeskState, event: DeskEvent): DeskState {
  if (event.type === 'desk-snapshot') {
    const { agents, slots, queue, commands, pace = UNKNOWN_PACE } = event.data;
    return {
      number: event.number,
      agents: new Map(agents.map(({ id, ...agent }) => [id, agent])),
      slots: new Map(slots.map(({ conversation, ...slot }) => [conversation, slot])),
      queue,
      commands,
      pace,
    };
  }
  const agents = new Map(desk.agents);
  const slots = new Map(desk.slots);
  let queue = [...desk.queue];
  const leave = (conversation: string): void => {
    queue = queue.filter((waiting) => waiting.conversation !== conversation);
  };
  switch (event.type) {
    case 'dialogue-queued':
      queue.push({ conversation: event.data.conversation, since: event.time });
      break;
    case 'dialogue-taken': {
      const { conversation, agent, capacity, slot, why } = event.data;
      // Whoever has not been on line may go on with a dialogue all the same; new ones do not come to him.
      if (!agents.has(agent)) agents.set(agent, { state: 'offline', capacity, freeSince: event.time });
      leave(conversation);
      slots.set(conversation, { agent, slot, why, since: event.time });
      break;
    }
    case 'slot-freed':
      leave(event.data.conversation);
      slots.delete(event.data.conversation);
      break;
    case 'agent-state-changed': {
      const { agent, state, capacity, requeued } = event.data;
      agents.set(agent, { state, capacity, freeSince: event.time });
      // They waited before: they go back to the front, oldest first.
      queue = [
        ...requeued.map(({ conversation }) => ({ conversation, since: slots.get(conversation)?.since ?? event.time })),
        ...queue,
      ];
      for (const { conversation } of requeued) slots.delete(conversation);
      break;
    }
  }
  for (const { conversation, agent, slot } of event.data.assigned) {
    leave(conversation);
    slots.set(conversation, { agent, slot, why: 'routed', since: event.time });
    const chosen = agents.get(agent);
    if (chosen) agents.set(agent, { ...chosen, freeSince: event.time });
  }
  return {
    number: event.number,
    agents,
    slots,
    queue,
    commands: [...desk.commands, event.cause].slice(-COMMANDS_REMEMBERED),
    pace: paceAfter(desk, event, queue.length > 0),
  };
}

/** The whole desk as an event, in place of all before. */
export function snapshotOf(desk: DeskState) {
  return {
    agents: [...desk.agents].map(([id, agent]) => ({ id, ...agent })),
    slots: [...desk.slots].map(([conversation, slot]) => ({ conversation, ...slot })),
    queue: [...desk.queue],
    commands: [...desk.commands],
    pace: { since: desk.pace.since, turns: [...desk.pace.turns] },
    after: summaryOf(desk),
  };
}
