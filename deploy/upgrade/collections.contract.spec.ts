// A collection that is new in the code is tried with data of an older release, too: none comes without a line in collections.ts or data in a fixture.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { ROOT } from '../run-node.ts';
import { filledInOlderReleases, PASSING } from './collections.ts';

/** By its name in the code; what is opened at start by another way, `deploy/backup/upgrade.int.spec.ts` sees in the database. */
const NAMED = /\bcollection(?:<[^()]*>)?\(\s*'([\w.]+)'/g;
const sources = ['services/*/src/**/*.ts', 'libs/{store,bus}/src/**/*.ts']
  .flatMap((pattern) => globSync(pattern, { cwd: ROOT }))
  .filter((file) => !/\.spec\.ts$/.test(file));
const named = [
  ...new Set(
    sources.flatMap((file) =>
      [...readFileSync(join(ROOT, file), 'utf8').matchAll(NAMED)].map(([, name]) => name as string),
    ),
  ),
];

test('every collection that the code names is tried with data of an older release', async () => {
  expect(named).toEqual(expect.arrayContaining(['agents', 'crm_links', 'mails', 'visitors']));
  const tried = [...(await filledInOlderReleases()), ...PASSING];
  expect(named.filter((name) => !tried.includes(name))).toEqual([]);
});
