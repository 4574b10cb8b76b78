// Conversations that want an agent go to the desk, closed ones leave it. Named for every event that may change that; what counts is the conversation as it is
// now, looked at again after acting, so replicas may handle its events in any order.

import { done, type HandlerContext, type Outcome } from '@continuo/bus';
import type { Actor, Stored } from '@continuo/contracts';
import { deriveId } from '@continuo/runtime';
import { actOnDesk, type Domain } from '../handle.ts';
import { follow } from './follow.ts';
import { refusedTo } from './refused.ts';

const actor: Actor = { kind: 'system', id: 'routing' };

export function routing(domain: Domain) {
  return async (
    event: Stored<
      'conversation-started' | 'message-sent' | 'offline-message-left' | 'callback-requested' | 'conversation-closed'
    >,
    context: Pick<HandlerContext, 'delivery'>,
  ): Promise<Outcome> => {
    // Most messages change nothing at the desk; only those that open a closed conversation again do.
    if (event.type === 'message-sent' && event.data.reopens === undefined) return done;
    const { site, key: conversation } = event;
    for (;;) {
      const before = await domain.conversations.current(site, conversation);
      const head = before.state.head;
      if (!head) return done;
      const closed = head.status === 'closed';
      const envelope = {
        site,
        actor,
        id: deriveId('route', conversation, String(head.number), closed ? 'free' : 'queue'),
      };
      const prefer = head.last?.author === 'agent' ? lastAgent(head.participants) : undefined;
      if (closed || head.status === 'waiting') {
        const result = await actOnDesk(
          domain,
          envelope,
          closed ? { name: 'free', conversation } : { name: 'queue', conversation, prefer },
        );
        if (result.kind === 'refusal') return refusedTo('route', result, { site, conversation }, context);
        // Closed and written into again before the desk heard of it: whoever had the dialogue has it still, which no news of the desk will tell.
        if (!closed && result.kind === 'nothing') {
          const followed = await follow(domain, site, conversation, `${event.id}-${conversation}`);
          if (followed.kind === 'refusal') return refusedTo('route', followed, { site, conversation }, context);
        }
      }
      const after = await domain.conversations.current(site, conversation);
      if (after.seq === before.seq) return done;
    }
  };
}

const lastAgent = (participants: Record<string, { kind: string; id: string }>): string | undefined =>
  Object.values(participants).findLast(({ kind }) => kind === 'agent')?.id;
