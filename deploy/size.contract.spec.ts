import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { weigh } from './size.ts';

const DIST = 'services/gateway/widget/dist';
let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'continuo-size-'));
  for (const folder of ['.ci', `${DIST}/assets`]) mkdirSync(join(root, folder), { recursive: true });
});
afterEach(() => rmSync(root, { recursive: true }));

const budgets = (all: object) => writeFileSync(join(root, '.ci/budgets.json'), JSON.stringify(all));
const built = (...files: [name: string, text: string][]) => {
  for (const [name, text] of files) writeFileSync(join(root, DIST, name), text);
};
const of = (...names: string[]) => ({ files: names.map((name) => `${DIST}/${name}`), must: 100, aim: 50 });

test('a file of the widget that no budget weighs is named', () => {
  built(['widget.js', 'a'], ['assets/panel-1.js', 'b'], ['assets/new-2.js', 'c']);
  budgets({ loader: of('widget.js'), panel: of('assets/panel-*.js') });
  expect(() => weigh(root)).toThrow(`nothing weighs ${DIST}/assets/new-2.js`);
  budgets({ all: of('widget.js', 'assets/panel-*.js', 'assets/new-*.js') });
  expect(weigh(root).map(({ name }) => name)).toEqual(['all']);
});

test('a pattern that fits none or several is a fault, but of files of which a visitor gets one: there the heaviest counts', () => {
  built(['assets/de-1.js', 'short'], ['assets/hy-1.js', 'not as short as the other one']);
  budgets({ languages: of('assets/??-?.js') });
  expect(() => weigh(root)).toThrow('fits 2 files');
  budgets({ languages: { ...of('assets/??-?.js'), oneOf: true }, heaviest: of('assets/hy-1.js') });
  const [any, heaviest] = weigh(root);
  expect(any?.bytes).toBe(heaviest?.bytes);
  budgets({ languages: { ...of('assets/fr-*.js'), oneOf: true } });
  expect(() => weigh(root)).toThrow('fits 0 files');
});
