// For every event heard: if it can make a mail due, a timer is set for when that would be. One timer per conversation; an earlier one that stands
// wins, since what it finds it decides from the whole conversation.
import { type Bus, done, type Outcome, retry, type Settings, schedule } from '@continuo/bus';
import { hintAt, type Watched } from '../domain/hint.ts';

export const timerKey = (site: string, conversation: string): string => `${site}-${conversation}`;

export function watchAnswers({ bus, settings }: { bus: Bus; settings: Settings }) {
  return async (event: Watched): Promise<Outcome> => {
    const site = settings.site(event.site);
    // Settings and events travel on different ways: a new site's may come a moment later.
    if (!site) return retry();
    const at = hintAt(event, site.mail.answerDelaySeconds * 1000);
    if (at === undefined) return done;
    const data = { site: event.site, conversation: event.key };
    await schedule(bus, 'unread-answer-due', timerKey(event.site, event.key), at, data, { firstWins: true });
    return done;
  };
}
