import { expect, test } from '@jest/globals';
import { openDraft } from './drafts.ts';
import { givenStorage, SITE } from './given.ts';
import { openKeep } from './keep.ts';

let browsers = 0;
/** Tabs of one browser, each with locks that it holds until it is closed. */
function givenBrowser() {
  const storage = givenStorage();
  const held = new Map<string, object>();
  const name = `drafts:${browsers++}`;
  return async () => {
    const tab = {};
    const request = ((lock: string, _how: object, work: (lock: object | null) => unknown) => {
      if (held.has(lock)) return Promise.resolve(work(null));
      held.set(lock, tab);
      return Promise.resolve(work({}));
    }) as never;
    const draft = await openDraft(openKeep(SITE, storage), { request }, name);
    return {
      ...draft,
      close: () => {
        for (const [lock, owner] of held) if (owner === tab) held.delete(lock);
      },
      stored: () => Object.keys(storage),
    };
  };
}
const typed = (text: string) => ({ text, email: '', phone: '' });
const pause = () => new Promise((resolve) => setTimeout(resolve, 2));

test('what is not sent yet is there again after a reload', async () => {
  const tab = givenBrowser();
  const before = await tab();
  before.keep(typed('We are on the third'));
  before.close();
  expect((await tab()).typed.text).toBe('We are on the third');
});

test('so is what was typed of where the answer may go, also without a word beside it', async () => {
  const tab = givenBrowser();
  const before = await tab();
  const reach = { text: '', email: 'elena@arka.example', phone: '+374 77' };
  before.keep(reach);
  before.close();
  expect((await tab()).typed).toEqual(reach);
});

test('two tabs overwrite nothing of each other, and begin empty beside a living one', async () => {
  const tab = givenBrowser();
  const [first, second] = [await tab(), await tab()];
  first.keep(typed('about the lamp'));
  await pause();
  second.keep(typed('about the desk'));
  expect((await tab()).typed.text).toBe('');
  first.close();
  expect((await tab()).typed.text).toBe('about the lamp');
});

test('what closed tabs left comes back in the next ones, the newest first, and of what was sent nothing is left', async () => {
  const tab = givenBrowser();
  const [first, second] = [await tab(), await tab()];
  first.keep(typed('older'));
  await pause();
  second.keep(typed('newer'));
  first.close();
  second.close();
  const next = await tab();
  expect(next.typed.text).toBe('newer');
  next.keep(typed(''));
  next.close();
  const last = await tab();
  expect(last.typed.text).toBe('older');
  last.keep(typed(''));
  expect(last.stored()).toEqual([]);
});

test('real locks hold a place, and without locks there is one', async () => {
  const storage = givenStorage();
  const keep = openKeep(SITE, storage);
  const first = await openDraft(keep, navigator.locks, 'real');
  first.keep(typed('held'));
  expect((await openDraft(keep, navigator.locks, 'real')).typed.text).toBe('');
  const alone = await openDraft(openKeep(SITE, givenStorage()), undefined, 'none');
  alone.keep(typed('kept'));
  expect(alone.typed.text).toBe('');
});

test('where the browser refuses storage and locks what is typed has its place until the page goes, and it is said that it goes', async () => {
  const request = () => Promise.reject(new DOMException('denied', 'SecurityError'));
  const refused = await openDraft(openKeep(SITE, undefined), { request }, 'refused');
  refused.keep(typed('words'));
  expect(refused.lasts).toBe(false);
  expect((await openDraft(openKeep(SITE, givenStorage()), undefined, 'kept')).lasts).toBe(true);
});
