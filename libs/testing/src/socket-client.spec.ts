import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { expect, test } from '@jest/globals';
import { WebSocketServer } from 'ws';
import { eventually } from './eventually.ts';
import { socketClient } from './socket-client.ts';

test('an address that takes the connection and never answers is left for the next one', async () => {
  const silent = createServer(() => {});
  silent.listen(0, '127.0.0.1');
  const gateway = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  gateway.on('connection', (socket) => socket.on('message', () => socket.send('{"t":"welcome","token":"t"}')));
  await Promise.all([once(silent, 'listening'), once(gateway, 'listening')]);
  const addresses = [silent, gateway].map((server) => `ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const client = socketClient({
    addresses: () => addresses,
    hello: () => ({ t: 'hello' }),
    onFrame: () => {},
    connectWithinMs: 250,
  });
  try {
    await client.ready();
    // On a busy machine the other one may need more than one try.
    expect(client.closed()).toContain(1006);
  } finally {
    await client[Symbol.asyncDispose]();
    gateway.close();
    silent.close();
  }
});

test('what is said on a welcome goes out, the first time and each time it is back', async () => {
  const gateway = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  const heard: string[] = [];
  gateway.on('connection', (socket) =>
    socket.on('message', (data) => {
      const { t } = JSON.parse(String(data)) as { t: string };
      heard.push(t);
      if (t === 'hello') socket.send('{"t":"welcome","token":"t"}');
      else socket.close();
    }),
  );
  await once(gateway, 'listening');
  const client = socketClient({
    addresses: () => [`ws://127.0.0.1:${(gateway.address() as AddressInfo).port}`],
    hello: () => ({ t: 'hello' }),
    onFrame: ({ t }) => {
      if (t === 'welcome') client.send({ t: 'open' });
    },
  });
  try {
    await eventually(() => expect(heard.slice(0, 4)).toEqual(['hello', 'open', 'hello', 'open']));
  } finally {
    await client[Symbol.asyncDispose]();
    gateway.close();
  }
});
