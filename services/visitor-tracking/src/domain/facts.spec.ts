// What pages told must not depend on how often or in which order it is delivered, nor on the page views in between.
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type FactReported, foldFact, MOST_EVENTS, MOST_GOALS } from './facts.ts';
import { cardOf, fold, type PageViewed, type Visitor } from './visit.ts';

const common = { v: 1, cause: 'c', site: 's'.repeat(22), key: 'v'.repeat(22), number: 0, language: 'en' };
const about = { visitor: 'v'.repeat(22), visit: '1'.padStart(22, '0'), language: 'en' };
const actor = { kind: 'visitor' as const, id: 'v'.repeat(22) };
const told = (seq: number, fact: FactReported['data']['fact'], id = `event-${seq}`): FactReported => ({
  ...common,
  type: 'fact-reported',
  actor,
  id,
  seq,
  time: seq * 1000,
  data: { ...about, fact },
});
const opened = (seq: number): PageViewed => ({
  ...common,
  type: 'page-viewed',
  actor,
  id: `event-${seq}`,
  seq,
  time: seq * 1000,
  data: { ...about, page: { url: `https://shop.example/${seq}` } },
});
const desk = { name: 'Oak desk', quantity: 1, price: 890 };
const folded = (events: (FactReported | PageViewed)[]): Visitor =>
  events.reduce<Visitor | undefined>(
    (visitor, event) => (event.type === 'page-viewed' ? fold(visitor, event) : foldFact(visitor, event)),
    undefined,
  ) as Visitor;

test('the card shows the cart and the identity told last, goals and events newest first', () => {
  const card = cardOf(
    folded([
      told(1, { kind: 'cart', items: [desk, desk], total: 1780 }),
      opened(2),
      told(3, { kind: 'identity', contact: { externalId: '4711', name: 'Lea' } }),
      told(4, { kind: 'event', name: 'compare', data: { desks: 3 } }),
      told(5, { kind: 'cart', items: [desk], total: 890, currency: 'EUR' }),
      told(6, { kind: 'goal', name: 'newsletter' }),
      told(7, { kind: 'goal', name: 'order', value: 890, currency: 'EUR' }),
      told(9, { kind: 'consent', given: true }),
      told(8, { kind: 'consent', given: true }),
    ]),
  );
  expect(card).toMatchObject({
    firstSeenAt: 1000,
    language: 'en',
    visits: 1,
    pages: [{ url: 'https://shop.example/2' }],
    identity: { externalId: '4711', name: 'Lea' },
    cart: { items: [desk], total: 890, currency: 'EUR', at: 5000 },
    goals: [
      { name: 'order', value: 890, currency: 'EUR', at: 7000 },
      { name: 'newsletter', at: 6000 },
    ],
    events: [{ name: 'compare', data: { desks: 3 }, at: 4000 }],
    consent: { given: true, at: 9000 },
  });
  expect(card.goals?.[0]).not.toHaveProperty('kind');
});

test('who takes his consent back is forgotten: of his way only that he did, and who he is by the site’s word, stay, in the document too', () => {
  const before = [
    opened(1),
    told(2, { kind: 'identity', contact: { externalId: '4711' } }),
    told(3, { kind: 'cart', items: [desk] }),
    told(4, { kind: 'goal', name: 'order' }),
    told(5, { kind: 'event', name: 'compare' }),
    opened(6),
  ];
  const no = told(7, { kind: 'consent', given: false });
  const forgotten = folded([...before, no]);
  expect(cardOf(forgotten)).toEqual({
    visitor: 'v'.repeat(22),
    firstSeenAt: 7000,
    visits: 0,
    language: 'en',
    pages: [],
    identity: { externalId: '4711' },
    consent: { given: false, at: 7000 },
  });
  for (const trace of ['shop.example', 'Oak desk', 'order', 'compare'])
    expect(JSON.stringify(forgotten)).not.toContain(trace);
  // What is delivered late or again brings nothing back; what he allows later is kept from there on.
  expect(cardOf(folded([no, ...before]))).toEqual(cardOf(forgotten));
  const anew = cardOf(folded([...before, no, told(8, { kind: 'consent', given: true }), opened(9), ...before]));
  expect(anew).toMatchObject({ visits: 1, pages: [{ url: 'https://shop.example/9' }], consent: { given: true } });
});

test('an emptied cart is no cart', () => {
  expect(
    cardOf(folded([told(1, { kind: 'cart', items: [desk] }), told(2, { kind: 'cart', items: [] })])),
  ).not.toHaveProperty('cart');
});

test('facts and page views delivered twice and in any order give the same card', () => {
  const one = fc.constantFrom('goal', 'event', 'cart', 'identity', 'page', 'yes', 'no');
  fc.assert(
    fc.property(
      fc.array(one, { minLength: 1, maxLength: 30 }).chain((kinds) => {
        const events = kinds.map((kind, index) => {
          const seq = index + 1;
          if (kind === 'page') return opened(seq);
          if (kind === 'cart') return told(seq, { kind, items: [{ ...desk, quantity: seq }] });
          if (kind === 'yes' || kind === 'no') return told(seq, { kind: 'consent', given: kind === 'yes' });
          if (kind === 'identity') return told(seq, { kind, contact: { externalId: `${seq}` } });
          return told(seq, { kind: kind as 'goal' | 'event', name: `${kind} ${seq}` });
        });
        return fc.record({
          events: fc.constant(events),
          delivered: fc.shuffledSubarray([...events, ...events], { minLength: events.length * 2 }),
        });
      }),
      ({ events, delivered }) => {
        expect(cardOf(folded(delivered))).toEqual(cardOf(folded(events)));
      },
    ),
  );
});

test('a fact that was stored twice is one, and one that is known changes nothing', () => {
  const twice = [told(1, { kind: 'goal', name: 'order' }, 'same'), told(2, { kind: 'goal', name: 'order' }, 'same')];
  expect(cardOf(folded(twice)).goals).toEqual([{ name: 'order', at: 1000 }]);
  expect(cardOf(folded([...twice].reverse()))).toEqual(cardOf(folded(twice)));
  const visitor = folded(twice);
  expect(foldFact(visitor, twice[0] as FactReported)).toBe(visitor);
});

test('a page that tells without end does not push the goals out, nor grow the card', () => {
  const events = Array.from({ length: MOST_EVENTS + 5 }, (_, index) =>
    told(index + 10, { kind: 'event', name: `click ${index}` }),
  );
  const goals = Array.from({ length: MOST_GOALS + 5 }, (_, index) =>
    told(index + 100, { kind: 'goal', name: 'order' }),
  );
  const card = cardOf(folded([told(1, { kind: 'goal', name: 'first' }), ...events]));
  expect([card.goals?.length, card.events?.length]).toEqual([1, MOST_EVENTS]);
  expect(cardOf(folded(goals)).goals).toHaveLength(MOST_GOALS);
});
