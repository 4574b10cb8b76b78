import { expect, test } from '@jest/globals';
import { linked } from './linked.ts';

test('web addresses become links, the full stop after one does not', () => {
  expect(linked('See https://nordhem.example/are-160. Or http://a.example/?q=1!')).toEqual([
    { text: 'See ' },
    { text: 'https://nordhem.example/are-160', href: 'https://nordhem.example/are-160' },
    { text: '. Or ' },
    { text: 'http://a.example/?q=1', href: 'http://a.example/?q=1' },
    { text: '!' },
  ]);
});

test('nothing else ever becomes a link', () => {
  for (const text of ['javascript:alert(1)', 'data:text/html,x', 'nordhem.example', 'plain'])
    expect(linked(text)).toEqual([{ text }]);
});

test('no character is lost', () => {
  const text = 'a https://x.example/1, https://y.example/2) 🙂';
  expect(
    linked(text)
      .map((piece) => piece.text)
      .join(''),
  ).toBe(text);
});

test('brackets of an address belong to it, those around it do not', () => {
  const found = (text: string) => linked(text).flatMap(({ href }) => href ?? []);
  expect(found('https://en.example/wiki/Oak_(tree). And (https://en.example/wiki/Oak_(tree)), ok?')).toEqual([
    'https://en.example/wiki/Oak_(tree)',
    'https://en.example/wiki/Oak_(tree)',
  ]);
  expect(found('(see https://a.example/1) [https://b.example/2] https://c.example/?q=(a)&b=(c)')).toEqual([
    'https://a.example/1',
    'https://b.example/2',
    'https://c.example/?q=(a)&b=(c)',
  ]);
});
