// A CRM that is only told and never asked: what is written becomes a message, and the receiver's own memory of ids makes it exactly once in effect.
// Nothing is found and nothing listed, so every dialogue belongs to the lead of its visitor. A receiver that stays away is given up after a day.
import { createHash } from 'node:crypto';
import { type CrmFailure, newId, passesByItself } from '@continuo/contracts';
import { clock } from '@continuo/runtime';
import { parsePartMarker } from '../../domain/note.ts';
import type { ConnectionDetails, Crm } from '../connector.ts';
import { CrmError } from '../crm-error.ts';
import type { Delivery, Subject } from './deliveries.ts';
import { cleanText, type PushMessage, pushMessages } from './messages.ts';

export const GIVEN_UP_AFTER_MS = 24 * 3_600_000;

export interface Carrier {
  /** Who gets the messages, for the words. */
  receiver: string;
  /** Resolves when the receiver has it for good. @throws {CrmError} */
  deliver(message: PushMessage): Promise<void>;
}
type Content = { type: 'lead-changed' | 'transcript-changed' | 'task-changed' | 'deal-changed'; data: object };

export function pushCrm(push: ConnectionDetails['push'], carrier: Carrier, now: () => number = clock.now): Crm {
  if (!push) throw new TypeError('a connector that pushes needs to know its site and the delivery log');
  const { site, id, deliveries } = push;

  async function send(subject: Subject, { type, data }: Content): Promise<void> {
    const digest = createHash('sha256')
      .update(JSON.stringify([type, data]))
      .digest('hex');
    const begun = await deliveries.begin({ site, id }, subject, digest);
    const { version } = begun;
    const message = pushMessages[type].parse({ id: begun.id, v: 1, type, site, data: { ...data, version } });
    const at = now();
    const watch = performance.now();
    const attempt = () => ({ at, version, milliseconds: Math.round(performance.now() - watch) });
    try {
      await carrier.deliver(message);
    } catch (error) {
      if (!(error instanceof CrmError)) throw error;
      const known = givenUp(carrier.receiver, error, begun, at);
      await deliveries.end(
        begun,
        { ...attempt(), outcome: error.fault, words: error.message },
        { since: begun.failingSince ?? at, givenUp: known !== error, refused: !error.outcomeUnknown },
      );
      throw known;
    }
    await deliveries.end(begun, { ...attempt(), outcome: 'delivered' });
  }

  return {
    check: () => carrier.deliver({ id: newId(), v: 1, type: 'connection-tested', site, data: {} }),
    prepare: async () => {},
    findContact: async () => undefined,
    findOwnLead: async () => undefined,
    async upsertLead({ contact: { name, email, phone, externalId }, visitorKey, conversation, ...text }) {
      const contact = cleanValues({ name, email, phone, externalId });
      const [title, description] = [cleanText(text.title), cleanText(text.description)];
      const more = {
        ...(text.facts && { facts: cleanValues(text.facts) }),
        ...(text.fields && { fields: cleanValues(text.fields) }),
      };
      const data = { lead: visitorKey, contact, title, description, unnamed: text.unnamed, ...more };
      await send({ lead: visitorKey, conversation }, { type: 'lead-changed', data });
      return { kind: 'lead', id: visitorKey };
    },
    follow: async (record) => record,
    listNotes: async () => [],
    async upsertNote({ id: lead }, { text, marker }) {
      const place = parsePartMarker(marker);
      if (!place) throw new TypeError('only parts of a dialogue are pushed');
      await send({ lead, ...place }, { type: 'transcript-changed', data: { lead, ...place, text: cleanText(text) } });
      return `${place.conversation}.${place.part}`;
    },
    removeNote: async () => {},
    findTasks: async () => [],
    async createTask({ id: lead }, { conversation, number: task, kind, subject, text, due }) {
      const words = { subject: cleanText(subject), text: cleanText(text), due: new Date(due).toISOString() };
      await send(
        { lead, conversation, task },
        { type: 'task-changed', data: { lead, conversation, task, kind, ...words } },
      );
      return `${conversation}.task.${task}`;
    },
    removeTask: async () => {},
    deals: {
      find: async () => [],
      async create({ id: lead }, { conversation, title, text }) {
        const data = { lead, conversation, title: cleanText(title), text: cleanText(text) };
        await send({ lead, conversation, deal: true }, { type: 'deal-changed', data });
        return `${conversation}.deal`;
      },
      remove: async () => {},
    },
    openUrl: () => undefined,
  };
}

const cleanValues = (values: Record<string, string | undefined>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(values).flatMap(([key, value]) => (value === undefined ? [] : [[key, cleanText(value)]])),
  );

/** What passes by itself is not waited for longer than a day: then a person has to see to the receiver. */
function givenUp(receiver: string, error: CrmError, { failingSince }: Delivery, now: number): CrmError {
  const waits = passesByItself(error.fault as CrmFailure);
  if (!waits || failingSince === undefined || now - failingSince < GIVEN_UP_AFTER_MS) return error;
  return new CrmError(
    'invalid',
    `${receiver} has not taken this for 24 hours and it is not sent any more by itself. Mend the receiver, then try again here. Last: ${error.message}`,
  );
}
