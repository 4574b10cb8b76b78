// The queue of contacts that changed in the company's systems, and beside it what could not be understood: made within the rights that docs/amqp.md lists, and
// where the broker refuses one it is said which and what to grant. Messages are parked through an exchange that is named as the queue behind it: the broker's
// own default exchange would take a right on `amq.default`.
import type { ChannelModel, ConfirmChannel } from 'amqplib';
import { CrmError } from '../crm-error.ts';
import { declareExchange } from './broker.ts';

export interface ContactsQueue {
  queue: string;
  exchange: string;
  username: string;
  site: string;
}

export const parkedOf = (queue: string): string => `${queue}.parked`;

/** @throws {CrmError} what hinders, in words; anything else when the broker went away meanwhile */
export async function openContactsQueue(connection: ChannelModel, contacts: ContactsQueue): Promise<ConfirmChannel> {
  const { queue, exchange, site } = contacts;
  const parked = parkedOf(queue);
  await declareExchange(connection, exchange);
  const channel = await connection.createConfirmChannel();
  channel.on('error', () => {});
  const step = (right: string, thing: string, work: Promise<unknown>) => granted(contacts, { right, thing }, work);
  await step('configure', queue, channel.assertQueue(queue, { durable: true }));
  await step('configure', parked, channel.assertQueue(parked, { durable: true }));
  await step('configure', parked, channel.assertExchange(parked, 'fanout', { durable: true }));
  await step('write and read', parked, channel.bindQueue(parked, parked, ''));
  const bound = channel.bindQueue(queue, exchange, `contact.changed.${site}`);
  await step(`write on “${queue}” and read`, exchange, bound);
  return channel;
}

/** Of one step: which right it takes, and on what. */
export async function granted<T>(
  contacts: ContactsQueue,
  { right, thing }: { right: string; thing: string },
  work: Promise<T>,
): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const why = whyNot(error, contacts, `${right} on “${thing}”`);
    throw why === undefined ? error : new CrmError(why.fault, `${unread(contacts)}: ${why.words}`);
  }
}

export const unread = ({ queue }: Pick<ContactsQueue, 'queue'>): string =>
  `Contacts are not read back from the queue “${queue}”`;

function whyNot(
  error: unknown,
  { username, exchange }: ContactsQueue,
  rights: string,
): { fault: 'refused-access' | 'invalid'; words: string } | undefined {
  const { code } = error as { code?: number };
  if (code === 403)
    return { fault: 'refused-access', words: `the broker refuses the user. Grant “${username}” ${rights}.` };
  if (code === 404) return { fault: 'invalid', words: `the exchange “${exchange}” is not there. Make it.` };
  if (code === 406)
    return {
      fault: 'invalid',
      words:
        'a queue or an exchange of this name is there already and of another kind. Delete it or choose another name.',
    };
  return undefined;
}
