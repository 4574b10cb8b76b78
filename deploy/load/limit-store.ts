// The raw limit, second half: pull consumer → MongoDB (majority, journaled) → NATS. What arrives while an insert is in flight shares the next one.
import { connectBus } from '@continuo/bus';
import { connectStore } from '@continuo/store';
import { answer } from './worker.ts';

const MOST_IN_BATCH = 500;
const env = process.env as Record<string, string>;
const early = env['EARLY'] === '1';
const bus = await connectBus({
  name: 'admin',
  url: env['NATS_URL'] as string,
  user: 'admin',
  password: env['NATS_PASSWORD'],
});
const store = await connectStore({ url: env['MONGO_URL'] as string, database: 'limit' });
const messages = store.connection.collection('messages');
const known = await bus.jsm.streams.names('limit.>').next();
if (known.length > 0) await bus.jsm.streams.delete('LIMIT');
await bus.jsm.streams.add({
  name: 'LIMIT',
  subjects: ['limit.>'],
  storage: 'file',
  num_replicas: Number(env['REPLICAS']),
});
await bus.jsm.consumers.add('LIMIT', { durable_name: 'store', ack_policy: 'all', max_ack_pending: 50_000 });

let waiting: { message: { ack(): void }; frames: string[] }[] = [];
let writing = false;
async function write(): Promise<void> {
  if (writing) return;
  writing = true;
  while (waiting.length > 0) {
    const batch = waiting.slice(0, MOST_IN_BATCH);
    waiting = waiting.slice(MOST_IN_BATCH);
    const frames = batch.flatMap((one) => one.frames);
    await messages.insertMany(
      frames.map((text) => ({ text })),
      { ordered: false },
    );
    if (!early) bus.nc.publish('limit-out', frames.join('\n'));
    batch.at(-1)?.message.ack();
  }
  writing = false;
}
async function consume(): Promise<void> {
  const consumer = await bus.js.consumers.get('LIMIT', 'store');
  for await (const message of await consumer.consume({ max_messages: 2_000 })) {
    waiting.push({ message, frames: message.string().split('\n') });
    void write();
  }
}
void consume();
answer({});
