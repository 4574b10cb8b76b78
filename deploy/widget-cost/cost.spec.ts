import { expect, test } from '@jest/globals';
import { costIn } from './cost.ts';
import type { TraceEvent } from './visit.ts';

const SHOP = 'http://127.0.0.1:1/';
const GATEWAY = 'http://127.0.0.1:2';
const [PAGE, FRAME, OTHER] = [10, 20, 30];

const event = (name: string, pid: number, more: Partial<TraceEvent> = {}): TraceEvent => ({
  name,
  pid,
  tid: 1,
  ts: 0,
  args: {},
  ...more,
});
const shown = (url: string, pid: number) => event('CommitLoad', pid, { args: { data: { url } } });
const task = (pid: number, ms: number, more: Partial<TraceEvent> = {}) =>
  event('RunTask', pid, { ts: 5, tdur: ms * 1000, dur: ms * 1000, ...more });
const visit = [shown(SHOP, PAGE), shown(`${GATEWAY}/widget/frame.html`, FRAME), event('MarkLoad', PAGE, { ts: 4 })];

test('tasks of the page’s own thread block it by what is over 50 ms on a slower processor', () => {
  const events = [...visit, task(PAGE, 10), task(PAGE, 20), task(PAGE, 13, { dur: 90_000 }), task(FRAME, 30)];
  expect(costIn(events, SHOP, GATEWAY)).toMatchObject({ blocked: 30 + 2, blockedByClock: 40, longest: 120 });
});

test('other threads, other pages and what the page does before it has loaded are not the widget’s longest task', () => {
  const events = [...visit, task(PAGE, 40, { ts: 3 }), task(OTHER, 50), task(PAGE, 60, { tid: 2 }), task(PAGE, 2)];
  expect(costIn(events, SHOP, GATEWAY)).toMatchObject({ longest: 8, blocked: 110 });
});

test('what moves under nobody’s hand is a shift; requests count where they go to the gateway', () => {
  const data = (fields: Record<string, unknown>) => ({ args: { data: fields } });
  const events = [
    ...visit,
    event('LayoutShift', PAGE, data({ score: 0.25, had_recent_input: false })),
    event('LayoutShift', PAGE, data({ score: 0.5, had_recent_input: true })),
    event('ResourceSendRequest', PAGE, data({ url: `${GATEWAY}/widget.js` })),
    event('ResourceSendRequest', PAGE, data({ url: `${SHOP}shop.css` })),
    event('WebSocketCreate', FRAME, data({ url: 'ws://127.0.0.1:2/ws/visitor' })),
  ];
  expect(costIn(events, SHOP, GATEWAY)).toMatchObject({ shift: 0.25, requests: 1, sockets: 1 });
});

test('a page that never came is a fault, and not a page that costs nothing', () => {
  expect(() => costIn([], SHOP, GATEWAY)).toThrow('has not shown http://127.0.0.1:1/');
});
