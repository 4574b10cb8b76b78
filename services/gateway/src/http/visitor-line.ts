// POST /widget/line?wait=SECONDS: the visitor's protocol where no WebSocket comes through. The body is what the client says, a frame a line, hello first;
// the answer is what it is told, a frame a line. Each request stands for itself and resumes as a new socket does, so any replica may take it. It ends when
// all that was said has its answer and, where the client waits for news, some have been told or the time is over: proxies that hold an answer back until it
// is whole delay nothing.
import { MAX_FRAME_BYTES } from '@continuo/contracts/frames';
import { type RequestHandler, type Response, text } from 'express';
import { CLOSE, end, type Wire } from '../connection.ts';
import type { Gateway } from '../gateway.ts';
import { openLine } from '../socket.ts';
import { ownPagesOnly } from './security.ts';

const MOST_BYTES = 4 * MAX_FRAME_BYTES;
const MOST_FRAMES = 100;
/** Below the heartbeat, so a line that is over in time is asked for no sign of life. */
const LONGEST_WAIT_MS = 15_000;
const ANSWERS_WITHIN_MS = 10_000;
/** What belongs together is told in one go. */
const QUIET_MS = 40;
/** Told to each request, new or not. */
const NO_NEWS = /^\{"t":"(?:welcome|pong|service)"/;
/** While a hello is answered: how things stand, e.g. the place in the queue. Who waits in it would never wait here if that were news. */
const NO_NEWS_AT_HELLO = /^\{"t":"(?:welcome|pong|service|availability)"/;

export const visitorLine = (gateway: Gateway): RequestHandler[] => [
  ownPagesOnly(gateway),
  text({ type: () => true, limit: MOST_BYTES }),
  async (request, response) => {
    if (gateway.lines.draining) return void response.status(503).set('Retry-After', '1').end();
    const said = typeof request.body === 'string' ? request.body.split('\n', MOST_FRAMES + 1) : [];
    if (said.length > MOST_FRAMES) return void response.status(413).type('text').send('Too many frames.\n');
    response.set({ 'Content-Type': 'application/x-ndjson', 'Cache-Control': 'no-store', 'X-Accel-Buffering': 'no' });
    const wire = wireOf(response);
    const line = openLine(gateway, '/ws/visitor', wire, request);
    response.on('close', line.closed);
    for (const frame of said) {
      if (frame !== '') await line.hear(frame);
      wire.greeted();
    }

    const { connection } = line;
    const waitMs = Math.min(LONGEST_WAIT_MS, 1_000 * (Number(request.query['wait']) || 0));
    await wire.quiet(
      () => connection.ended || (!connection.commands?.size && (waitMs === 0 || wire.hasNews())),
      waitMs || ANSWERS_WITHIN_MS,
    );
    end(connection, CLOSE.later, 'answered');
  },
];

interface HttpWire extends Wire {
  hasNews(): boolean;
  /** The hello has been heard: what is told from now on has just happened. */
  greeted(): void;
  /** Resolves when nothing more is told for a moment and it `isEnough`, or the time is over. */
  quiet(isEnough: () => boolean, withinMs: number): Promise<void>;
}

/** An answer over HTTP in the place of a socket. */
function wireOf(response: Response): HttpWire {
  let news = false;
  let noNews = NO_NEWS_AT_HELLO;
  let onTold = () => {};
  return {
    hasNews: () => news,
    greeted() {
      noNews = NO_NEWS;
    },
    quiet: (isEnough, withinMs) =>
      new Promise((resolve) => {
        let soon: NodeJS.Timeout | undefined;
        const over = () => {
          clearTimeout(soon);
          clearTimeout(late);
          resolve();
        };
        const late = setTimeout(over, withinMs);
        onTold = () => {
          clearTimeout(soon);
          soon = setTimeout(() => isEnough() && over(), QUIET_MS);
        };
        onTold();
        response.on('close', over);
      }),
    get bufferedAmount() {
      return response.writableLength;
    },
    send(bytes) {
      news ||= !noNews.test(bytes.subarray(0, 24).toString('latin1'));
      response.write(bytes);
      response.write('\n');
      onTold();
    },
    ping: (_data, _mask, left) => void response.write('\n', left),
    close: () => void response.end(),
    terminate: () => void response.destroy(),
  };
}
