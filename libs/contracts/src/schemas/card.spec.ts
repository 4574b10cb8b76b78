// Which addresses may stand on a card: what is opened by a visitor's press, or fetched by his browser unasked.
import { expect, test } from '@jest/globals';
import { card, webLink } from './card.ts';

test('addresses are of hosts over https, and nothing that ends an attribute or names a password', () => {
  for (const link of [
    'https://shop.example',
    'https://shop.example/desks/are-160?colour=oak&size=160#top',
    'HTTPS://магазин.example:8443/a',
  ])
    expect([link, webLink.safeParse(link).success]).toEqual([link, true]);
  for (const link of [
    'http://shop.example/',
    'javascript:alert(1)',
    'data:text/html,x',
    '//shop.example/',
    '/desks',
    'https://',
    'https:///etc',
    'https://anna:secret@shop.example/',
    'https://shop.example\\@evil.example/',
    'https://shop.example/" onerror="x',
    'https://shop.example/a b',
    'https://shop.example/\nSet-Cookie: x',
    'https://a..b:99999/',
    `https://shop.example/${'a'.repeat(2048)}`,
  ])
    expect([link, webLink.safeParse(link).success]).toEqual([link, false]);
});

test('a card has something, and no more than fits a phone', () => {
  const buttons = (count: number) => Array.from({ length: count }, (_, index) => ({ label: `Button ${index}` }));
  expect(card.safeParse({ buttons: buttons(6) }).success).toBe(true);
  for (const unfit of [
    {},
    { buttons: [] },
    { buttons: buttons(7) },
    { title: 'a'.repeat(81) },
    { buttons: [{ label: 'a'.repeat(41) }] },
    { title: 'x', picture: 'http://shop.example/a.jpg' },
    { title: 'x', html: '<b>' },
  ])
    expect([unfit, card.safeParse(unfit).success]).toEqual([unfit, false]);
});
