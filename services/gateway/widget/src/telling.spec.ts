import type { VisitorFrame } from '@continuo/contracts/frames';
import { expect, test } from '@jest/globals';
import { givenStorage, SITE } from './given.ts';
import { openKeep } from './keep.ts';
import { openTelling } from './telling.ts';

const HOME = { url: 'https://shop.example/' };
const DESK = { url: 'https://shop.example/desk' };
const ORDER = { kind: 'goal', name: 'order' } as const;

function given(presumed: boolean, storage = givenStorage()) {
  const telling = openTelling(openKeep(SITE, storage), presumed);
  const told = (): VisitorFrame[] => {
    const frames: VisitorFrame[] = [];
    telling.go((frame) => frames.push(frame) > 0);
    return frames;
  };
  return { telling, told, storage };
}

test('pages and facts wait for the line and are told once', () => {
  const { telling, told } = given(true);
  telling.view(HOME);
  telling.fact('f1', ORDER);
  telling.go(() => false);
  expect(told()).toEqual([
    { t: 'page', page: HOME },
    { t: 'fact', id: 'f1', fact: ORDER },
  ]);
  expect(told()).toEqual([]);
});

test('a fact outlives reloads and lost lines until it is noted', () => {
  const { telling, told, storage } = given(true);
  telling.fact('f1', ORDER);
  telling.fact('f2', { kind: 'event', name: 'compare' });
  expect(told()).toHaveLength(2);
  telling.reset();
  expect(told()).toHaveLength(2);
  telling.settle('f1');
  const reloaded = given(true, storage);
  expect(reloaded.told()).toMatchObject([{ id: 'f2' }]);
  reloaded.telling.settle('f2');
  reloaded.telling.reset();
  expect(reloaded.told()).toEqual([]);
});

test('what two tabs note at the same moment is told of both, in their order', () => {
  const { telling, storage } = given(true);
  const other = given(true, storage);
  telling.fact('f1', ORDER);
  other.telling.fact('f2', ORDER);
  telling.fact('f3', ORDER);
  // Each knows of the other's by what the device keeps, and takes away its own only.
  telling.settle('f1');
  expect(given(true, storage).told()).toMatchObject([{ id: 'f2' }, { id: 'f3' }]);
  for (let count = 0; count < 60; count++) telling.fact(`more${count}`, ORDER);
  expect(given(true, storage).told()).toHaveLength(50);
});

test('a fact that was refused for the moment is told again', () => {
  const { telling, told } = given(true);
  telling.fact('f1', ORDER);
  told();
  telling.again('f1');
  expect(told()).toMatchObject([{ id: 'f1' }]);
});

test('an older cart that was not noted is not told over a newer one', () => {
  const { telling, told } = given(true);
  telling.fact('c1', { kind: 'cart', items: [{ name: 'Desk', quantity: 1 }] });
  told();
  telling.fact('c2', { kind: 'cart', items: [] });
  telling.settle('c2');
  telling.reset();
  expect(told()).toEqual([]);
});

test('without consent nothing is told or kept for later; once given, the page of the moment counts', () => {
  const { telling, told } = given(false);
  telling.view(HOME);
  telling.fact('f1', ORDER);
  telling.view(DESK);
  expect([told(), telling.page()]).toEqual([[], undefined]);
  telling.consent('yes', true);
  const yes = { t: 'fact', id: 'yes', fact: { kind: 'consent', given: true } };
  expect([told(), telling.page()]).toEqual([[{ t: 'page', page: DESK }, yes], DESK]);
  // Many sites say it anew on each page.
  telling.consent('again', true);
  expect(told()).toEqual([]);
});

test('consent is kept on the device, and taken back it ends what has not gone yet', () => {
  const { telling, told, storage } = given(true);
  telling.view(HOME);
  telling.fact('f1', ORDER);
  telling.consent('no', false);
  const withdrawn = { t: 'fact', id: 'no', fact: { kind: 'consent', given: false } };
  expect(told()).toEqual([withdrawn]);
  const later = given(true, storage);
  later.telling.view(HOME);
  expect(later.told()).toEqual([withdrawn]);
  later.telling.settle('no');
  later.telling.reset();
  expect(later.told()).toEqual([]);
});

test('who he is, is said without consent, and again on the next line until it is answered', () => {
  const { telling, told } = given(false);
  telling.identify('i1', 'a.b.c');
  const said = [{ t: 'identify', id: 'i1', token: 'a.b.c' }];
  expect([told(), told()]).toEqual([said, []]);
  telling.reset();
  expect(told()).toEqual(said);
  telling.settle('i1');
  telling.reset();
  expect(told()).toEqual([]);
});
