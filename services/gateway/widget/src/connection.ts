// The one socket of a page, and nothing else: hello, heartbeat, endless reconnecting. It knows no dialogue; what frames mean is said in
// client.ts. It lives in the frame on the gateway's origin and not in the site's page, so that no script of that page can read the token
// or the dialogue; the frame is loaded when the page is idle and brings no code of the panel.
import type { ErrorFrame, ToVisitor, VisitorFrame } from '@continuo/contracts/frames';
import { HEARTBEAT } from './limits.ts';

/** For a welcome, and for a sign of life where nobody waits for it. */
const ANSWER_WITHIN = 10_000;
/** Where it is waited for; also for the first welcome: where sockets hang, another way is soon tried (ways.ts). */
const PROOF_WITHIN = 4_000;
const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 30_000;
const STEADY_AFTER = 10_000;

/** `refused`: the gateway will not have us; nothing is tried any more. */
export type Line = 'opening' | 'live' | 'lost' | 'refused';

/** The part of a WebSocket that is used. */
export interface Wire {
  send(text: string): void;
  close(): void;
  onopen: ((event: never) => void) | null;
  onmessage: ((event: never) => void) | null;
  onclose: ((event: never) => void) | null;
}
export interface Surroundings {
  /** @param hello for a wire that has to say it more than once */
  wire(hello: () => Promise<VisitorFrame>): Wire;
  now(): number;
  /** Runs it later; the answer takes that back. */
  later(ms: number, run: () => void): () => void;
  random(): number;
  /** The visitor sees the page. */
  inSight(): boolean;
  /** False only where the browser knows that there is no network. */
  online(): boolean;
}
export interface Talk {
  hello(): Promise<VisitorFrame>;
  onFrame(frame: ToVisitor): void;
  onLine(line: Line): void;
  /** The token is no longer good: the next hello goes without it. */
  onTokenRefused(): void;
}
export interface Connection {
  /** False when there is no welcomed socket; the caller keeps what matters and sends it after the next welcome. */
  send(frame: VisitorFrame): boolean;
  /** The page came back or the visitor asks: find out at once whether the line holds. */
  wake(): void;
  /** Says hello anew, to be told what is missing. */
  restart(): void;
  /** For good. */
  stop(): void;
}

export function openConnection(talk: Talk, around: Surroundings): Connection {
  let wire: Wire | undefined;
  let line: Line = 'opening';
  let heardAt = 0;
  let liveSince = 0;
  let failures = 0;
  let cancelNext = () => {};
  /** While a proof is awaited. */
  let cancelProof: (() => void) | undefined;
  let pings = 0;

  const put = (frame: VisitorFrame) => wire?.send(JSON.stringify(frame));
  const next = (ms: number, run: () => void) => {
    cancelNext();
    cancelNext = around.later(ms, run);
  };
  const setLine = (to: Line) => {
    if (line === to) return;
    line = to;
    talk.onLine(to);
  };

  function open(): void {
    const mine = around.wire(talk.hello);
    wire = mine;
    heardAt = around.now();
    mine.onopen = async () => {
      const hello = await talk.hello();
      if (wire === mine) put(hello);
    };
    mine.onmessage = (event: { data: string }) => {
      if (wire === mine) hear(event.data);
    };
    mine.onclose = () => {
      if (wire === mine) lose();
    };
    next(line === 'opening' ? PROOF_WITHIN : ANSWER_WITHIN, lose);
  }

  function hear(text: string): void {
    heardAt = around.now();
    believe();
    const frame = JSON.parse(text) as ToVisitor;
    if (frame.t === 'ping') put({ t: 'pong', n: frame.n });
    else if (frame.t === 'move') next(frame.afterMs, restart);
    else if (frame.t === 'error') hearError(frame);
    else if (frame.t === 'welcome') {
      liveSince = heardAt;
      next(HEARTBEAT, beat);
      setLine('live');
      talk.onFrame(frame);
    } else if (frame.t !== 'pong') talk.onFrame(frame);
  }

  function hearError(error: ErrorFrame): void {
    talk.onFrame(error);
    if (!error.fatal) return;
    if (error.code === 'not-logged-in') talk.onTokenRefused();
    else if (error.code !== 'unavailable' && error.code !== 'too-many') {
      drop();
      setLine('refused');
      return;
    }
    lose(error.retryAfterMs);
  }

  function beat(): void {
    const silence = around.now() - heardAt;
    if (silence >= HEARTBEAT && !cancelProof) prove(ANSWER_WITHIN);
    next(HEARTBEAT - (silence % HEARTBEAT), beat);
  }

  /** Whatever comes from the gateway is the proof that the line holds. */
  function prove(within: number): void {
    put({ t: 'ping', n: ++pings });
    believe();
    cancelProof = around.later(within, lose);
  }
  function believe(): void {
    cancelProof?.();
    cancelProof = undefined;
  }

  function drop(): void {
    cancelNext();
    believe();
    const old = wire;
    wire = undefined;
    old?.close();
  }

  /** Not waiting for the socket's own farewell: on a dead network that takes minutes. */
  function lose(pauseMs?: number): void {
    if (line === 'live' && around.now() - liveSince > STEADY_AFTER) failures = 0;
    drop();
    setLine('lost');
    const pause = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** failures++) * (0.5 + around.random());
    next(Math.max(pause, pauseMs ?? 0), open);
  }

  function restart(): void {
    if (around.now() - liveSince < STEADY_AFTER) lose();
    else {
      drop();
      setLine('lost');
      open();
    }
  }

  function wake(): void {
    if (line === 'live') {
      if (around.online()) prove(PROOF_WITHIN);
      else lose();
    } else if (line === 'lost') {
      failures = 0;
      drop();
      open();
    }
  }

  open();
  return {
    send(frame) {
      if (line !== 'live' || !wire) return false;
      put(frame);
      if (frame.t === 'command') cancelProof ??= around.later(ANSWER_WITHIN, wake);
      return true;
    },
    wake,
    restart,
    stop: drop,
  };
}
