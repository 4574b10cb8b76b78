// What the console knows of its own session.

import type { AgentWelcome, ToAgent } from '@continuo/contracts/frames';
import { expect, test } from '@jest/globals';
import { initialSession, isOnline, lost, myDesk, receiveInSession } from './state.ts';

const ME = 'a000000000000000000001';
const welcome: AgentWelcome = {
  t: 'welcome',
  me: { id: ME, site: 's000000000000000000001', name: 'Anna', role: 'agent', email: 'anna@shop.example', capacity: 5 },
  site: { id: 's000000000000000000001', name: 'Shop' },
  agents: [],
  desk: { availability: 'free', waiting: 0, agents: [{ id: ME, state: 'online', load: 3, capacity: 5 }] },
  inbox: [],
  time: 5000,
};

test('the welcome says who I am, and how much of my desk is taken', () => {
  const state = receiveInSession(initialSession, welcome, 1000);
  expect(state.connection).toEqual({ state: 'live', since: 1000 });
  expect(state.clockOffset).toBe(4000);
  expect(myDesk(state)).toMatchObject({ state: 'online', load: 3, capacity: 5 });
});

test('an agent whom the desk does not know is offline', () => {
  const state = receiveInSession(initialSession, { ...welcome, desk: { ...welcome.desk, agents: [] } }, 0);
  expect(myDesk(state)).toEqual({ state: 'offline', load: 0, capacity: 5 });
});

test('a lost connection keeps the time of the first loss', () => {
  const state = lost(lost(receiveInSession(initialSession, welcome, 0), 100), 900);
  expect(state.connection).toEqual({ state: 'lost', since: 100 });
});

test('an event from the future moves the product’s clock, one from the past does not', () => {
  const state = receiveInSession(initialSession, welcome, 1000);
  const event = (time: number) => ({ t: 'event', event: { time } }) as ToAgent;
  expect(receiveInSession(state, event(4000), 1000)).toBe(state);
  expect(receiveInSession(state, event(605_000), 1000).clockOffset).toBe(604_000);
});

test('a full store is told as that until something is stored again', () => {
  const refused: ToAgent = { t: 'refused', id: 'k', refusal: 'full', words: '', retryAfterMs: 5000 };
  const full = receiveInSession(receiveInSession(initialSession, welcome, 1000), refused, 1000);
  expect(full.full).toBe(true);
  const event = { t: 'event', event: { time: 1000 } } as ToAgent;
  expect(receiveInSession(full, { ...refused, refusal: 'unavailable' }, 1000).full).toBe(true);
  expect(receiveInSession(full, event, 1000).full).toBe(false);
});

test('presence is forgotten with the connection that told it', () => {
  const state = receiveInSession(initialSession, { t: 'presence', visitor: 'v', online: true }, 0);
  expect(state.online).toEqual({ v: true });
  expect(receiveInSession(state, welcome, 0).online).toEqual({});
});

test('a visitor of whom nobody says that he is here is away, a moment after the welcome', () => {
  const state = receiveInSession(initialSession, welcome, 1000);
  expect(isOnline(state, 'v', 1500)).toBeUndefined();
  expect(isOnline(state, 'v', 6000)).toBe(false);
  expect(isOnline(receiveInSession(state, { t: 'presence', visitor: 'v', online: true }, 2000), 'v', 6000)).toBe(true);
  expect(isOnline(lost(state, 2000), 'v', 6000)).toBeUndefined();
});
