// Routing: decide(desk, command) names at once who gets which dialogue, so that an assignment is one append. First come first served, never over
// capacity, never idle while somebody waits. Pure.
import type { AgentState, Assignment, DataOf, DeskEvent, OnStream } from '@continuo/contracts';
import { type Decision, decided, nothing, refused } from '../decision.ts';
import { chooseAgent } from './choose-agent.ts';
import { type DeskState, evolve, loadOf, summaryOf } from './state.ts';

export type DeskCommand =
  /** A dialogue wants an agent. */
  | { name: 'queue'; conversation: string; prefer?: string | undefined }
  /** An agent takes it by hand, on line or not; `over`: whoever has it does so no longer (it was closed). `capacity` counts for one whom the desk has not met. */
  | {
      name: 'take';
      conversation: string;
      agent: string;
      capacity: number;
      why: 'taken' | 'resumed';
      over?: 'closed' | undefined;
    }
  /** A person gives it to an agent, from whoever has it. */
  | { name: 'assign'; conversation: string; agent: string; capacity: number }
  | { name: 'free'; conversation: string }
  | { name: 'set-state'; agent: string; state: AgentState; capacity: number };

export interface DeskContext {
  id: string;
  now: number;
  /** Makes the id of a slot. */
  newSlot: () => string;
}
export type DeskDecision = Decision<OnStream<'DESK'>>;
type Change = Exclude<OnStream<'DESK'>, 'desk-snapshot'>;

export const AT_CAPACITY = refused(
  'agent-at-capacity',
  'All places are taken. The next dialogue comes when one is free.',
);

export function decide(desk: DeskState, command: DeskCommand, context: DeskContext): DeskDecision {
  if (desk.commands.includes(context.id)) return nothing(desk.number);
  const held = 'conversation' in command ? desk.slots.get(command.conversation) : undefined;
  switch (command.name) {
    case 'queue': {
      if (held || desk.queue.some(({ conversation }) => conversation === command.conversation))
        return nothing(desk.number);
      return changed(desk, 'dialogue-queued', { conversation: command.conversation }, context, command.prefer);
    }
    case 'take': {
      if (held?.agent === command.agent) return nothing(desk.number);
      if (held && command.over === undefined) return refused('already-taken', 'A colleague has this dialogue.');
      return give(desk, command, command.why, context);
    }
    case 'assign': {
      if (held?.agent === command.agent) return nothing(desk.number);
      return give(desk, command, 'assigned', context);
    }
    case 'free': {
      if (!held && !desk.queue.some(({ conversation }) => conversation === command.conversation))
        return nothing(desk.number);
      return changed(desk, 'slot-freed', { conversation: command.conversation }, context);
    }
    case 'set-state': {
      const { agent, state, capacity } = command;
      const requeued =
        state === 'offline'
          ? [...desk.slots].filter(([, slot]) => slot.agent === agent).sort(([, a], [, b]) => a.since - b.since)
          : [];
      const known = desk.agents.get(agent);
      const same = known ? known.state === state && known.capacity === capacity : state === 'offline';
      if (same && requeued.length === 0) return nothing(desk.number);
      return changed(
        desk,
        'agent-state-changed',
        { agent, state, capacity, requeued: requeued.map(([conversation, { slot }]) => ({ conversation, slot })) },
        context,
      );
    }
  }
}

function give(
  desk: DeskState,
  { conversation, agent, capacity }: { conversation: string; agent: string; capacity: number },
  why: 'taken' | 'resumed' | 'assigned',
  context: DeskContext,
): DeskDecision {
  if (loadOf(desk, agent) >= (desk.agents.get(agent)?.capacity ?? capacity)) return AT_CAPACITY;
  const from = desk.slots.get(conversation)?.agent;
  return changed(
    desk,
    'dialogue-taken',
    { conversation, agent, capacity, slot: context.newSlot(), why, ...(from !== undefined && { from }) },
    context,
  );
}

/** The event, with all assignments that it makes possible and the desk as it is afterwards. */
function changed<K extends Change>(
  desk: DeskState,
  type: K,
  data: Omit<DataOf<K>, 'assigned' | 'after'>,
  context: DeskContext,
  prefer?: string,
): DeskDecision {
  const assigned: Assignment[] = [];
  const after = (): DeskState =>
    evolve(desk, {
      type,
      number: desk.number + 1,
      time: context.now,
      cause: context.id,
      data: { ...data, assigned },
    } as unknown as DeskEvent);
  let next = after();
  for (let head = next.queue[0]; head; head = next.queue[0]) {
    const agent = chooseAgent(next, next.queue.length === 1 ? prefer : undefined);
    if (agent === undefined) break;
    assigned.push({ conversation: head.conversation, agent, slot: context.newSlot() });
    next = after();
  }
  return decided(type, { ...data, assigned, after: summaryOf(next) } as unknown as DataOf<K>) as DeskDecision;
}
