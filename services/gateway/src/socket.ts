// The two doors for sockets, `/ws/visitor` and `/ws/agent`. Every frame is parsed by the catalogue before anything looks at it:
// a bad one is answered as such and never more than that. One ticker watches all sockets; none has a timer of its own.
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { HEARTBEAT_MS, MAX_FRAME_BYTES, PROTOCOL_VERSION } from '@continuo/contracts/frames';
import { count, inSpan, logger, watchGauge } from '@continuo/telemetry';
import { WebSocketServer } from 'ws';
import { addressOf } from './address.ts';
import { greetAgent } from './agent-hello.ts';
import { PARTS } from './agent-leases.ts';
import { onAgentFrame, onAgentGone } from './agent-socket.ts';
import { CLOSE, type Connection, end, fail, failForNow, send, type Wire } from './connection.ts';
import { confirmLate, refuseCommand } from './forward.ts';
import type { Gateway } from './gateway.ts';
import type { Session } from './hub.ts';
import { type Bucket, takeOne } from './limits.ts';
import { type Door, type Frame, isDoor, parseFrame } from './parse-frame.ts';
import { greetVisitor } from './visitor-hello.ts';
import { onVisitorFrame, onVisitorGone } from './visitor-socket.ts';

const log = logger('socket');
const HELLO_WITHIN_MS = 10_000;
const SILENCE_MS = 3 * HEARTBEAT_MS;
/** The other side may answer the end of the socket for so long: who reads slowly has much to read before it. */
const FAREWELL_MS = 20_000;
const MINUTE = 60_000;
const DOORS: readonly Door[] = ['/ws/visitor', '/ws/agent'];
/** Frames beyond the limit, or unfit ones, after which a socket is ended. */
const MOST_EXCESS = 300;

/** One open socket: who is behind it is known once he is welcome. */
interface Line {
  readonly door: Door;
  readonly connection: Connection;
  state: 'new' | 'greeting' | 'welcome';
  session: Session | undefined;
  /** Since the last frame. */
  pings: number;
  readonly frames: Bucket;
  excess: number;
}
/** All that are open on this gateway. */
export interface Lines {
  readonly open: Set<Line>;
  readonly perAddress: Map<string, number>;
  /** From now on none is opened. */
  draining: boolean;
}
export const noLines = (): Lines => ({ open: new Set(), perAddress: new Map(), draining: false });

/** The end of a line that whoever carries its bytes holds. */
export interface CarriedLine {
  readonly connection: Connection;
  /** A frame as text, or undefined for what is none. Resolves when it was handled; never rejects. */
  hear(text: string | undefined): Promise<void>;
  closed(): void;
}
export interface Sockets {
  readonly connections: Iterable<Connection>;
  readonly count: number;
  /** Called every few seconds: heartbeats, late acknowledgements, sockets that never said hello. */
  tick(): void;
  /** From now on no socket is opened. */
  close(): void;
}

export function acceptSockets(server: Server, gateway: Gateway): Sockets {
  const { lines, config } = gateway;
  // An agent's lease ends so long after his last word: he is asked for one in time.
  const agentBeatMs = Math.min(HEARTBEAT_MS, (config.CONTINUO_AGENT_LEASE_SECONDS * 1_000) / PARTS);
  const acceptor = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: MAX_FRAME_BYTES,
  });

  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const path = request.url?.split('?', 1)[0] ?? '';
    if (!isDoor(path)) return turnAway(socket, '404 Not Found');
    if (lines.draining) return turnAway(socket, '503 Service Unavailable');
    acceptor.handleUpgrade(request, socket, head, (ws) => {
      const line = openLine(gateway, path, ws, request);
      ws.on('message', (data, isBinary) => void line.hear(isBinary ? undefined : data.toString()));
      ws.on('error', (error) => log.debug({ reason: error.message }, 'A socket failed.'));
      ws.on('close', line.closed);
    });
  });

  const openAt = (door: Door): number => [...lines.open].filter((line) => line.door === door).length;
  watchGauge('continuo.socket.open', () =>
    DOORS.map((door) => ({ value: openAt(door), labels: { door: sideOf({ door }) } })),
  );

  return {
    connections: { [Symbol.iterator]: () => lines.open.values().map(({ connection }) => connection) },
    get count() {
      return lines.open.size;
    },
    tick() {
      const now = performance.now();
      for (const line of lines.open) beat(line, line.door === '/ws/agent' ? agentBeatMs : HEARTBEAT_MS, now);
    },
    close() {
      lines.draining = true;
    },
  };
}

/** Whoever comes through a door, by whatever carries his frames. One too many from his address is told so and ended. */
export function openLine(gateway: Gateway, door: Door, ws: Wire, request: IncomingMessage): CarriedLine {
  const { config, limits, lines } = gateway;
  const now = performance.now();
  const address = addressOf(request, config.CONTINUO_PROXY_HOPS);
  const { origin, host, cookie } = request.headers;
  const connection: Connection = {
    ws,
    address,
    origin,
    host,
    cookie: door === '/ws/agent' ? cookie : undefined,
    heardAt: now,
    endedAt: undefined,
    openedAt: now,
    commands: undefined,
    ended: false,
  };
  const frames = { left: config.CONTINUO_LIMIT_FRAMES_PER_SOCKET, at: now };
  const line: Line = { door, connection, state: 'new', session: undefined, pings: 0, frames, excess: 0 };
  const open = (lines.perAddress.get(address) ?? 0) + 1;
  lines.perAddress.set(address, open);
  lines.open.add(line);
  const waitMs = open > config.CONTINUO_LIMIT_SOCKETS_PER_ADDRESS ? HELLO_WITHIN_MS : limits.connects.take(address);
  if (waitMs > 0) failForNow(connection, 'too-many', 'Too many connections come from this address.', waitMs);
  return {
    connection,
    hear: (text) => onMessage(gateway, line, text),
    closed() {
      if (!lines.open.delete(line)) return;
      connection.ended = true;
      const left = (lines.perAddress.get(address) ?? 1) - 1;
      if (left > 0) lines.perAddress.set(address, left);
      else lines.perAddress.delete(address);
      gone(gateway, line);
    },
  };
}

