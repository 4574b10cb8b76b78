// The mail journal, primary documents of this service: what was mailed, what is on its way, what was refused. Each step is a compare-and-set with
// majority, so whatever replicas, restarts and redelivered timers do, a mail is handed to the mail server by one try only.
import { isDuplicateKey, type Store } from '@continuo/store';
import type { mongo } from 'mongoose';
import type { MailRecord } from './domain/mail-record.ts';

export type WantedMail = Pick<
  MailRecord,
  'site' | 'conversation' | 'ordinal' | 'answers' | 'upTo' | 'to' | 'messageId' | 'preparedAt'
>;

export interface Journal {
  /** All mails of a conversation with answers, by ordinal. */
  of(conversation: string): Promise<MailRecord[]>;
  /** The mail with the dialogue that an event asked for. */
  transcript(conversation: string, number: number): Promise<MailRecord[]>;
  /** Writes down the next mail, or what it is to hold now. @returns undefined when another replica has gone on meanwhile */
  prepare(mail: WantedMail): Promise<MailRecord | undefined>;
  /** The prepared mail with answers of a conversation is not wanted any more. */
  withdraw(conversation: string): Promise<void>;
  /** Claims the right to hand the mail over, exactly as prepared. @returns false: somebody else has it, or it has changed */
  handOver(mail: MailRecord, claim: string): Promise<boolean>;
  /** The server did not take it: it is prepared again, for later if `notBefore` is given. */
  takeBack(mail: MailRecord, later?: { notBefore: number; words: string }): Promise<void>;
  /** @returns undefined when another try has settled it or has it */
  settle(
    mail: MailRecord,
    state: 'sent' | 'failed' | 'unconfirmed',
    at: number,
    words?: string,
  ): Promise<MailRecord | undefined>;
  reported(mail: MailRecord): Promise<void>;
}

export async function openJournal(store: Store): Promise<Journal> {
  const mails = store.connection.collection<MailRecord>('mails') as unknown as mongo.Collection<MailRecord>;
  await mails.createIndex({ conversation: 1, ordinal: 1 }, { unique: true });

  /** Ours to change: nobody has claimed it, or the claim is the one we know of. */
  const ours = ({ _id, claim }: MailRecord): mongo.Filter<MailRecord> => ({
    _id,
    $or: [{ state: 'prepared' }, ...(claim === undefined ? [] : [{ state: 'handing-over' as const, claim }])],
  });

  return {
    of: (conversation) =>
      mails
        .find({ conversation, ordinal: { $gt: 0 } })
        .sort({ ordinal: 1 })
        .toArray(),
    transcript: (conversation, number) => mails.find({ conversation, ordinal: -number }).toArray(),

    async prepare({ preparedAt, site, conversation, ordinal, ...content }) {
      const first = { site, conversation, ordinal, preparedAt, attempts: 0, reported: false };
      try {
        const stored = await mails.findOneAndUpdate(
          { _id: `${conversation}:${ordinal}`, state: 'prepared' },
          { $set: content, $setOnInsert: first },
          { upsert: true, returnDocument: 'after' },
        );
        return stored ?? undefined;
      } catch (error) {
        if (isDuplicateKey(error)) return undefined;
        throw error;
      }
    },

    async withdraw(conversation) {
      await mails.deleteOne({ conversation, ordinal: { $gt: 0 }, state: 'prepared' });
    },

    async handOver({ _id, upTo, to }, claim) {
      const { matchedCount } = await mails.updateOne(
        { _id, state: 'prepared', upTo, to },
        { $set: { state: 'handing-over', handedOverAt: Date.now(), claim } },
      );
      return matchedCount === 1;
    },

    async takeBack(mail, later) {
      await mails.updateOne(ours(mail), {
        $set: { state: 'prepared', ...later },
        $unset: { handedOverAt: '', claim: '' },
        ...(later && { $inc: { attempts: 1 } }),
      });
    },

    async settle(mail, state, at, words) {
      const settled = await mails.findOneAndUpdate(
        ours(mail),
        { $set: { state, settledAt: at, ...(words !== undefined && { words }) } },
        { returnDocument: 'after' },
      );
      return settled ?? undefined;
    },

    async reported({ _id }) {
      await mails.updateOne({ _id }, { $set: { reported: true } });
    },
  };
}
