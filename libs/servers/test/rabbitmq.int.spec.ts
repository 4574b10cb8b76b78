// RabbitMQ as `npm start` and the tests get it: from nothing, and with its data kept.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { connect } from 'amqplib';
import { startRabbitMq } from '../src/index.ts';
import { isFree } from '../src/ports.ts';
import { identify } from '../src/process-identity.ts';
import { resolveRabbitMq } from '../src/rabbitmq-resolve.ts';

let scratch: string;
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'continuo-rabbitmq-'));
});
afterAll(() => rm(scratch, { recursive: true, force: true }));

test('what is named in the environment wins, and must be there', async () => {
  expect((await resolveRabbitMq({ env: { RABBITMQ_SERVER_BIN: '/bin/sh' } })).server).toBe('/bin/sh');
  await expect(resolveRabbitMq({ env: { RABBITMQ_SERVER_BIN: '/none' } })).rejects.toThrow(
    /RABBITMQ_SERVER_BIN=\/none/,
  );
});

test('a durable message outlives a restart on another port, and stopping leaves nothing', async () => {
  const first = await startRabbitMq({ dir: join(scratch, 'kept') });
  const writer = await connect(first.url);
  const channel = await writer.createConfirmChannel();
  await channel.assertQueue('kept', { durable: true });
  channel.sendToQueue('kept', Buffer.from('said once'), { persistent: true });
  await channel.waitForConfirms();
  await writer.close();
  await first.stop();
  await first.stop();
  expect(identify(first.pid)).toBeUndefined();
  expect(await isFree(first.port)).toBe(true);

  await using second = await startRabbitMq({ dir: join(scratch, 'kept') });
  const reader = await connect(second.url);
  const got = await (await reader.createChannel()).get('kept', { noAck: true });
  if (!got) throw new Error('the queue is empty');
  expect(got.content.toString()).toBe('said once');
  await reader.close();
}, 600_000);

test('a node that was killed comes back in its folder, on its port', async () => {
  const dir = join(scratch, 'killed');
  const first = await startRabbitMq({ dir });
  process.kill(await nodeIn(dir), 'SIGKILL');
  await first.exited;
  await using second = await startRabbitMq({ dir, port: first.port });
  await (await connect(second.url)).close();
}, 600_000);

/** The Erlang process itself, not the script that waits for it. */
const nodeIn = async (dir: string): Promise<number> => Number(await readFile(join(dir, 'rabbit.pid'), 'utf8'));
