import { expect, test } from '@jest/globals';
import { AT_ONCE, type Entry, type GateReport, newGate, newGates } from './gate.ts';

const down: GateReport = { failure: 'unreachable', words: 'away' };
const refused: GateReport = { failure: 'refused-access', words: 'token' };
function enter(gate: { enter(): Entry }): Extract<Entry, { open: true }> {
  const entry = gate.enter();
  if (!entry.open) throw new Error('the gate is closed');
  return entry;
}
const setUp = () => {
  const time = { now: 1_000_000 };
  return { time, gate: newGate(() => time.now) };
};

test('few calls go to one CRM at once, the others come again soon', () => {
  const { gate } = setUp();
  const entries = Array.from({ length: AT_ONCE }, () => enter(gate));
  expect(gate.enter()).toMatchObject({ open: false });
  entries[0]?.leave('success');
  expect(gate.enter().open).toBe(true);
});

test('a CRM that is down is left alone, longer and longer, then one call looks', () => {
  const { gate, time } = setUp();
  for (let i = 0; i < 3; i++) enter(gate).leave(down);
  const first = gate.enter();
  expect(first).toMatchObject({ open: false, because: down });
  time.now += 6_000;
  const probe = enter(gate);
  expect(gate.enter().open).toBe(false);
  probe.leave(down);
  const second = gate.enter();
  expect(!second.open && !first.open && second.waitMs > first.waitMs).toBe(true);
  time.now += 60_000;
  enter(gate).leave('success');
  const [one, two] = [enter(gate), enter(gate)];
  one.leave('neither');
  two.leave('neither');
});

test('a token that is refused three times is not tried for a quarter of an hour', () => {
  const { gate } = setUp();
  for (let i = 0; i < 3; i++) enter(gate).leave(refused);
  expect(gate.enter()).toMatchObject({ open: false, waitMs: 15 * 60_000 });
});

test('Retry-After holds all calls of the connection back', () => {
  const { gate } = setUp();
  enter(gate).leave({ failure: 'rate-limited', words: '', retryAfterMs: 7_000 });
  expect(gate.enter()).toMatchObject({ open: false, waitMs: 7_000 });
});

test('a fault of one record does not hold the others back', () => {
  const { gate } = setUp();
  for (let i = 0; i < 10; i++) enter(gate).leave({ failure: 'invalid', words: '' });
  expect(gate.enter().open).toBe(true);
});

test('a saved connection is tried at once, whatever the old one did', () => {
  const gates = newGates();
  for (let i = 0; i < 3; i++) enter(gates('site', 1)).leave(refused);
  expect(gates('site', 1).enter().open).toBe(false);
  expect(gates('site', 2).enter().open).toBe(true);
  expect(gates('other', 1).enter().open).toBe(true);
});
