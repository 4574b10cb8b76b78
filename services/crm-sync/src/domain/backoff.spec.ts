import type { CrmFailure } from '@continuo/contracts';
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { backoff, LONGEST_ALIVE_MS, LONGEST_MS } from './backoff.ts';

const AT = { random: 0.5, alive: false };

test('waits grow up to two hours and never end while the CRM is away', () => {
  const waits = [1, 2, 3, 20, 1000].map((attempts) => backoff('unreachable', attempts, AT));
  expect(waits).toEqual([3_000, 6_000, 12_000, LONGEST_MS, LONGEST_MS]);
});
test('while the CRM works for others, a record that it fails is tried again within minutes', () => {
  const waits = [1, 2, 3, 20, 1000].map((attempts) => backoff('server-error', attempts, { ...AT, alive: true }));
  expect(waits).toEqual([3_000, 6_000, 12_000, LONGEST_ALIVE_MS, LONGEST_ALIVE_MS]);
  expect(LONGEST_ALIVE_MS).toBeLessThanOrEqual(5 * 60_000);
});
test('two failures do not come back at the same moment', () => {
  expect(backoff('server-error', 4, { ...AT, random: 0 })).not.toBe(backoff('server-error', 4, { ...AT, random: 0.9 }));
});
test('the CRM says when to come back', () => {
  expect(backoff('rate-limited', 1, { ...AT, retryAfterMs: 90_000 })).toBe(90_000);
});
test('a fault of the record itself is given up after some attempts, until something new comes', () => {
  expect(backoff('invalid', 8, AT)).toBeUndefined();
});
test('an address that the CRM refuses is not hammered', () => {
  expect(backoff('refused-access', 1, AT)).toBeGreaterThanOrEqual(60_000);
});

describe('whatever happens', () => {
  const failure = fc.constantFrom<CrmFailure>(
    'unreachable',
    'server-error',
    'rate-limited',
    'refused-access',
    'invalid',
  );
  const ofTheCrm = fc.constantFrom<CrmFailure>('unreachable', 'server-error', 'rate-limited');
  const attempts = fc.integer({ min: 1, max: 10_000 });
  const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  const retryAfterMs = fc.option(fc.integer({ min: 0, max: 24 * 3_600_000 }), { nil: undefined });
  const circumstances = fc.record({ random, alive: fc.boolean(), retryAfterMs });

  test('nobody comes back before he was asked to, nor later than the longest wait', () => {
    fc.assert(
      fc.property(failure, attempts, circumstances, (what, tries, at) => {
        const wait = backoff(what, tries, at) ?? 0;
        expect(wait).toBeLessThanOrEqual(Math.max(LONGEST_MS * 1.25, at.retryAfterMs ?? 0));
        if (wait > 0) expect(wait).toBeGreaterThanOrEqual(at.retryAfterMs ?? 1);
      }),
    );
  });
  test('a further failure never brings it on earlier, and a CRM that works never later', () => {
    fc.assert(
      fc.property(failure, attempts, circumstances, (what, tries, at) => {
        const wait = backoff(what, tries, at);
        const next = backoff(what, tries + 1, at);
        if (wait !== undefined && next !== undefined) expect(next).toBeGreaterThanOrEqual(wait);
        const [alive, dead] = [true, false].map((one) => backoff(what, tries, { ...at, alive: one }));
        expect(alive === undefined).toBe(dead === undefined);
        expect(alive ?? 0).toBeLessThanOrEqual(dead ?? 0);
      }),
    );
  });
  test('what the CRM fails while it works for others is tried every few minutes for ever, unless it asks for more patience', () => {
    fc.assert(
      fc.property(ofTheCrm, attempts, random, (what, tries, by) => {
        expect(backoff(what, tries, { random: by, alive: true })).toBeLessThanOrEqual(LONGEST_ALIVE_MS * 1.25);
      }),
    );
  });
});
