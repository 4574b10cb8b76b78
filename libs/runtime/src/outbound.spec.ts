import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openOutbound } from './outbound.ts';

let connections = 0;
const server = http.createServer((request, response) => {
  const slow = request.url === '/slow' ? 1_500 : 0;
  setTimeout(() => response.end('here'), slow);
});
server.on('connection', () => {
  connections += 1;
});
server.keepAliveTimeout = 60_000;
beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
afterAll(() => {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(resolve));
});

const { httpAgent } = openOutbound('127.0.0.1:*');
const get = (path: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const { port } = server.address() as AddressInfo;
    http
      .get({ agent: httpAgent, host: '127.0.0.1', port, path }, (response) => {
        response.setEncoding('utf8').on('data', resolve);
      })
      .on('error', reject);
  });

test('requests share a connection, one that rests is closed from this side, and one that waits for its answer is not', async () => {
  await get('/');
  await get('/');
  expect(connections).toBe(1);
  expect(await get('/slow')).toBe('here');
  expect(connections).toBe(1);
  await sleep(1_600);
  await get('/');
  expect(connections).toBe(2);
});

test('an address without a host is none, whatever stands around the gap', async () => {
  const outbound = openOutbound('127.0.0.1:*');
  for (const url of ['amqp://', 'amqps:///shop', 'amqp:crm.example', 'amqp://:5672'])
    expect(await outbound.objection(url, ['amqps', 'amqp'])).toMatch(/needed|names no host/);
  expect(await outbound.objection('amqp://', ['amqps', 'amqp'])).toBe(
    'The address names no host: it looks like amqps://crm.example.com.',
  );
  expect(await outbound.objection('amqp://127.0.0.1', ['amqps', 'amqp'])).toBeUndefined();
});
