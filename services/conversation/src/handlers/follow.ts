// What the desk decided is written into the conversations it names. The desk as it is now counts, not the event that told of it, so redelivery, order and
// replicas do not matter; a snapshot makes all open dialogues agree again.

import { done, type HandlerContext, type Outcome } from '@continuo/bus';
import type { Actor, DeskEvent } from '@continuo/contracts';
import type { Result } from '../aggregates.ts';
import { followDesk } from '../domain/conversation/follow-desk.ts';
import type { ConversationState } from '../domain/conversation/state.ts';
import { agentRef, type Domain } from '../handle.ts';
import { refusedTo } from './refused.ts';

const actor: Actor = { kind: 'system', id: 'desk' };

/** Writes into a conversation what the desk says of it now. */
export const follow = (
  domain: Domain,
  site: string,
  conversation: string,
  id: string,
): Promise<Result<ConversationState>> =>
  domain.conversations.act(site, conversation, { id, actor }, async (state) => {
    const { state: desk } = await domain.desks.current(site, '');
    const slot = desk.slots.get(conversation);
    return followDesk(state, slot, slot && agentRef(domain.settings, site, slot.agent));
  });

export function following(domain: Domain) {
  return async (event: DeskEvent, context: Pick<HandlerContext, 'delivery'>): Promise<Outcome> => {
    const { site } = event;
    for (const conversation of namedIn(event)) {
      const result = await follow(domain, site, conversation, `${event.id}-${conversation}`);
      if (result.kind === 'refusal') return refusedTo('follow', result, { site, conversation }, context);
    }
    return done;
  };
}

function namedIn(event: DeskEvent): Set<string> {
  if (event.type === 'desk-snapshot') return new Set(event.data.slots.map(({ conversation }) => conversation));
  const names = new Set(event.data.assigned.map(({ conversation }) => conversation));
  if (event.type === 'dialogue-taken') names.add(event.data.conversation);
  if (event.type === 'agent-state-changed') for (const { conversation } of event.data.requeued) names.add(conversation);
  return names;
}
