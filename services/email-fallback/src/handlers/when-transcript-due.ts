// A visitor has asked for his dialogue: it is mailed as it was then, once. As with answers, what a crash left open is settled first, so that the redelivered
// timer is all the recovery there is.
import { done, load, type Outcome, retry, schedule } from '@continuo/bus';
import type { Stored, TimerData } from '@continuo/contracts';
import { clock } from '@continuo/runtime';
import { fold, type Transcript } from '@continuo/transcript';
import { isSettled } from '../domain/mail-record.ts';
import { transcriptIdOf } from '../domain/thread.ts';
import { composeTranscript } from '../domain/transcript-letter.ts';
import type { DueParts } from './when-unread-answer-due.ts';

const at = (bus: DueParts['bus'], when: number, data: TimerData<'transcript-due'>): Promise<boolean> =>
  schedule(bus, 'transcript-due', `${data.site}-${data.conversation}-${data.number}`, when, data);

export const onTranscriptRequested =
  ({ bus }: Pick<DueParts, 'bus'>) =>
  async ({ site, key, number }: Stored<'transcript-requested'>): Promise<Outcome> => {
    await at(bus, clock.now(), { site, conversation: key, number });
    return done;
  };

export function whenTranscriptDue({ bus, settings, journal, delivery, timeZone }: DueParts) {
  return async (asked: TimerData<'transcript-due'>): Promise<Outcome> => {
    const { site: siteId, conversation, number } = asked;
    const site = settings.site(siteId);
    if (!site) return retry();
    const { events } = await load(bus, 'CONVERSATION', siteId, conversation);
    const request = events.find((event) => event.number === number);
    // A follower may answer the load a moment behind.
    if (request === undefined) return events.length === 0 ? done : retry();
    if (request.type !== 'transcript-requested') return done;

    const lookAgain = async (when: number): Promise<Outcome> => {
      await at(bus, when, asked);
      return done;
    };
    const { mails, openUntil } = await delivery.settleOpen(await journal.transcript(conversation, number));
    const [before] = mails;
    if (before && isSettled(before)) return done;
    const until = Math.max(openUntil ?? 0, before?.notBefore ?? 0);
    if (until > clock.now()) return lookAgain(until);
    const mail = await journal.prepare({
      site: siteId,
      conversation,
      ordinal: -number,
      answers: [],
      upTo: number,
      to: request.data.email,
      messageId: transcriptIdOf(conversation, number, site.mail.fromAddress),
      preparedAt: clock.now(),
    });
    if (!mail) return retry();
    const transcript = fold(events.filter((event) => event.number <= number)) as Transcript;
    const next = await delivery.deliver(mail, composeTranscript({ transcript, mail, site, timeZone }));
    return next === undefined ? done : lookAgain(next);
  };
}
