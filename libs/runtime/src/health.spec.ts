import { expect, test } from '@jest/globals';
import { healthServer } from './health.ts';

test('a service says whether it is ready, names what it lacks, and answers nothing else', async () => {
  let store = true;
  await using server = await healthServer({
    host: '127.0.0.1',
    port: 0,
    ready: { NATS: () => true, MongoDB: async () => store },
  });
  const ask = async (path: string, method = 'GET'): Promise<string> => {
    const answer = await fetch(`http://127.0.0.1:${server.port}${path}`, { method });
    return `${answer.status} ${await answer.text()}`;
  };
  expect(await ask('/livez')).toBe('200 alive\n');
  expect(await ask('/readyz?verbose')).toBe('200 ready\n');
  store = false;
  expect(await ask('/readyz')).toBe('503 not ready: MongoDB does not answer\n');
  expect(await ask('/readyz', 'HEAD')).toBe('503 ');
  expect(await ask('/readyz', 'POST')).toBe('404 ');
  expect(await ask('/metrics')).toBe('404 ');
});
