import { expect, test } from '@jest/globals';
import {
  type Admission,
  admit,
  afterLife,
  afterNothing,
  afterReport,
  CLOSED,
  type GateReport,
  LONGEST_PAUSE_MS,
} from './breaker.ts';

const down: GateReport = { failure: 'unreachable', words: 'away' };
const refused: GateReport = { failure: 'refused-access', words: 'token' };

/** A breaker with a clock of its own. */
const setUp = (random = 0.5) => {
  let breaker = CLOSED;
  const time = { now: 1_000_000 };
  return {
    time,
    enter(): Admission {
      const next = admit(breaker, time.now);
      breaker = next.breaker;
      return next.admission;
    },
    tell(report: GateReport | 'success', lived = false) {
      breaker = afterReport(breaker, report, time.now, random, lived);
    },
    live(wrote: boolean) {
      breaker = afterLife(breaker, wrote);
    },
    tellNothing() {
      breaker = afterNothing(breaker);
    },
    breaker: () => breaker,
  };
};

test('a CRM that is down is left alone, longer and longer up to hours, then one call looks', () => {
  const { enter, tell, time, breaker } = setUp();
  for (let i = 0; i < 3; i++) tell(down);
  const pauses: number[] = [];
  for (let i = 0; i < 20; i++) {
    const closed = enter();
    if (closed.open || closed.waitMs === undefined) throw new Error('open although it is down');
    pauses.push(closed.waitMs);
    time.now += closed.waitMs;
    expect(enter()).toEqual({ open: true, probe: true });
    expect(enter()).toMatchObject({ open: false });
    tell(down);
  }
  expect(pauses).toEqual([...pauses].sort((one, other) => one - other));
  expect(pauses.at(-1)).toBeGreaterThan(3_600_000);
  expect(pauses.at(-1)).toBeLessThanOrEqual(LONGEST_PAUSE_MS);
  time.now += LONGEST_PAUSE_MS;
  enter();
  tell('success');
  expect(breaker()).toEqual(CLOSED);
  expect([enter(), enter()]).toEqual(Array(2).fill({ open: true, probe: false }));
});

test('two that fail together do not come back together', () => {
  const until = [0, 0.9].map((random) => {
    const { tell, breaker } = setUp(random);
    for (let i = 0; i < 9; i++) tell(down);
    return breaker().pausedUntil;
  });
  expect(until[0]).not.toBe(until[1]);
});

test('a key that is refused three times is not tried again by itself, ever', () => {
  const { enter, tell, time } = setUp();
  let tries = 0;
  for (let i = 0; i < 1_000; i++) {
    if (enter().open) {
      tries += 1;
      tell(refused);
    }
    time.now += 3_600_000;
  }
  expect(tries).toBe(3);
  expect(enter()).toEqual({ open: false, waitMs: undefined });
});

test('a key that is refused now and then is stopped too, whatever fails in between', () => {
  const { enter, tell } = setUp();
  for (const report of [refused, { failure: 'server-error', words: '' } as const, refused, refused]) tell(report);
  expect(enter()).toEqual({ open: false, waitMs: undefined });
});

test('after the first refusal one tries at a time', () => {
  const { enter, tell } = setUp();
  tell(refused);
  expect(enter()).toEqual({ open: true, probe: true });
  expect(enter()).toMatchObject({ open: false });
});

test('whoever looks and dies is followed by another', () => {
  const { enter, tell, time } = setUp();
  tell(refused);
  enter();
  time.now += 61_000;
  expect(enter()).toEqual({ open: true, probe: true });
});

test('whoever looks and learns nothing leaves it to the next', () => {
  const { enter, tell, tellNothing } = setUp();
  tell(refused);
  enter();
  tellNothing();
  expect(enter()).toEqual({ open: true, probe: true });
});

test('Retry-After holds all calls of the connection back', () => {
  const { enter, tell } = setUp();
  tell({ failure: 'rate-limited', words: '', retryAfterMs: 7_000 });
  expect(enter()).toEqual({ open: false, waitMs: 7_000 });
});

test('a CRM that asks to slow down without saying for how long is given a second, then longer and longer', () => {
  const { enter, tell, time } = setUp();
  const pauses = Array.from({ length: 4 }, () => {
    tell({ failure: 'rate-limited', words: '' });
    const closed = enter();
    if (closed.open || closed.waitMs === undefined) throw new Error('not held back');
    time.now += closed.waitMs;
    return closed.waitMs;
  });
  expect(pauses).toEqual([875, 1_750, 3_500, 7_000]);
});

test('a fault of one record does not hold the others back', () => {
  const { enter, tell } = setUp();
  for (let i = 0; i < 10; i++) tell({ failure: 'invalid', words: '' });
  expect(enter()).toEqual({ open: true, probe: false });
});

test('failures with a call between that succeeded do not add up: a CRM that fails now and then is not left alone', () => {
  const { enter, tell, live } = setUp();
  for (let i = 0; i < 50; i++) {
    tell(down);
    tell(down);
    live(false);
    expect(enter()).toEqual({ open: true, probe: false });
  }
  for (let i = 0; i < 3; i++) tell(down);
  expect(enter()).toMatchObject({ open: false });
});

test('a run that got somewhere before it failed adds nothing to those before, however many end together', () => {
  const { enter, tell, time } = setUp();
  for (let i = 0; i < 20; i++) tell(down, true);
  expect(enter()).toEqual({ open: true, probe: false });
  for (let i = 0; i < 2; i++) tell(down);
  // Others have found out by now: one that got somewhere before the CRM went does not say that it is back.
  tell(down, true);
  expect(enter()).toMatchObject({ open: false });
  time.now += 60_000;
  expect(enter()).toEqual({ open: true, probe: true });
});

test('a call that succeeds after a pause began ends it at once, for all', () => {
  const { enter, tell, live } = setUp();
  for (let i = 0; i < 5; i++) tell(down);
  live(false);
  expect([enter(), enter()]).toEqual(Array(2).fill({ open: true, probe: false }));
});

test('only what is written makes up for a refused key: one that may read and not write is stopped, too', () => {
  const { enter, tell, live } = setUp();
  for (let i = 0; i < 3; i++) {
    live(false);
    expect(enter().open).toBe(true);
    tell(refused);
  }
  expect(enter()).toEqual({ open: false, waitMs: undefined });
  live(true);
  expect(enter()).toEqual({ open: false, waitMs: undefined });
  const other = setUp();
  for (let i = 0; i < 30; i++) {
    other.tell(refused);
    other.live(true);
  }
  expect(other.enter()).toEqual({ open: true, probe: false });
});

test('a call that succeeds does not shorten what the CRM asked for', () => {
  const { enter, tell, live } = setUp();
  tell({ failure: 'rate-limited', words: '', retryAfterMs: 7_000 });
  live(true);
  expect(enter()).toEqual({ open: false, waitMs: 7_000 });
});
