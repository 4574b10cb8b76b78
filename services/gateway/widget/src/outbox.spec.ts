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

test('a refused message waits for the visitor and is sent again under the same id', () => {
  const outbox = openOutbox(openKeep(SITE, givenStorage()));
  outbox.keep(message('one'));
  outbox.refuse('one', 'invalid');
  expect(outbox.list()).toEqual([{ ...message('one'), refusal: 'invalid' }]);
  outbox.forgive('one');
  expect(outbox.list()).toEqual([message('one')]);
});

test('without storage the outbox still works for as long as the page lives', () => {
  const outbox = openOutbox(openKeep(SITE, undefined));
  outbox.keep(message('one'));
  expect(outbox.list()).toEqual([message('one')]);
});

test('when the storage is full, the transcript makes room for unsent words', () => {
  const storage = givenStorage();
  const full: typeof storage = {
    ...storage,
    setItem(key, value) {
      if (storage.entries.size > 0 && !storage.entries.has(key)) throw new Error('QuotaExceededError');
      storage.setItem(key, value);
    },
  };
  const keep = openKeep(SITE, full);
  keep.write('transcript', { much: 'text' });
  openOutbox(keep).keep(message('one'));
  expect(openOutbox(openKeep(SITE, full)).list()).toEqual([message('one')]);
});
