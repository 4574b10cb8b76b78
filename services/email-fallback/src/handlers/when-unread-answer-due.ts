// A timer fired: loads the conversation and the journal, decides anew, and mails all unseen answers together. Whatever was left open by a crash is
// settled here first, so the redelivered timer is all the recovery there is.
import { type Bus, done, lastOf, load, type Outcome, retry, type Settings, schedule } from '@continuo/bus';
import type { TimerData } from '@continuo/contracts';
import { clock } from '@continuo/runtime';
import { fold } from '@continuo/transcript';
import type { Delivery } from '../delivery.ts';
import { compose } from '../domain/compose.ts';
import { due } from '../domain/due.ts';
import { messageIdOf } from '../domain/thread.ts';
import type { Journal } from '../journal.ts';
import { timerKey } from './watch-answers.ts';

export interface DueParts {
  bus: Bus;
  settings: Settings;
  journal: Journal;
  delivery: Delivery;
  /** Of the times that stand in mails. */
  timeZone: string;
}

export function whenUnreadAnswerDue({ bus, settings, journal, delivery, timeZone }: DueParts) {
  return async ({ site: siteId, conversation }: TimerData<'unread-answer-due'>): Promise<Outcome> => {
    const site = settings.site(siteId);
    if (!site) return retry();
    // A follower may answer the load a moment behind: what the leader had before it must be in it.
    const newest = await lastOf(bus, 'CONVERSATION', siteId, conversation);
    const { events, lastSeq } = await load(bus, 'CONVERSATION', siteId, conversation);
    if (newest && lastSeq < newest.seq) return retry();
    const transcript = fold(events);
    if (!transcript) return done;

    const lookAgain = async (at: number): Promise<Outcome> => {
      await schedule(bus, 'unread-answer-due', timerKey(siteId, conversation), at, { site: siteId, conversation });
      return done;
    };
    const { mails, openUntil } = await delivery.settleOpen(await journal.of(conversation));
    const found = due(transcript, mails, { delayMs: site.mail.answerDelaySeconds * 1000, now: clock.now() });
    switch (found.what) {
      case 'nothing':
        await journal.withdraw(conversation);
        return openUntil === undefined ? done : lookAgain(openUntil);
      case 'wait':
        return lookAgain(Math.min(found.until, openUntil ?? Number.POSITIVE_INFINITY));
      case 'mail': {
        const mail = await journal.prepare({
          site: siteId,
          conversation,
          ordinal: found.ordinal,
          answers: found.answers.map(({ number }) => number),
          upTo: found.upTo,
          to: found.to,
          messageId: messageIdOf(conversation, found.upTo, site.mail.fromAddress),
          preparedAt: clock.now(),
        });
        if (!mail) return retry();
        const letter = compose({ transcript, answers: found.answers, thread: mails, site, mail, timeZone });
        const next = await delivery.deliver(mail, letter);
        return next === undefined ? done : lookAgain(next);
      }
    }
  };
}
