// The visitor's card must not depend on how often or in which order page views are delivered.
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { cardOf, emptyCard, fold, MOST_PAGES, MOST_VISITS, type PageViewed, type Visitor } from './visit.ts';

const SITE = 's'.repeat(22);
const VISITOR = 'v'.repeat(22);
const visitId = (index: number): string => String(index).padStart(22, '0');

function pageView(
  seq: number,
  {
    visit = 1,
    path = `/${seq}`,
    referrer,
    at = seq * 1000,
    id = `event-${seq}`,
  }: Partial<{ visit: number; path: string; referrer: string; at: number; id: string }> = {},
): PageViewed {
  return {
    type: 'page-viewed',
    id,
    v: 1,
    time: at,
    actor: { kind: 'visitor', id: VISITOR },
    cause: id,
    site: SITE,
    key: VISITOR,
    number: 0,
    seq,
    data: {
      visitor: VISITOR,
      visit: visitId(visit),
      language: 'en',
      page: { url: `https://shop.example${path}`, title: `Page ${path}`, ...(referrer !== undefined && { referrer }) },
    },
  };
}
const folded = (events: PageViewed[]): Visitor => events.reduce<Visitor | undefined>(fold, undefined) as Visitor;

test('the card shows the pages of the latest visit, newest first, with the seconds spent on each', () => {
  const card = cardOf(
    folded([
      pageView(1, { visit: 1, at: 1_000 }),
      pageView(2, { visit: 2, path: '/', referrer: 'https://search.example/', at: 100_000 }),
      pageView(3, { visit: 2, path: '/tables', referrer: 'https://shop.example/', at: 142_400 }),
      pageView(4, { visit: 2, path: '/tables/are-160', at: 150_000 }),
    ]),
  );
  expect(card).toEqual({
    visitor: VISITOR,
    firstSeenAt: 1_000,
    visits: 2,
    visit: '2'.padStart(22, '0'),
    language: 'en',
    referrer: 'https://search.example/',
    pages: [
      { url: 'https://shop.example/tables/are-160', title: 'Page /tables/are-160', at: 150_000 },
      { url: 'https://shop.example/tables', title: 'Page /tables', at: 142_400, seconds: 8 },
      { url: 'https://shop.example/', title: 'Page /', at: 100_000, seconds: 42 },
    ],
  });
});

test('page views delivered twice and in any order give the same card', () => {
  const views = fc.array(
    fc.record({
      visit: fc.integer({ min: 1, max: MOST_VISITS }),
      at: fc.integer({ min: 1, max: 90_000 }),
      referred: fc.boolean(),
    }),
    { minLength: 1, maxLength: 70 },
  );
  fc.assert(
    fc.property(
      views.chain((list) => {
        const events = list.map(({ visit, at, referred }, index) =>
          pageView(index + 1, {
            visit,
            at,
            ...(referred && { referrer: `https://from.example/${index}` }),
          }),
        );
        return fc.record({
          events: fc.constant(events),
          delivered: fc.shuffledSubarray([...events, ...events, ...events], { minLength: events.length * 3 }),
        });
      }),
      ({ events, delivered }) => {
        expect(folded(delivered)).toEqual(folded(events));
        expect(cardOf(folded([...events].reverse()))).toEqual(cardOf(folded(events)));
      },
    ),
  );
});

test('a page view that is known already changes nothing', () => {
  const visitor = folded([pageView(1), pageView(2)]);
  expect(fold(visitor, pageView(1))).toBe(visitor);
});

test('a page view that was stored twice is one page', () => {
  const twice = [pageView(1), pageView(2, { id: 'same' }), pageView(3, { id: 'same' })];
  expect(folded(twice).pages).toHaveLength(2);
  expect(folded(twice.reverse())).toEqual(folded(twice));
});

test('a long visit keeps its latest pages and where it came from', () => {
  const events = Array.from({ length: MOST_PAGES + 10 }, (_, index) =>
    pageView(index + 1, index === 0 ? { referrer: 'https://search.example/' } : {}),
  );
  const card = cardOf(folded(events));
  expect(card.pages).toHaveLength(MOST_PAGES);
  expect(card.pages[0]?.url).toBe(`https://shop.example/${MOST_PAGES + 10}`);
  expect(card.referrer).toBe('https://search.example/');
});

test('visits are counted beyond those that are kept, and a late repeat of an old one is not counted again', () => {
  const events = Array.from({ length: MOST_VISITS + 5 }, (_, index) => pageView(index + 1, { visit: index + 1 }));
  const visitor = folded([...events, ...events]);
  expect(cardOf(visitor).visits).toBe(MOST_VISITS + 5);
});

test('two tabs of one visit and an older visit in a tab left open are not counted again', () => {
  const visitor = folded([
    pageView(1, { visit: 1 }),
    pageView(2, { visit: 2 }),
    pageView(3, { visit: 1 }),
    pageView(4, { visit: 2 }),
  ]);
  expect(cardOf(visitor).visits).toBe(2);
});

test('somebody not seen yet has an empty card', () => {
  expect(emptyCard(VISITOR)).toEqual({ visitor: VISITOR, visits: 0, pages: [] });
});
