// A visitor may have waited for too long. The conversation and the desk as they are now say whether the chat is missed, and why; said once, whoever asks.
import { type Bus, done, type Outcome, retry, schedule } from '@continuo/bus';
import type { Actor, TimerData } from '@continuo/contracts';
import { clock, deriveId } from '@continuo/runtime';
import { decideMissed, overdueAt } from '../domain/conversation/missed.ts';
import type { Domain } from '../handle.ts';
import { timerKey } from './watch-waiting.ts';

const actor: Actor = { kind: 'system', id: 'waiting' };

export const whenAnswerOverdue =
  (bus: Bus, domain: Domain) =>
  (data: TimerData<'answer-overdue'>): Promise<Outcome> =>
    lookWhetherMissed(bus, domain, data);

export async function lookWhetherMissed(
  bus: Bus,
  domain: Domain,
  { site, conversation }: TimerData<'answer-overdue'>,
): Promise<Outcome> {
  const afterSeconds = domain.settings.site(site)?.missedAfterSeconds;
  if (afterSeconds === undefined) return done;
  const { state: before } = await domain.conversations.current(site, conversation);
  const id = deriveId('missed', conversation, String(before.wait?.since ?? 0));
  const result = await domain.conversations.act(site, conversation, { id, actor }, async (state) => {
    const { state: desk } = await domain.desks.current(site, '');
    return decideMissed(state, { now: clock.now(), afterSeconds, desk, slot: desk.slots.get(conversation) });
  });
  if (result.kind === 'refusal') return retry();
  // He was answered and waits again, or the site gives more time now.
  const at = overdueAt(result.state.wait, afterSeconds);
  if (at !== undefined && !result.state.wait?.left)
    await schedule(bus, 'answer-overdue', timerKey(site, conversation), at, { site, conversation });
  return done;
}
