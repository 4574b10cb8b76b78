// Nothing is installed under a licence that nobody has agreed to, and every version is pinned.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { ROOT } from '../run-node.ts';
import { isAllowed, type Package, packages } from './licences.ts';
import { noticesPage } from './notices.ts';

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

test('every package has a licence that may be shipped, every tool one that may be used', () => {
  const refused = packages().filter(({ licence, tool }) => !isAllowed(licence, tool));
  expect(refused.map(({ name, licence }) => `${name}: ${licence}`)).toEqual([]);
});

test.each(['GPL-3.0-only', 'AGPL-3.0', 'none', 'MIT AND GPL-2.0', 'UNLICENSED', 'CC-BY-4.0'])(
  '%s may not be shipped',
  (licence) => expect(isAllowed(licence)).toBe(false),
);

test.each(['MIT', '(MIT OR EUPL-1.1+)', 'GPL-2.0 OR MIT', 'MIT AND ISC'])('%s may be shipped', (licence) =>
  expect(isAllowed(licence)).toBe(true),
);

const given = (name: string, more: Partial<Package> = {}): Package => ({
  name,
  version: '1.0.0',
  licence: 'MIT',
  tool: false,
  path: `node_modules/${name}`,
  somewhere: false,
  ...more,
});

test('the notices hold what is shipped with the text of its licence, the same text once, and nothing that only builds', () => {
  const all = [given('one'), given('two'), given('other'), given('tool', { tool: true }), given('bare')];
  const page = noticesPage([...all, given('some', { somewhere: true })], ({ name }) =>
    name === 'bare' ? '' : name === 'other' ? 'a ``` of his' : 'as everybody',
  );
  expect(page).toContain('| one | 1.0.0 | MIT |');
  expect(page).not.toContain('tool');
  expect(page).toContain('## one 1.0.0, two 1.0.0\n\n```text\nas everybody\n```\n');
  expect(page).toContain('## other 1.0.0\n\n````text\na ``` of his\n````\n');
  expect(page).toContain('where it stands in their folder: bare 1.0.0 (MIT), some 1.0.0 (MIT).');
});

test('THIRD_PARTY_NOTICES.md is what is installed here', () => {
  expect(read('THIRD_PARTY_NOTICES.md')).toBe(noticesPage());
  const texts = read('THIRD_PARTY_NOTICES.md');
  for (const words of ['Permission is hereby granted, free of charge', 'Apache License', 'Mozilla Public License'])
    expect(texts).toContain(words);
});

test('every dependency is pinned, and every package in the lock file has its digest', () => {
  const { packages: entries } = JSON.parse(read('package-lock.json')) as {
    packages: Record<string, Record<string, unknown>>;
  };
  for (const [path, entry] of Object.entries(entries)) {
    if (path.includes('node_modules/')) {
      if (!entry.link && !entry.inBundle)
        expect([path, entry.integrity]).toEqual([path, expect.stringMatching(/^sha512-/)]);
      continue;
    }
    for (const kind of ['dependencies', 'devDependencies', 'optionalDependencies'])
      for (const [name, version] of Object.entries((entry[kind] ?? {}) as Record<string, string>))
        expect(`${path} ${name} ${version}`).toMatch(/ \d+\.\d+\.\d+(-[\w.]+)?$/);
  }
});
