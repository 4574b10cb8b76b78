// A world with email-fallback alone: the test writes what the conversation service would have stored, and reads what the visitor gets by mail.
import { append, newEvent, putSite } from '@continuo/bus';
import { type ConversationEvent, newId, timerSubject } from '@continuo/contracts';
import type { CaughtMail } from '@continuo/servers';
import { eventually, startWorld, type World, type WorldOptions } from '@continuo/testing';
import { nanos } from '@nats-io/transport-node';
import type { MailRecord } from '../src/domain/mail-record.ts';
import { timerKey } from '../src/handlers/watch-answers.ts';
import type { Line } from './dialogue.ts';

export const DELAY_MS = 120_000;
/** Longer than the beat of a consumer, shorter than the 30 s of an installation: a killed replica's message comes again sooner. */
const ACK_WAIT_MS = 10_000;

export interface Dialogue {
  readonly id: string;
  readonly email: string;
  /** Stores the lines as the next events, at the product's time. */
  write(...lines: Line[]): Promise<void>;
  /** Resolves when the timer of the conversation stands. */
  timerSet(): Promise<void>;
  mails(): CaughtMail[];
  mailed(count: number): Promise<CaughtMail[]>;
  journal(): Promise<MailRecord[]>;
  /** Types and data of what the MAIL stream tells. */
  reports(): Promise<{ type: string; data: unknown }[]>;
}

export interface Mailroom extends AsyncDisposable {
  readonly world: World;
  dialogue(): Dialogue;
  /** Resolves when nothing is due and nothing is in hand. */
  idle(): Promise<void>;
  parked(): Promise<number>;
}

export async function openMailroom(options: WorldOptions = {}): Promise<Mailroom> {
  const world = await startWorld({
    services: { 'email-fallback': 1 },
    ...options,
    site: { mail: { fromAddress: 'desk@nordhem.example', answerDelaySeconds: DELAY_MS / 1000 } },
  });
  const { admin, site, clock, mail, database } = world;
  await putSite(admin, site);
  await admin.jsm.consumers.update('TIMERS', 'email-fallback-timers', { ack_wait: nanos(ACK_WAIT_MS) });

  function dialogue(): Dialogue {
    const id = newId();
    const email = `${id}@visitor.example`;
    let number = 0;
    let last = 0;
    const mails = () => mail.mails().filter(({ envelope }) => envelope.to.includes(email));
    return {
      id,
      email,
      mails,
      async write(...lines) {
        for (const { type, data } of lines) {
          const event = newEvent(type, {
            site: site.id,
            key: id,
            number: ++number,
            actor: { kind: 'system', id: 'test' },
            cause: newId(),
            time: await clock.now(),
            data: data as never,
          });
          last = (await append(admin, event as ConversationEvent, last)).seq;
        }
      },
      async timerSet() {
        const subject = timerSubject('set', 'email-fallback', 'unread-answer-due', timerKey(site.id, id));
        await eventually(() => admin.jsm.streams.getMessage('TIMERS', { last_by_subj: subject }).then(present));
      },
      async mailed(count) {
        await mail.waitFor(() => mails().length >= count, 50_000);
        return mails();
      },
      journal: () => database.collection('mails').find({ conversation: id }).sort({ ordinal: 1 }).toArray() as never,
      async reports() {
        const found: { type: string; data: unknown }[] = [];
        const consumer = await admin.js.consumers.get('MAIL', { filter_subjects: [`mail.${site.id}.${id}`] });
        const { num_pending: pending } = await consumer.info();
        if (pending === 0) return found;
        for await (const message of await consumer.fetch({ max_messages: pending, expires: 2_000 }))
          found.push({ type: message.headers?.get('Continuo-Type') ?? '', data: message.json() });
        return found;
      },
    };
  }

  return {
    world,
    dialogue,
    async idle() {
      const now = await clock.now();
      await eventually(
        async () => {
          for (const [stream, consumer] of [
            ['CONVERSATION', 'email-fallback'],
            ['TIMERS', 'email-fallback-timers'],
          ] as const) {
            const { num_pending, num_ack_pending } = await admin.jsm.consumers.info(stream, consumer);
            if (num_pending + num_ack_pending > 0) throw new Error(`${consumer} is at work`);
          }
          const standing = (await admin.jsm.streams.info('TIMERS', { subjects_filter: 'timer.set.>' })).state.subjects;
          for (const subject of Object.keys(standing ?? {})) {
            const message = await admin.jsm.streams.getMessage('TIMERS', { last_by_subj: subject });
            if (Number(message?.header.get('Continuo-Due')) <= now) throw new Error('a timer is due');
          }
        },
        { withinMs: 90_000 },
      );
    },
    parked: async () => (await admin.jsm.streams.info('DEAD_LETTERS')).state.messages,
    [Symbol.asyncDispose]: () => world[Symbol.asyncDispose](),
  };
}

function present<T>(found: T | null): T {
  if (found === null) throw new Error('the timer does not stand');
  return found;
}
