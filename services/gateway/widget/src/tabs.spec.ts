import { afterEach, expect, test } from '@jest/globals';
import { openTabs, type Tabs } from './tabs.ts';

const open: Tabs[] = [];
afterEach(() => {
  for (const tabs of open.splice(0)) tabs.leave();
});
const tabOf = (name: string, locks: LockManager | undefined = navigator.locks): Tabs => {
  const tabs = openTabs(locks, name);
  open.push(tabs);
  return tabs;
};
const soon = () => new Promise((resolve) => setTimeout(resolve, 30));

test('one tab leads, and the next when it leaves', async () => {
  const order: string[] = [];
  const first = tabOf('lead');
  first.seek(
    () => order.push('first leads'),
    () => order.push('first lost it'),
  );
  tabOf('lead').seek(
    () => order.push('second leads'),
    () => order.push('second lost it'),
  );
  await soon();
  expect(order).toEqual(['first leads']);
  first.leave();
  await soon();
  expect(order).toEqual(['first leads', 'second leads']);
});

test('the lead can be taken, and whoever had it learns of it', async () => {
  const order: string[] = [];
  const first = tabOf('taken');
  first.seek(
    () => order.push('first leads'),
    () => order.push('first lost it'),
  );
  await soon();
  tabOf('taken').seek(
    () => order.push('second leads'),
    () => order.push('second lost it'),
    true,
  );
  await soon();
  expect(order.toSorted()).toEqual(['first leads', 'first lost it', 'second leads']);
});

test('a tab that left while it waited never leads, and holds nobody back', async () => {
  const order: string[] = [];
  const [first, second, third] = [tabOf('gone'), tabOf('gone'), tabOf('gone')];
  first.seek(
    () => order.push('first'),
    () => {},
  );
  for (const [name, tabs] of Object.entries({ second, third }))
    tabs.seek(
      () => order.push(name),
      () => {},
    );
  second.leave();
  first.leave();
  await soon();
  expect(order).toEqual(['first', 'third']);
});

test('a tab that has left says nothing and seeks nothing any more', async () => {
  const order: string[] = [];
  const left = tabOf('left');
  left.leave();
  left.say('still here');
  left.seek(
    () => order.push('leads'),
    () => {},
    true,
  );
  await soon();
  expect(order).toEqual([]);
});

test('a word reaches all other tabs of the site, and no other site', async () => {
  const heard: string[] = [];
  tabOf('words').hear((word: string) => heard.push(`one ${word}`));
  tabOf('words').hear((word: string) => heard.push(`two ${word}`));
  tabOf('elsewhere').hear((word: string) => heard.push(`three ${word}`));
  const speaker = tabOf('words');
  speaker.hear((word: string) => heard.push(`myself ${word}`));
  speaker.say('hello');
  await soon();
  expect(heard.toSorted()).toEqual(['one hello', 'two hello']);
});

test('where the browser has no locks every tab leads', () => {
  const order: string[] = [];
  const tabs = openTabs(undefined, 'none');
  tabs.seek(
    () => order.push('leads'),
    () => order.push('lost'),
  );
  tabs.say('nothing');
  expect(order).toEqual(['leads']);
});
