import { expect, test } from '@jest/globals';
import { givenStorage, SITE } from './given.ts';
import { openKeep } from './keep.ts';
import { openOutbox, type Parcel } from './outbox.ts';

const message = (id: string): Parcel => ({ id, at: 1, kind: 'message', text: `words of ${id}` });

test('an unsent message is there again after a reload', () => {
  const storage = givenStorage();
  openOutbox(openKeep(SITE, storage)).keep(message('one'));
  expect(openOutbox(openKeep(SITE, storage)).list()).toEqual([message('one')]);
});

test('a message leaves the outbox only when its own command comes back', () => {
  const outbox = openOutbox(openKeep(SITE, givenStorage()));
  outbox.keep(message('one'));
  outbox.keep(message('two'));
  outbox.settle(['somebody else’s', 'one']);
  expect(outbox.list().map(({ id }) => id)).toEqual(['two']);
});

test('two tabs of a site share one outbox, two sites do not', () => {
  const storage = givenStorage();
  const [here, there] = [openOutbox(openKeep(SITE, storage)), openOutbox(openKeep(SITE, storage))];
  const elsewhere = openOutbox(openKeep('x'.repeat(22), storage));
  here.keep(message('one'));
  there.keep(message('two'));
  expect(here.list().map(({ id }) => id)).toEqual(['one', 'two']);
  expect(elsewhere.list()).toEqual([]);
});

test('two tabs that keep and settle at the same moment, before either hears of the other, lose nothing', () => {
  const [first, second] = [givenStorage(), givenStorage()];
  const [here, there] = [openOutbox(openKeep(SITE, first)), openOutbox(openKeep(SITE, second))];
  /** Browsers tell the other tabs some time after it was done, and of each key what was written last. */
  const hear = (tab: object, was: object, other: object): void => {
    for (const key of Object.keys(was)) if (!Object.hasOwn(tab, key)) Reflect.deleteProperty(other, key);
    for (const [key, value] of Object.entries(tab)) if (Reflect.get(was, key) !== value) Reflect.set(other, key, value);
  };
  here.keep(message('one'));
  hear(first, {}, second);
  const [firstWas, secondWas] = [{ ...first }, { ...second }];
  there.keep(message('two'));
  here.settle(['one']);
  here.keep(message('three'));
  const firstIs = { ...first };
  hear(second, secondWas, first);
  hear(firstIs, firstWas, second);
  expect(here.list().map(({ id }) => id)).toEqual(expect.arrayContaining(['two', 'three']));
  expect(there.list()).toHaveLength(2);
});

test('what is kept in the same moment stays in its order, and what takes the place of another has its place', () => {
  const outbox = openOutbox(openKeep(SITE, givenStorage()));
  for (const id of ['zz', 'a', 'm']) outbox.keep(message(id));
  outbox.replace('a', { ...message('b'), at: outbox.list()[1]?.at ?? 0 });
  expect(outbox.list().map(({ id }) => id)).toEqual(['zz', 'b', 'm']);
});

test('a refused message waits for the visitor and is sent again under the same id', () => {
  const outbox = openOutbox(openKeep(SITE, givenStorage()));
  outbox.keep(message('one'));
  outbox.refuse('one', 'invalid');
  expect(outbox.list()).toEqual([{ ...message('one'), refusal: 'invalid' }]);
  outbox.refuse('one');
  expect(outbox.list()).toEqual([message('one')]);
});

test('without storage the outbox still works for as long as the page lives', () => {
  const outbox = openOutbox(openKeep(SITE, undefined));
  outbox.keep(message('one'));
  expect(outbox.list()).toEqual([message('one')]);
});

test('when the storage is full, the transcript makes room for unsent words', () => {
  const storage = givenStorage();
  const write = storage.setItem;
  storage.setItem = (key, value) => {
    if (openKeep(SITE, storage).names('').length > 0 && storage.getItem(key) === null)
      throw new Error('QuotaExceededError');
    write.call(storage, key, value);
  };
  const keep = openKeep(SITE, storage);
  keep.write('transcript', { much: 'text' });
  openOutbox(keep).keep(message('one'));
  expect(openOutbox(openKeep(SITE, storage)).list()).toEqual([message('one')]);
});
