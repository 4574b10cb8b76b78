// The agent's socket: one at a time, reconnected without end, given up when the other side is silent.
// It knows frames only as things to pass on; `welcome` alone tells that a connection is good.
import type { AgentFrame, ToAgent } from '@continuo/contracts/frames';
import { delayBefore } from './backoff.ts';
import { HEARTBEAT_MS, PROTOCOL_VERSION } from './protocol.ts';

export interface SocketEvents {
  onFrame(frame: ToAgent): void;
  /** The connection is gone; it is being restored by itself. */
  onLost(): void;
  /** The gateway said that trying again is of no use. */
  onFatal(code: string, words: string): void;
}
export interface AgentSocket {
  /** Whether the frame went out; nothing is kept here. */
  send(frame: AgentFrame): boolean;
  end(): void;
}

const SILENT_FOR = 3;

export function openSocket(url: string, events: SocketEvents): AgentSocket {
  let socket: WebSocket | undefined;
  let welcomed = false;
  let attempt = 0;
  let heardAt = 0;
  let pings = 0;
  let ended = false;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let beat: ReturnType<typeof setInterval> | undefined;

  const write = (frame: AgentFrame): boolean => {
    if (socket?.readyState !== WebSocket.OPEN) return false;
    socket.send(JSON.stringify(frame));
    return true;
  };

  function connect(): void {
    clearTimeout(retry);
    if (ended || socket) return;
    const mine = new WebSocket(url);
    socket = mine;
    heardAt = Date.now();
    beat = setInterval(listen, HEARTBEAT_MS / 2);
    mine.onopen = () => write({ t: 'hello', v: PROTOCOL_VERSION });
    mine.onmessage = (message) => {
      if (mine === socket) receive(JSON.parse(String(message.data)) as ToAgent);
    };
    mine.onclose = () => mine === socket && drop(delayBefore(attempt++, Math.random()));
  }

  function receive(frame: ToAgent): void {
    heardAt = Date.now();
    if (frame.t === 'ping') write({ t: 'pong', n: frame.n });
    else if (frame.t === 'move') drop(frame.afterMs);
    else if (frame.t === 'error' && frame.fatal) {
      end();
      events.onFatal(frame.code, frame.words);
    } else if (frame.t !== 'pong') {
      if (frame.t === 'welcome') {
        welcomed = true;
        attempt = 0;
      }
      events.onFrame(frame);
    }
  }

  function listen(): void {
    const silence = Date.now() - heardAt;
    if (silence >= HEARTBEAT_MS * SILENT_FOR) drop(0);
    else if (silence >= HEARTBEAT_MS) write({ t: 'ping', n: ++pings });
  }

  function drop(afterMs: number): void {
    const old = socket;
    socket = undefined;
    welcomed = false;
    clearInterval(beat);
    old?.close();
    if (ended) return;
    events.onLost();
    retry = setTimeout(connect, afterMs);
  }

  function end(): void {
    ended = true;
    clearTimeout(retry);
    removeEventListener('online', connect);
    drop(0);
  }

  addEventListener('online', connect);
  connect();
  return { send: (frame) => welcomed && write(frame), end };
}
