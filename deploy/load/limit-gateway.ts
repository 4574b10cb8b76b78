// The raw limit, first half: WebSocket → JetStream append → acknowledgement, and NATS → WebSocket. The same hops as Continuo, with no logic.
// BATCH: frames that arrive while an append is in flight share the next one. EARLY: forwarded when the append is acknowledged.
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connectBus } from '@continuo/bus';
import { type WebSocket, WebSocketServer } from 'ws';
import { answer } from './worker.ts';

const MOST_IN_FLIGHT = 8;
const MOST_IN_BATCH = 200;
const env = process.env as Record<string, string>;
const batched = env['BATCH'] === '1';
const early = env['EARLY'] === '1';
const bus = await connectBus({
  name: 'admin',
  url: env['NATS_URL'] as string,
  user: 'admin',
  password: env['NATS_PASSWORD'],
});
let screen: WebSocket | undefined;
bus.nc.subscribe('limit-out', {
  callback: (_error, message) => {
    for (const frame of message.string().split('\n')) screen?.send(frame);
  },
});

let waiting: { frame: string; socket: WebSocket }[] = [];
let inFlight = 0;

async function append(batch: typeof waiting): Promise<void> {
  const body = batch.map(({ frame }) => frame).join('\n');
  await bus.js.publish('limit.in', body, { timeout: 30_000 });
  if (early) bus.nc.publish('limit-out', body);
  for (const { socket } of batch) socket.send('ok');
}

async function pump(): Promise<void> {
  while (waiting.length > 0 && inFlight < MOST_IN_FLIGHT) {
    const batch = waiting.slice(0, MOST_IN_BATCH);
    waiting = waiting.slice(MOST_IN_BATCH);
    inFlight += 1;
    void append(batch).then(() => {
      inFlight -= 1;
      void pump();
    });
  }
}

const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false, backlog: 4096 });
server.on('connection', (socket, request) => {
  if (request.url === '/screen') screen = socket;
  socket.on('message', (data) => {
    const frame = data.toString();
    if (!batched) return void append([{ frame, socket }]);
    waiting.push({ frame, socket });
    if (inFlight === 0) void pump();
    else if (waiting.length === 1) setImmediate(pump);
  });
});
await once(server, 'listening');
await bus.nc.flush();
answer({ port: () => (server.address() as AddressInfo).port });
