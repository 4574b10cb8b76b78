// A visitor wrote: a timer is set for when his wait would be too long. One timer per conversation; an earlier one that stands wins, since what it finds it
// decides from the whole conversation. Who ends his dialogue unanswered is looked at right away.
import { type Bus, done, type Outcome, schedule } from '@continuo/bus';
import type { Stored } from '@continuo/contracts';
import type { Domain } from '../handle.ts';
import { lookWhetherMissed } from './when-answer-overdue.ts';

type Watched = Stored<
  'conversation-started' | 'message-sent' | 'offline-message-left' | 'conversation-closed' | 'callback-requested'
>;

export function watchWaiting(bus: Bus, domain: Domain) {
  return async (event: Watched): Promise<Outcome> => {
    const { site, key: conversation } = event;
    const afterSeconds = domain.settings.site(site)?.missedAfterSeconds;
    if (afterSeconds === undefined) return done;
    if (event.type === 'conversation-closed')
      return event.data.by.kind === 'visitor' ? lookWhetherMissed(bus, domain, { site, conversation }) : done;
    const wrote = event.type === 'conversation-started' || event.type === 'message-sent';
    if (!wrote || event.data.author.kind !== 'visitor' || event.data.channel === 'mail') return done;
    const at = event.time + afterSeconds * 1000;
    await schedule(
      bus,
      'answer-overdue',
      timerKey(site, conversation),
      at,
      { site, conversation },
      { firstWins: true },
    );
    return done;
  };
}

export const timerKey = (site: string, conversation: string): string => `${site}-${conversation}`;
