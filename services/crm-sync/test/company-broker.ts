// A RabbitMQ of a company's own with a queue on the exchange that Continuo writes to, read as docs/amqp.md asks: ids once, of each thing the greatest version.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startRabbitMq } from '@continuo/servers';
import { connect } from 'amqplib';
import { type PushMessage, pushMessages } from '../src/connectors/push/messages.ts';

export interface CompanyBroker extends AsyncDisposable {
  /** Without a user. */
  readonly url: string;
  readonly exchange: string;
  /** All that were told of. */
  readonly leads: ReadonlySet<string>;
  /** A dialogue, of all that has come by now. */
  text(conversation: string): Promise<string>;
}

export async function startCompanyBroker(): Promise<CompanyBroker> {
  await using stack = new AsyncDisposableStack();
  const dir = await mkdtemp(join(tmpdir(), 'continuo-company-'));
  stack.defer(() => rm(dir, { recursive: true, force: true }));
  const rabbit = await startRabbitMq({ dir });
  stack.defer(() => rabbit.stop());
  const connection = await connect(rabbit.url);
  stack.defer(() => connection.close());
  const channel = await connection.createChannel();
  const [exchange, queue] = ['continuo', 'warehouse'];
  await channel.assertExchange(exchange, 'topic', { durable: true });
  await channel.assertQueue(queue, { durable: true });
  await channel.bindQueue(queue, exchange, '#');
  const parts = new Map<string, Extract<PushMessage, { type: 'transcript-changed' }>['data']>();
  const leads = new Set<string>();

  async function read(): Promise<void> {
    for (let raw = await channel.get(queue); raw; raw = await channel.get(queue)) {
      channel.ack(raw);
      const sent = JSON.parse(raw.content.toString('utf8')) as PushMessage;
      const message = pushMessages[sent.type].parse(sent);
      if (message.type === 'lead-changed') leads.add(message.data.lead);
      if (message.type !== 'transcript-changed') continue;
      const key = `${message.data.conversation} ${message.data.part}`;
      if ((parts.get(key)?.version ?? 0) < message.data.version) parts.set(key, message.data);
    }
  }
  const kept = stack.move();
  return {
    url: `amqp://127.0.0.1:${rabbit.port}`,
    exchange,
    leads,
    async text(conversation) {
      await read();
      return [...parts.values()]
        .filter((part) => part.conversation === conversation)
        .sort((a, b) => a.part - b.part)
        .map(({ text }) => text)
        .join('');
    },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}
