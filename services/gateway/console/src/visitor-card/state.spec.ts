// The card of a visitor, kept by the pages he opens.

import type { VisitorCard } from '@continuo/contracts';
import { expect, test } from '@jest/globals';
import type { FrameOf } from '../session/protocol.ts';
import { deedsOf, pageName, referrerName, withCard, withFact, withPage } from './state.ts';

const card: VisitorCard = {
  visitor: 'v',
  visits: 1,
  pages: [{ url: 'https://shop.example/a', title: 'Desks', at: 1000 }],
};
const opened = (url: string, time: number, title?: string): FrameOf<'page'> =>
  ({ t: 'page', event: { time, data: { visitor: 'v', page: { url, title } } } }) as FrameOf<'page'>;

test('a page that is opened becomes the current one, the page before gets its time', () => {
  const cards = withPage(withCard({}, card), opened('https://shop.example/b', 66_000, 'Cart'));
  expect(cards.v?.pages).toEqual([
    { url: 'https://shop.example/b', title: 'Cart', at: 66_000 },
    { url: 'https://shop.example/a', title: 'Desks', at: 1000, seconds: 65 },
  ]);
});

test('a new visit begins a new list, with where it came from', () => {
  const visited = withCard({}, { ...card, visit: 'one', referrer: 'https://news.example/' });
  const back = opened('https://shop.example/b', 700_000_000);
  const later = {
    ...back,
    event: {
      ...back.event,
      data: {
        ...back.event.data,
        visit: 'two',
        page: { url: 'https://shop.example/b', referrer: 'https://mail.example/' },
      },
    },
  } as FrameOf<'page'>;
  expect(withPage(visited, later).v).toEqual({
    visitor: 'v',
    visit: 'two',
    visits: 2,
    referrer: 'https://mail.example/',
    pages: [{ url: 'https://shop.example/b', at: 700_000_000 }],
  });
});

test('a page told twice stands once', () => {
  const once = withPage(withCard({}, card), opened('https://shop.example/b', 2000));
  expect(withPage(once, opened('https://shop.example/b', 2000))).toBe(once);
});

test('the same page reloaded keeps its time', () => {
  const cards = withPage(withCard({}, card), opened('https://shop.example/a', 9000, 'Desks, solid oak'));
  expect(cards.v?.pages).toEqual([{ url: 'https://shop.example/a', title: 'Desks, solid oak', at: 1000 }]);
});

const told = (fact: FrameOf<'fact'>['event']['data']['fact'], time: number): FrameOf<'fact'> =>
  ({ t: 'fact', event: { time, data: { visitor: 'v', fact } } }) as FrameOf<'fact'>;

test('what pages tell is on the card: who he is, the cart as it is now, goals and events newest first', () => {
  const facts = [
    told({ kind: 'cart', items: [{ name: 'Oak desk', quantity: 2, price: 890 }], currency: 'EUR' }, 1),
    told({ kind: 'goal', name: 'newsletter' }, 2),
    told({ kind: 'goal', name: 'order', value: 890, currency: 'EUR' }, 3),
    told({ kind: 'goal', name: 'order', value: 890, currency: 'EUR' }, 3),
    told({ kind: 'event', name: 'compare', data: { desks: 3 } }, 4),
    told({ kind: 'identity', contact: { externalId: '4711', name: 'Lea' } }, 5),
  ];
  const shown = facts.reduce(withFact, withCard({}, card)).v;
  expect(shown).toEqual({
    ...card,
    identity: { externalId: '4711', name: 'Lea' },
    cart: { items: [{ name: 'Oak desk', quantity: 2, price: 890 }], currency: 'EUR', at: 1 },
    goals: [
      { name: 'order', value: 890, currency: 'EUR', at: 3 },
      { name: 'newsletter', at: 2 },
    ],
    events: [{ name: 'compare', data: { desks: 3 }, at: 4 }],
  });
  expect(withFact({ v: shown as VisitorCard }, told({ kind: 'cart', items: [] }, 6)).v).not.toHaveProperty('cart');
  expect(withFact({ v: card }, told({ kind: 'consent', given: true }, 7)).v?.consent).toEqual({ given: true, at: 7 });
});

test('what a page tells of a visitor whose card is not open changes nothing', () => {
  const cards = {};
  expect(withFact(cards, told({ kind: 'goal', name: 'order' }, 1))).toBe(cards);
});

test('a page of a visitor whose card is not open changes nothing', () => {
  const cards = {};
  expect(withPage(cards, opened('https://shop.example/b', 2000))).toBe(cards);
});

test('pages and referrers are named for the eye', () => {
  expect(pageName({ url: 'https://www.shop.example/desks' })).toBe('shop.example/desks');
  expect(referrerName('https://www.google.com/search?q=oak+desk')).toBe('google.com: “oak desk”');
  expect(referrerName('https://news.example/')).toBe('news.example');
});

test('goals and events are one list, the newest first, with what was told of them', () => {
  const { goals, events } = {
    goals: [{ name: 'order', value: 890, currency: 'EUR', at: 3 }],
    events: [
      { name: 'compare', data: { desks: 3, wood: 'oak' }, at: 4 },
      { name: 'print', at: 1 },
    ],
  };
  expect(deedsOf({ ...card, goals, events })).toEqual([
    { kind: 'event', name: 'compare', details: 'desks: 3, wood: oak', at: 4 },
    { kind: 'goal', name: 'order', value: 890, currency: 'EUR', at: 3 },
    { kind: 'event', name: 'print', at: 1 },
  ]);
  expect(deedsOf(card)).toEqual([]);
});
