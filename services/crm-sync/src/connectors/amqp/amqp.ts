// AMQP: every change of a lead or a transcript as one message to a topic exchange on the company's own RabbitMQ. What stands at the other end, and how contacts
// come back, is told in docs/amqp.md.
import { clock } from '@continuo/runtime';
import { z } from 'zod';
import type { ConnectionDetails, Connector, Crm, Rate } from '../connector.ts';
import { measured } from '../measured.ts';
import type { PushMessage } from '../push/messages.ts';
import { pushCrm } from '../push/push-crm.ts';
import { noConnection, withBroker } from './broker.ts';
import { granted, openContactsQueue } from './contacts-queue.ts';
import { publish } from './publish.ts';

const name = z.string().regex(/^[\w.:-]{1,200}$/, 'letters, digits and . _ : - only');

const credentials = z.strictObject({
  username: z
    .string()
    .min(1)
    .describe('User of the broker: may write to the exchange, and read from the queue of contacts'),
  password: z.string().min(1).describe('Password of that user'),
  exchange: name.optional().describe('Topic exchange that gets the messages (continuo); made when it is not there'),
  contactsQueue: name
    .optional()
    .describe('Queue that Continuo reads: contacts that changed in the CRM. Without it nothing is read back'),
});
/** A broker takes thousands; whoever reads behind it may be an ordinary CRM. */
const RATE: Rate = { perSecond: 50, burst: 100 };
export const DEFAULT_EXCHANGE = 'continuo';

/** @throws {ZodError} when what is stored does not fit any more */
export function amqpSettings({ baseUrl, credentials: given, outbound }: ConnectionDetails) {
  const { exchange = DEFAULT_EXCHANGE, ...rest } = credentials.parse(given);
  return { url: baseUrl, exchange, outbound, ...rest };
}

export const amqp: Connector = {
  describe: {
    id: 'amqp',
    name: 'RabbitMQ',
    credentials,
    noteLimit: 60_000,
    takesFacts: true,
    idempotent: true,
    schemes: ['amqps', 'amqp'],
  },
  open: (connection, signal) => openAmqp(connection, signal),
};

/** @param options a test's own: its patience */
export function openAmqp(
  connection: ConnectionDetails,
  signal?: AbortSignal,
  { waitMs }: { waitMs?: number } = {},
): Crm {
  const address = amqpSettings(connection);
  const deliver = async (message: PushMessage): Promise<void> => {
    const { outbound } = connection;
    await outbound.pace?.(RATE);
    const mandatory = message.type !== 'connection-tested';
    await measured({ crm: amqp.describe.name, method: 'publish', template: message.type }, () =>
      publish(address, message, { mandatory, signal, waitMs }),
    );
    await outbound.worked?.(true);
  };
  const crm = pushCrm(connection.push, { receiver: 'The broker', deliver }, clock.now);
  const { contactsQueue: queue } = address;
  const site = connection.push?.site;
  if (queue === undefined || site === undefined) return crm;
  const contacts = { ...address, queue, site };
  const checkReading = () =>
    withBroker(address, async ({ connection }) => {
      const channel = await openContactsQueue(connection, contacts);
      // What is not acknowledged is in the queue again when the channel closes.
      await granted(contacts, { right: 'read', thing: queue }, channel.get(queue));
      await channel.close();
    }).catch((error: unknown) => {
      throw noConnection(error);
    });
  return { ...crm, checkReading };
}
