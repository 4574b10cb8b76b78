// A real RabbitMQ as a place for the faults contract, with what can happen to a bus: lines that break, queues that are full or gone, an operator who deletes the
// exchange, restarts the node or lets it run out of memory.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newId } from '@continuo/contracts';
import { freePort, startRabbitMq } from '@continuo/servers';
import { type Channel, type ChannelModel, connect } from 'amqplib';
import { type PushMessage, pushMessages } from '../src/connectors/push/messages.ts';
import {
  concerns,
  type Day,
  daysOf,
  dealsIn,
  type Held,
  keep,
  nothingHeld,
  type PushPlace,
  partsIn,
  tasksIn,
} from './faults-places.ts';
import { type Line, lineTo } from './line.ts';

interface Broker {
  line: Line;
  exchange: string;
  queue: string;
  runOutOfMemory(): Promise<void>;
  /** The company's own. */
  channel(): Channel;
  /** Killed, as a machine that loses its power. */
  kill(): Promise<void>;
}
type BrokerDay = (broker: Broker) => Promise<void> | void;

const TRANSCRIPT = 'transcript-changed';
const DAYS: Record<string, Day<BrokerDay>> = {
  'a confirmation lost after it was taken': {
    failure: 'unreachable',
    bad: ({ line }) => line.breakAt(TRANSCRIPT, 'after'),
  },
  'a connection cut before it was taken': {
    failure: 'unreachable',
    bad: ({ line }) => line.breakAt(TRANSCRIPT, 'before'),
  },
  'a message cut in the middle': { failure: 'unreachable', bad: ({ line }) => line.breakAt(TRANSCRIPT, 'amid') },
  'a broker that dies between the write and its confirmation': {
    failure: 'unreachable',
    bad: ({ line, kill }) => void line.holdAnswersAt(TRANSCRIPT).then(kill),
  },
  'no queue that takes it': {
    failure: 'invalid',
    words: /No queue takes.*changed/,
    bad: ({ channel, queue, exchange }) => void channel().unbindQueue(queue, exchange, '#'),
  },
  'a queue that is full, so that the broker refuses it': {
    failure: 'unreachable',
    words: /did not take/,
    bad: async ({ channel, exchange }) => {
      const full = { 'x-max-length': 0, 'x-overflow': 'reject-publish' };
      await channel().assertQueue(`full.${exchange}`, { durable: true, arguments: full });
      await channel().bindQueue(`full.${exchange}`, exchange, '#');
    },
  },
  'an exchange that somebody deletes, so that the broker closes the channel': {
    failure: 'unreachable',
    bad: async ({ channel, exchange }) => void (await channel().deleteExchange(exchange)),
  },
  'a broker that is out of memory and blocks whoever publishes': {
    failure: 'unreachable',
    words: /takes nothing now.*memory/,
    bad: ({ runOutOfMemory }) => runOutOfMemory(),
  },
};
export const DAYS_OF_A_BROKER = Object.keys(DAYS);

export async function amqpPlace(): Promise<PushPlace> {
  await using stack = new AsyncDisposableStack();
  const dir = await mkdtemp(join(tmpdir(), 'continuo-faults-'));
  stack.defer(() => rm(dir, { recursive: true, force: true }));
  const port = await freePort();
  let rabbit = await startRabbitMq({ dir, port });
  stack.defer(() => rabbit.stop());
  const line = stack.use(await lineTo(port));
  const exchange = `faults.${newId()}`;
  const queue = `company.${newId()}`;
  const held: Held = nothingHeld();
  const messages: PushMessage[] = [];
  const seen = new Set<string>();
  let company: ChannelModel;
  let channel: Channel;
  /** What its operator has to mend. */
  let remedy: (() => Promise<void>) | undefined;

  async function comeToWork(): Promise<void> {
    company = await connect(rabbit.url);
    company.on('error', () => {});
    channel = await company.createChannel();
    channel.on('error', () => {});
    await stand();
    await channel.consume(queue, (message) => {
      if (!message) return;
      const parsed = JSON.parse(message.content.toString('utf8')) as PushMessage;
      const known = pushMessages[parsed.type].parse(parsed) as PushMessage;
      if (!seen.has(known.id)) keep(held, known);
      seen.add(known.id);
      messages.push(known);
      channel.ack(message);
    });
  }
  /** As it should be. */
  async function stand(): Promise<void> {
    await channel.assertExchange(exchange, 'topic', { durable: true });
    await channel.assertQueue(queue, { durable: true });
    await channel.bindQueue(queue, exchange, '#');
    await channel.deleteQueue(`full.${exchange}`);
  }
  await comeToWork();
  stack.defer(async () => void (await company.close().catch(() => {})));

  const broker: Broker = {
    line,
    exchange,
    queue,
    async runOutOfMemory() {
      remedy = () => rabbit.ctl('set_vm_memory_high_watermark', '0.4');
      await rabbit.ctl('set_vm_memory_high_watermark', 'absolute', '1');
    },
    channel: () => channel,
    async kill() {
      remedy = async () => {
        await rabbit.stop();
        rabbit = await startRabbitMq({ dir, port });
        await comeToWork();
      };
      process.kill(-rabbit.pid, 'SIGKILL');
      await rabbit.exited;
    },
  };
  const credentials = { username: 'guest', password: 'guest', exchange };
  const connection = { connector: 'amqp', baseUrl: `amqp://127.0.0.1:${line.port}`, credentials };
  const owned = stack.move();
  return {
    connection,
    large: 3_000_000,
    days: daysOf(DAYS, (bad) => bad(broker)),
    async heal() {
      line.heal();
      if (remedy) await remedy();
      else await stand();
      remedy = undefined;
    },
    holdAnswer: () => {
      void line.holdAnswersAt(TRANSCRIPT);
      return () => line.heal();
    },
    loseTaskAnswer: () => line.breakAt('task-changed', 'after'),
    tasks: async (dialogue) => tasksIn(held, dialogue),
    loseDealAnswer: () => line.breakAt('deal-changed', 'after'),
    deals: async (dialogue) => dealsIn(held, dialogue),
    messages: (dialogue) => messages.filter((message) => concerns(dialogue, message)),
    parts: async (dialogue) => partsIn(held, dialogue),
    leads: async ({ visitor }) => (held.leads.has(visitor) ? 1 : 0),
    lockOut: () => connection,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
