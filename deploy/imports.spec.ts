import { expect, test } from '@jest/globals';
import { importsOf } from './imports.ts';

test.each([
  ["import { a } from './a.ts';", './a.ts'],
  ['import a from "./a.ts";', './a.ts'],
  ["import {\n  a,\n} from './a.ts';", './a.ts'],
  ["export * from './a.ts';", './a.ts'],
  ["import type { A } from './a.ts';", './a.ts'],
  ["import './a.ts';", './a.ts'],
  ["import'./a.ts';", './a.ts'],
  ["const a = await import('./a.ts');", './a.ts'],
  ["await import(\n  './a.ts',\n  { with: { type: 'json' } },\n)", './a.ts'],
  ["require('./a.ts')", './a.ts'],
  ['require.resolve; require ("./a.ts")', './a.ts'],
])('%j loads a file', (source, name) => {
  expect(importsOf(source)).toEqual([name]);
});

test.each([
  ['await import(`./a.ts`)', '(`./a.ts`)'],
  ["await import('./' + name)", "('./' + name)"],
  ['const load = createRequire(import.meta.url);', '(import.meta.url)'],
])('%j loads what nobody can name', (source, name) => {
  expect(importsOf(source)).toEqual([name]);
});

test('what only looks like it loads nothing', () => {
  expect(importsOf("const important = await record(import.meta.url, 'from there');")).toEqual([]);
});