/** Node listens to the errors of a socket no longer once it asks for an upgrade: one that breaks now would end the process. */
function turnAway(socket: Duplex, status: string): void {
  socket.on('error', () => socket.destroy());
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

async function onMessage(gateway: Gateway, line: Line, text: string | undefined): Promise<void> {
  const { connection } = line;
  if (connection.ended) return;
  connection.heardAt = performance.now();
  line.pings = 0;
  const frame = text === undefined ? undefined : parseFrame(line.door, text);
  count('continuo.socket.frames.in', { door: sideOf(line), type: kindOf(frame) });
  if (!frame) {
    if (exceeds(line)) return;
    return fail(connection, 'bad-frame', 'This frame does not fit the protocol.');
  }
  if (frame === 'version')
    return fail(connection, 'version', `This gateway speaks version ${PROTOCOL_VERSION}.`, { fatal: true });
  await traced(line, frame, () => onFrame(gateway, line, frame)).catch((error: unknown) => {
    log.error({ err: error, frame: frame.t }, 'A frame could not be handled.');
    if (line.state === 'welcome') fail(connection, 'unavailable', 'Something went wrong here. Try again.');
    else failForNow(connection, 'unavailable', 'Something went wrong here. Try again.', HELLO_WITHIN_MS);
  });
}

/** A trace begins where somebody waits for an answer; what is typed and looked at is too much and too little for one. */
const traced = (line: Line, frame: Frame, work: () => Promise<void>): Promise<void> =>
  frame.t === 'command' || frame.t === 'query'
    ? inSpan(`frame ${sideOf(line)} ${frame.t}`, { kind: 'server', fields: { 'continuo.command.id': frame.id } }, work)
    : work();
const sideOf = ({ door }: Pick<Line, 'door'>) => (door === '/ws/agent' ? 'agent' : 'visitor');
const kindOf = (frame: ReturnType<typeof parseFrame>): string =>
  frame === undefined ? 'bad' : frame === 'version' ? 'hello' : frame.t;

/** Counts a frame that should not have come. @returns whether it was one too many */
function exceeds(line: Line): boolean {
  line.excess += 1;
  if (line.excess <= MOST_EXCESS) return false;
  failForNow(line.connection, 'too-many', 'Too many frames.', HELLO_WITHIN_MS);
  return true;
}

/** A parsed frame: within the socket's rate, it goes to whoever handles it. */
async function onFrame(gateway: Gateway, line: Line, frame: Frame): Promise<void> {
  const { connection, session } = line;
  if (frame.t === 'pong') return;
  const most = gateway.config.CONTINUO_LIMIT_FRAMES_PER_SOCKET;
  const waitMs = takeOne(line.frames, most, MINUTE, performance.now());
  if (waitMs > 0) return tooMany(line, frame, waitMs);
  if (frame.t === 'ping') return send(connection, { t: 'pong', n: frame.n });
  if (frame.t === 'hello') return hello(gateway, line, frame);
  if (session?.kind === 'visitor') return onVisitorFrame(gateway, session, frame as never);
  if (session?.kind === 'agent') return onAgentFrame(gateway, session, frame as never);
  fail(connection, 'bad-frame', 'Say hello and wait for the welcome first.');
}

/** What waits for an answer gets one, so that it is sent again. */
function tooMany(line: Line, frame: Frame, retryAfterMs: number): void {
  const { connection } = line;
  if (exceeds(line)) return;
  if (frame.t === 'command') refuseCommand(connection, frame.id, 'too-many', 'Too many frames.', retryAfterMs);
  else if (frame.t === 'query')
    send(connection, { t: 'answer', id: frame.id, ok: false, refusal: 'too-many', words: 'Too many frames.' });
  else fail(connection, 'too-many', 'Too many frames.', { retryAfterMs });
}

async function hello(gateway: Gateway, line: Line, frame: Extract<Frame, { t: 'hello' }>): Promise<void> {
  if (line.state !== 'new') return fail(line.connection, 'bad-frame', 'Hello was said already.');
  line.state = 'greeting';
  line.session =
    'site' in frame ? await greetVisitor(gateway, line.connection, frame) : await greetAgent(gateway, line.connection);
  if (!line.session) return;
  line.state = 'welcome';
  // The socket may have closed while it was greeted.
  if (line.connection.ended) gone(gateway, line);
}

function gone(gateway: Gateway, line: Line): void {
  const { session } = line;
  line.session = undefined;
  if (session?.kind === 'visitor') onVisitorGone(gateway, session);
  else if (session?.kind === 'agent') onAgentGone(gateway, session);
}

function beat(line: Line, everyMs: number, now: number): void {
  const { connection, state } = line;
  const silence = now - connection.heardAt;
  const isOver = connection.endedAt === undefined ? silence >= SILENCE_MS : now - connection.endedAt >= FAREWELL_MS;
  if (isOver) return void connection.ws.terminate();
  if (connection.ended) return;
  if (state === 'new' && now - connection.openedAt > HELLO_WITHIN_MS) return end(connection, CLOSE.refused, 'no hello');
  if (silence >= everyMs * (line.pings + 1)) send(connection, { t: 'ping', n: ++line.pings });
  if (line.excess > 0) line.excess -= 1;
  confirmLate(connection, now);
}
