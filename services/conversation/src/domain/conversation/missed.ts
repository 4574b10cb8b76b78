// A chat is missed when a visitor wrote and nobody answered within the time that his site allows, or before he ended it himself. Said once for each time
// that he waited. A message that he left while nobody was there is none, nor is what he asked to be called about: he knows that he is answered later. Pure.
import type { MissedCause, OnStream } from '@continuo/contracts';
import { type Decision, decided, nothing } from '../decision.ts';
import { availabilityOf, type DeskState } from '../desk/state.ts';
import type { ConversationState, Wait } from './state.ts';

/** Until when his wait may be answered; undefined: nobody waits, or it was said already. */
export const overdueAt = (wait: Wait | undefined, afterSeconds: number): number | undefined =>
  wait && !wait.missed ? wait.at + afterSeconds * 1000 : undefined;

export function decideMissed(
  { head, wait }: ConversationState,
  {
    now,
    afterSeconds,
    desk,
    slot,
  }: { now: number; afterSeconds: number; desk: DeskState; slot: { agent: string } | undefined },
): Decision<OnStream<'CONVERSATION'>> {
  const due = overdueAt(wait, afterSeconds);
  if (!head || !wait || due === undefined) return nothing(head?.number ?? 0);
  if (wait.left) return decided('conversation-missed', { since: wait.since, cause: 'visitor-left' });
  if (now < due) return nothing(head.number);
  return decided('conversation-missed', { since: wait.since, cause: causeOf(desk, slot) });
}

function causeOf(desk: DeskState, slot: { agent: string } | undefined): MissedCause {
  if (slot) return 'not-accepted';
  const availability = availabilityOf(desk);
  if (availability === 'busy') return 'all-at-capacity';
  return availability === 'free' ? 'not-accepted' : 'nobody-online';
}
