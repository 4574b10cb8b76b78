// What one visit has cost, read from the browser's trace of it. Pure.
import type { TraceEvent } from './visit.ts';

/** How much slower than this machine the processor is meant to be, as phones are. */
export const SLOWER = 4;
/** What holds up nobody. */
const SHORT = 50_000;

export interface Cost {
  /** Sum of layout shifts, as the browser scores them. */
  shift: number;
  /** Milliseconds by which tasks on the page's thread were longer than 50 ms, by the time that a processor `SLOWER` times slower would have worked. */
  blocked: number;
  /** The same by this machine's own clock, whatever else it was doing. */
  blockedByClock: number;
  /** Milliseconds of the longest task that began after the page had loaded, on any thread that shows the page or the gateway's frame. */
  longest: number;
  /** From `gateway`, without the socket. */
  requests: number;
  sockets: number;
}

export function costIn(events: readonly TraceEvent[], url: string, gateway: string): Cost {
  const text = (event: TraceEvent, name: string): string => String(event.args.data?.[name] ?? '');
  const named = (name: string): TraceEvent[] => events.filter((event) => event.name === name);
  const documents = named('CommitLoad');
  const page = documents.find((event) => text(event, 'url').startsWith(url));
  if (!page) throw new Error(`the browser has not shown ${url}`);
  const threadsOf = (shown: TraceEvent[]) => new Set(shown.map(({ pid, tid }) => `${pid} ${tid}`));
  const tasksOn = (threads: Set<string>) => named('RunTask').filter(({ pid, tid }) => threads.has(`${pid} ${tid}`));
  const onPage = tasksOn(threadsOf([page]));
  const ofGateway = documents.filter((event) => text(event, 'url').startsWith(gateway));
  const loaded = named('MarkLoad').find(({ pid, ts }) => pid === page.pid && ts > page.ts)?.ts ?? page.ts;
  const later = tasksOn(threadsOf([page, ...ofGateway])).filter(({ ts }) => ts > loaded);
  return {
    shift: named('LayoutShift')
      .filter(({ args }) => !args.data?.['had_recent_input'])
      .reduce((sum, { args }) => sum + Number(args.data?.['score']), 0),
    blocked: blocked(onPage.map(slower)),
    blockedByClock: blocked(onPage.map(({ dur = 0 }) => dur)),
    longest: Math.max(0, ...later.map(slower)) / 1000,
    requests: named('ResourceSendRequest').filter((event) => text(event, 'url').startsWith(gateway)).length,
    sockets: named('WebSocketCreate').filter((event) => text(event, 'url').includes(new URL(gateway).host)).length,
  };
}

const slower = ({ tdur = 0 }: TraceEvent): number => tdur * SLOWER;
const blocked = (durations: number[]): number =>
  durations.reduce((sum, duration) => sum + Math.max(0, duration - SHORT), 0) / 1000;
