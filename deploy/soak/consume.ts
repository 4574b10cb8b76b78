// A company's own consumer, written from docs/amqp.md and nothing else: reads its durable queue, has each message on the disk before it acknowledges it, and
// comes back when the broker does. Imports no product code.
//   node deploy/soak/consume.ts URL EXCHANGE QUEUE FILE       prints “ready” when it reads for the first time
import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect } from 'amqplib';

const [url = '', exchange = '', queue = '', file = ''] = process.argv.slice(2);
const disk = openSync(file, 'a');
let ended = false;
let told = false;
process.once('SIGTERM', () => {
  ended = true;
  closeSync(disk);
  process.exit(0);
});

while (!ended) {
  await readUntilItBreaks().catch(() => {});
  await sleep(300);
}

async function readUntilItBreaks(): Promise<void> {
  const connection = await connect(url);
  const broken = new Promise<void>((resolve) => {
    connection.on('error', () => resolve());
    connection.on('close', () => resolve());
  });
  const channel = await connection.createChannel();
  channel.on('error', () => {});
  await channel.assertExchange(exchange, 'topic', { durable: true });
  await channel.assertQueue(queue, { durable: true });
  await channel.bindQueue(queue, exchange, '#');
  await channel.prefetch(20);
  await channel.consume(queue, (message) => {
    if (!message) return void connection.close().catch(() => {});
    const { messageId, type } = message.properties;
    const { redelivered, routingKey } = message.fields;
    const line = { messageId, type, redelivered, routingKey, body: message.content.toString('utf8') };
    writeSync(disk, `${JSON.stringify(line)}\n`);
    fsyncSync(disk);
    channel.ack(message);
  });
  if (!told) process.stdout.write('ready\n');
  told = true;
  await broken;
}
