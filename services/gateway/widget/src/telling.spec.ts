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

test('pages and facts wait for the line and are told once, in order', () => {
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

test('without consent nothing is told or kept for later; once given, the page of the moment counts', () => {
  const { telling, told } = given(false);
  telling.view(HOME);
  telling.fact('f1', ORDER);
  telling.view(DESK);
  expect([told(), telling.page()]).toEqual([[], undefined]);
  telling.consent(true);
  expect([told(), telling.page()]).toEqual([[{ t: 'page', page: DESK }], DESK]);
});

test('consent is kept on the device, and taken back it ends what has not gone yet', () => {
  const { telling, told, storage } = given(true);
  telling.view(HOME);
  telling.consent(false);
  expect(told()).toEqual([]);
  const later = given(true, storage);
  later.telling.view(HOME);
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
