import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { bottlecrmDeals, bottlecrmFixture, bottlecrmTasks } from '../bottlecrm-fixture.ts';
import { contract } from '../contract.ts';
import { parseMapping } from './load.ts';
import { restMapping } from './rest-mapping.ts';
import { SHIPPED } from './shipped.ts';
import { check, trial } from './try.ts';

const mapping = parseMapping(readFileSync(join(SHIPPED, 'bottlecrm-mapping.yaml'), 'utf8'));

contract(restMapping(mapping), { ...bottlecrmFixture, tasks: bottlecrmTasks, deals: bottlecrmDeals });

test('tried on the CRM itself, a mapping that works is told so line by line, and one that does not what to mend', async () => {
  const connection = await bottlecrmFixture.connect();
  const tried = await trial(restMapping(mapping).open(connection));
  expect(tried.lines.filter((line) => line.startsWith('MEND'))).toEqual([]);
  expect(await check(restMapping(mapping).open(connection))).toMatchObject({ ok: true });
  const blind = {
    ...mapping,
    find: mapping.find.map((step) => ({ ...step, where: [], request: { ...step.request, query: {} } })),
  };
  const { ok, lines } = await check(restMapping(blind).open(connection));
  expect(ok).toBe(false);
  expect(lines.at(-1)).toMatch(/^MEND .*by an e-mail that nobody has: .*“where”/);
  const refused = await check(
    restMapping(mapping).open({ ...connection, credentials: bottlecrmFixture.badCredentials }),
  );
  expect(refused.lines).toEqual([expect.stringMatching(/^MEND .*refuses the token/)]);
}, 120_000);
