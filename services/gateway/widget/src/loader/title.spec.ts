import { expect, test } from '@jest/globals';
import { markTitle } from './title.ts';

test('the title of a page out of sight counts what is unread, over whatever title the page gives itself, and is its own again when it is looked at', () => {
  const page = { title: 'Oak desk', hidden: true };
  Object.assign(globalThis, { document: page });
  const shown = (unread: number): string => {
    markTitle(unread);
    return page.title;
  };
  expect([shown(0), shown(2), shown(2), shown(11)]).toEqual([
    'Oak desk',
    '(2) Oak desk',
    '(2) Oak desk',
    '(11) Oak desk',
  ]);
  page.title = 'Lamp';
  expect(shown(11)).toBe('(11) Lamp');
  page.hidden = false;
  expect([shown(11), shown(0)]).toEqual(['Lamp', 'Lamp']);
  page.hidden = true;
  expect([shown(1), shown(0)]).toEqual(['(1) Lamp', 'Lamp']);
});
