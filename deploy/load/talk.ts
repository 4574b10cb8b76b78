// Visitors who write and the one screen that sees everything, on one clock. Which message it is and when it was sent stand in the text, each behind a `~`,
// so that a delivery is measured without parsing a frame.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type WebSocket from 'ws';
import { quantile } from './figures.ts';

const FILLING = 'x'.repeat(150);
const LATE_MS = 30_000;

export interface Talkers {
  /** Number of visitors. */
  readonly count: number;
  send(visitor: number, text: string): void;
  readonly screen: WebSocket;
}
export interface Measured {
  perSecond: number;
  p50: number;
  p99: number;
  /** Sent and not seen within half a minute. */
  lost: number;
  /** Seen more than once. */
  doubled: number;
  /** Seen, each counted once. */
  seen: number;
  /** Milliseconds that the generator itself stood still at a stretch, e.g. to collect garbage: no message was sent or seen meanwhile. */
  stoodStill: number;
}

/** Sends at an even rate. */
export function steady(talkers: Talkers, rate: number, seconds: number): Promise<Measured> {
  return measure(talkers, async (send) => {
    const start = performance.now();
    for (let sent = 0; sent < rate * seconds; await sleep(1)) {
      const due = Math.min(rate * seconds, Math.floor(((performance.now() - start) / 1000) * rate) + 1);
      for (; sent < due; sent++) send();
    }
  });
}

/** Keeps so many on their way, as fast as they arrive: the maximum. */
export function saturated(talkers: Talkers, window: number, seconds: number): Promise<Measured> {
  return measure(talkers, async (send, onTheWay) => {
    const end = performance.now() + seconds * 1000;
    while (performance.now() < end) {
      while (onTheWay() < window) send();
      await sleep(0);
    }
  });
}

async function measure(
  { count, send, screen }: Talkers,
  drive: (send: () => void, onTheWay: () => number) => Promise<void>,
): Promise<Measured> {
  const latencies: number[] = [];
  const seen = new Set<string>();
  let doubled = 0;
  let sent = 0;
  const see = (data: WebSocket.RawData): void => {
    const [, which, at] = data.toString().split('~', 3);
    if (which === undefined) return;
    if (seen.has(which)) doubled += 1;
    else latencies.push(performance.now() - Number(at));
    seen.add(which);
  };
  screen.on('message', see);
  const own = monitorEventLoopDelay({ resolution: 1 });
  own.enable();
  const start = performance.now();
  await drive(
    () => {
      const which = sent++;
      send(which % count, `~${which}~${performance.now()}~${FILLING}`);
    },
    () => sent - latencies.length,
  );
  const perSecond = latencies.length / ((performance.now() - start) / 1000);
  for (const end = performance.now() + LATE_MS; latencies.length < sent && performance.now() < end; ) await sleep(20);
  screen.off('message', see);
  own.disable();
  const sorted = Float64Array.from(latencies).sort();
  const seenOnce = sorted.length;
  return {
    perSecond,
    p50: quantile(sorted, 0.5),
    p99: quantile(sorted, 0.99),
    lost: sent - seenOnce,
    doubled,
    seen: seenOnce,
    stoodStill: own.max / 1e6,
  };
}
