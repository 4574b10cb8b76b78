// The desk is the authority: what it says of a dialogue is written into the conversation, whoever handles it and however often. Pure.
import type { AgentRef, OnStream } from '@continuo/contracts';
import { type Decision, decided, nothing } from '../decision.ts';
import type { Slot } from '../desk/state.ts';
import type { ConversationState } from './state.ts';

/**
 * Makes the conversation agree with its slot at the desk.
 * @param slot what the desk holds for it now; undefined: nobody has it
 * @param agent how that agent is shown
 */
export function followDesk(
  { head }: ConversationState,
  slot: Slot | undefined,
  agent: AgentRef | undefined,
): Decision<OnStream<'CONVERSATION'>> {
  if (!head || head.slot === slot?.slot) return nothing(head?.number ?? 0);
  // A closed conversation gives its slot back; until then the desk still names the old one.
  if (head.status === 'closed' && slot?.why !== 'resumed' && slot?.why !== 'taken') return nothing(head.number);
  if (slot && agent) return decided('agent-assigned', { agent, slot: slot.slot, why: slot.why });
  if (!slot && head.agent && head.slot)
    return decided('agent-released', { agent: head.agent, slot: head.slot, why: 'gone' });
  return nothing(head.number);
}
