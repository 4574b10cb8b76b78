// The protocol over plain HTTP, for networks that let no WebSocket through: each request says hello, resumes and carries what is to be said; one more always
// waits for news. Fetched only where it is needed.
import type { VisitorFrame } from '@continuo/contracts/frames';
import type { Wire } from './connection.ts';

export interface HttpWireOptions {
  /** Where a WebSocket would go: now and then one is tried. */
  socket: URL;
  hello(): Promise<VisitorFrame>;
  heard(): void;
  socketsOpen(): void;
}

const WAIT_SECONDS = 15;
/** What a request takes beside its waiting. */
const SLOWNESS_MS = 15_000;
const BETWEEN_MS = 250;
/** A socket that was refused, as during a restart, says little of the network; one that is refused again and again does. Double after each, give or take a half. */
const TRY_SOCKET_AFTER_MS = 20_000;
const TRY_SOCKET_EVERY_MS = 5 * 60_000;

/** Gives `wire` its voice, and speaks through the handlers that are set there. */
export function openHttpWire(wire: Wire, options: HttpWireOptions): void {
  const { socket, hello, heard, socketsOpen } = options;
  const line = new URL('line', location.href);
  const stop = new AbortController();
  const unsaid: string[] = [];
  let listening = false;
  let saying = false;
  let nextTry: ReturnType<typeof setTimeout>;

  async function exchange(said: readonly string[], waitSeconds: number): Promise<void> {
    const body = [JSON.stringify(await hello()), ...said].join('\n');
    const late = AbortSignal.timeout(waitSeconds * 1_000 + SLOWNESS_MS);
    const signal = AbortSignal.any([stop.signal, late]);
    const headers = { 'x-continuo': 'widget' };
    const answer = await fetch(`${line}?wait=${waitSeconds}`, { method: 'POST', body, headers, signal });
    if (!answer.ok || !answer.body) throw new Error(`HTTP ${answer.status}`);
    let rest = '';
    for (const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader(); ; ) {
      const { done, value } = await reader.read();
      if (done) return;
      const frames = (rest + value).split('\n');
      rest = frames.pop() ?? '';
      for (const frame of frames) if (frame && !stop.signal.aborted) hear(frame);
    }
  }
  function hear(data: string): void {
    heard();
    wire.onmessage?.({ data } as never);
  }

  /** The first answer comes at once, the later ones with their news. */
  async function listen(): Promise<void> {
    listening = true;
    await exchange([], 0);
    while (!stop.signal.aborted) {
      await exchange([], WAIT_SECONDS);
      await new Promise((resolve) => setTimeout(resolve, BETWEEN_MS));
    }
  }
  async function say(): Promise<void> {
    if (saying) return;
    saying = true;
    while (unsaid.length > 0) await exchange(unsaid.splice(0), 0);
    saying = false;
  }
  function end(): void {
    if (stop.signal.aborted) return;
    close();
    wire.onclose?.({} as never);
  }
  function close(): void {
    stop.abort();
    clearTimeout(nextTry);
  }

  function trySocketIn(ms: number): void {
    nextTry = setTimeout(
      () => {
        const tried = new WebSocket(socket);
        tried.onopen = () => {
          tried.close();
          socketsOpen();
          end();
        };
        trySocketIn(Math.min(2 * ms, TRY_SOCKET_EVERY_MS));
      },
      ms * (0.5 + Math.random()),
    );
  }
  trySocketIn(TRY_SOCKET_AFTER_MS);
  wire.close = close;
  wire.send = (text) => {
    // The first is a hello, which every request says anew; signs of life are asked of nobody here.
    if (!listening) return void listen().catch(end);
    if (text.startsWith('{"t":"pong"')) return;
    unsaid.push(text);
    say().catch(end);
  };
  wire.onopen?.({} as never);
}
