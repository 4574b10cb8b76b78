// A socket that does nothing by itself: a test says each frame and sees each answer, and how it ended.
import { once } from 'node:events';
import { eventually, type Frame, keepOutOf } from '@continuo/testing';
import WebSocket from 'ws';

export interface RawSocket extends AsyncDisposable {
  readonly frames: Frame[];
  readonly closed: () => number | undefined;
  say(frame: unknown): void;
  /** Waits for a frame of this kind that fits. */
  heard(t: string, fits?: (frame: Frame) => boolean): Promise<Frame>;
}

export async function rawSocket(
  gateway: string,
  door: 'visitor' | 'agent',
  headers: Record<string, string>,
): Promise<RawSocket> {
  const ws = new WebSocket(`${gateway.replace(/^http/, 'ws')}/ws/${door}`, { headers });
  const frames: Frame[] = [];
  let code: number | undefined;
  ws.on('message', (data) => {
    const frame = JSON.parse(String(data)) as Frame;
    if (frame.t === 'welcome') keepOutOf({ token: frame['token'] });
    frames.push(frame);
  });
  ws.on('close', (given) => {
    code = given;
  });
  await once(ws, 'open');
  return {
    frames,
    closed: () => code,
    say: (frame) => {
      keepOutOf(typeof frame === 'string' ? parsed(frame) : frame);
      ws.send(typeof frame === 'string' ? frame : JSON.stringify(frame));
    },
    heard: (t, fits = () => true) =>
      eventually(() => {
        const found = frames.find((frame) => frame.t === t && fits(frame));
        if (!found) throw new Error(`no ${t} among ${frames.map(({ t, code = '' }) => `${t} ${code}`).join(', ')}`);
        return found;
      }),
    [Symbol.asyncDispose]: async () => ws.terminate(),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
