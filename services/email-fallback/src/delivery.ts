// Brings a prepared mail to the mail server and writes down what became of it. The journal says “handing over” before the last bytes go out and
// the outcome after; a mail found handing over with no outcome is never sent again, since it may have arrived: a person is told instead.
import { randomUUID } from 'node:crypto';
import { append, type Bus, newEvent } from '@continuo/bus';
import type { Actor } from '@continuo/contracts';
import { clock, deriveId } from '@continuo/runtime';
import { count, logger } from '@continuo/telemetry';
import type { Letter } from './domain/compose.ts';
import { isSettled, type MailRecord } from './domain/mail-record.ts';
import { nextTry } from './domain/next-try.ts';
import { clip } from './domain/text.ts';
import type { Journal } from './journal.ts';
import type { Mailer } from './smtp.ts';

const WORDS_LENGTH = 400;
/** How soon to look again, at the earliest, at a mail that another try is handing over. */
const SOON = 1_000;
const SELF: Actor = { kind: 'system', id: 'email-fallback' };
const UNCONFIRMED =
  'The mail server was given the mail and did not confirm it. It is not sent again, so that the visitor does not get it twice; whether it arrived is unknown.';

export interface Delivery {
  /** Finishes what a crash left open. @returns the mails as they are now; `openUntil`: when to look again at one being handed over */
  settleOpen(mails: MailRecord[]): Promise<{ mails: MailRecord[]; openUntil: number | undefined }>;
  /** @returns when to look at the conversation again, if that is needed */
  deliver(mail: MailRecord, letter: Letter): Promise<number | undefined>;
}

export interface DeliveryParts {
  bus: Bus;
  journal: Journal;
  mailer: Mailer;
  /** How long a mail may be handing over before it counts as unconfirmed. */
  confirmMs: number;
}

export function delivery({ bus, journal, mailer, confirmMs }: DeliveryParts): Delivery {
  const log = logger('delivery');
  /** Claims whose write had an unknown outcome and whose mail did not go out: if found in the journal, they are void. */
  const voidClaims = new Set<string>();

  async function report(mail: MailRecord): Promise<MailRecord> {
    const { site, conversation: key, upTo, messageId, words = '' } = mail;
    const parts = { site, key, actor: SELF, cause: mail._id, id: deriveId('mail', mail._id, mail.state) };
    const event =
      mail.state === 'sent'
        ? newEvent('mail-sent', { ...parts, data: { messageId, upTo } })
        : newEvent('mail-failed', { ...parts, data: { words, upTo } });
    await append(bus, event, 'any');
    await journal.reported(mail);
    return { ...mail, reported: true };
  }

  async function settle(
    mail: MailRecord,
    state: 'sent' | 'failed' | 'unconfirmed',
    words?: string,
  ): Promise<MailRecord> {
    const settled = await journal.settle(mail, state, clock.now(), words && clip(words, WORDS_LENGTH));
    count('continuo.mail.settled', { state });
    const fields = { site: mail.site, conversation: mail.conversation, mail: mail._id };
    if (state === 'sent') log.info(fields, 'A mail went out.');
    else log.warn({ ...fields, state }, 'A mail did not go out, or nobody knows whether it did.');
    return settled ? report(settled) : mail;
  }

  return {
    async settleOpen(mails) {
      const now: MailRecord[] = [];
      let openUntil: number | undefined;
      for (const mail of mails) {
        const voided = mail.claim !== undefined && voidClaims.has(mail.claim);
        if (isSettled(mail)) now.push(mail.reported ? mail : await report(mail));
        else if (mail.state === 'prepared') now.push(mail);
        else if (voided) {
          await journal.takeBack(mail);
          voidClaims.delete(mail.claim as string);
          now.push({ ...mail, state: 'prepared' });
        } else {
          const patience = (mail.handedOverAt ?? 0) + confirmMs - Date.now();
          now.push(patience > 0 ? mail : await settle(mail, 'unconfirmed', UNCONFIRMED));
          if (patience > 0) openUntil = clock.now() + Math.max(patience, SOON);
        }
      }
      return { mails: now, openUntil };
    },

    async deliver(mail, letter) {
      const claim = randomUUID();
      const outcome = await mailer.send(letter, new Date(clock.now()), async () => {
        try {
          return await journal.handOver(mail, claim);
        } catch (error) {
          voidClaims.add(claim);
          throw error;
        }
      });
      const claimed = { ...mail, claim };
      switch (outcome.kind) {
        case 'taken':
          return void (await settle(claimed, 'sent'));
        case 'refused':
          return void (await settle(claimed, 'failed', `The mail server refused the mail: ${outcome.words}`));
        case 'unknown':
          return void (await settle(claimed, 'unconfirmed', UNCONFIRMED));
        case 'claimed-elsewhere':
          return clock.now() + SOON;
        case 'not-now': {
          const notBefore = nextTry(mail, clock.now());
          const words = clip(`The mail server put the mail off: ${outcome.words}`, WORDS_LENGTH);
          if (notBefore === undefined) return void (await settle(claimed, 'failed', words));
          await journal.takeBack(claimed, { notBefore, words });
          return notBefore;
        }
      }
    },
  };
}
