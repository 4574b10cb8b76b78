import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { backfill, cursorAfter, type Numbered, offer } from './cursor.ts';

const numbers = (from: number, to: number): Numbered[] =>
  Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => ({ number: from + index }));

test('any interleaving of backfill and live events gives each number once and in order', () => {
  const scenario = fc.record({
    stored: fc.integer({ min: 0, max: 60 }),
    known: fc.integer({ min: 0, max: 60 }),
    pieces: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 20 }),
    /** What happens next: an event is stored, the live consumer is delivered one (or loses it), the backfill asked for is answered. */
    steps: fc.array(fc.constantFrom('store', 'deliver', 'lose', 'repeat', 'answer'), { maxLength: 200 }),
  });
  fc.assert(
    fc.property(scenario, ({ stored: before, known, pieces, steps }) => {
      const after = Math.min(known, before);
      const cursor = cursorAfter<Numbered>(after);
      const out: number[] = [];
      let stored = before;
      let delivered = before;
      let asked: number | undefined = after;
      let piece = 0;
      const take = (item: Numbered): void => {
        const verdict = offer(cursor, item);
        if (verdict === 'send') out.push(item.number);
        if (verdict === 'ask') asked = cursor.sent;
      };
      const answer = (): void => {
        if (asked === undefined) return;
        const size = pieces[piece++ % pieces.length] ?? 1;
        const { fresh, released, live } = backfill(cursor, numbers(asked + 1, Math.min(stored, asked + size)), stored);
        out.push(...fresh.map(({ number }) => number), ...released.map(({ number }) => number));
        asked = live ? undefined : cursor.sent;
      };
      for (const step of steps) {
        if (step === 'store') stored += 1;
        else if (step === 'answer') answer();
        else if (step === 'repeat' && delivered > 0) take({ number: delivered });
        else if (delivered < stored && step !== 'repeat') {
          delivered += 1;
          if (step === 'deliver') take({ number: delivered });
        }
      }
      // Everything comes to rest: one more event is stored and delivered, and what is asked for is answered.
      stored += 1;
      delivered = stored;
      take({ number: stored });
      while (asked !== undefined) answer();
      expect(out).toEqual(numbers(after + 1, stored).map(({ number }) => number));
      expect(cursor.held).toBeUndefined();
    }),
    { numRuns: 500 },
  );
});

test('more live events than are held during a long backfill are asked for again, not lost', () => {
  const cursor = cursorAfter<Numbered>(0);
  for (const item of numbers(2, 2_000)) expect(offer(cursor, item)).toBe('hold');
  const first = backfill(cursor, numbers(1, 1), 1);
  expect(first.live).toBe(false);
  const second = backfill(cursor, numbers(cursor.sent + 1, 2_000), 2_000);
  expect(second.live).toBe(true);
  expect(first.fresh.length + first.released.length + second.fresh.length + second.released.length).toBe(2_000);
});

test('a client that is at the head goes live with nothing sent', () => {
  const cursor = cursorAfter<Numbered>(7);
  expect(backfill(cursor, [], 7)).toEqual({ fresh: [], released: [], live: true });
  expect(offer(cursor, { number: 8 })).toBe('send');
});
