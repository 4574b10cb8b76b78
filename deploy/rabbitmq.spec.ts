import { expect, test } from '@jest/globals';
import { offerRabbitMq } from './rabbitmq.ts';

async function said(url: string | undefined, begin: () => Promise<{ url: string }>): Promise<string> {
  const lines: string[] = [];
  await offerRabbitMq({ url, begin, say: (line) => void lines.push(line) });
  return lines.join('\n');
}

test('the broker of the environment is used as it is, and its password is not shown', async () => {
  const begin = () => Promise.reject(new Error('it was started'));
  const words = await said('amqps://anna:s3cret@bus.example.com:5671/crm', begin);
  expect(words).toContain('amqps://bus.example.com:5671/crm');
  expect(words).not.toMatch(/anna|s3cret|started/);
});

test('one that is started is told where it listens; one that cannot be had is a plain sentence', async () => {
  expect(await said(undefined, async () => ({ url: 'amqp://guest:guest@127.0.0.1:4104' }))).toMatch(
    /listens at amqp:.*:4104.*docs\/amqp\.md/,
  );
  const missing = () => Promise.reject(new Error('install one and set RABBITMQ_SERVER_BIN to its rabbitmq-server.'));
  expect(await said(undefined, missing)).toMatch(/^There is no RabbitMQ: install one.*Nothing in the demo needs it/);
});
