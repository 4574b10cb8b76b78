import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { mappingCommand } from './cli.ts';
import { dryRun } from './dry-run.ts';
import type { Mapping, Request } from './schema.ts';
import { mappingsIn, SHIPPED } from './shipped.ts';

const file = join(SHIPPED, 'bottlecrm-mapping.yaml');

test('a mapping in order is told so, and one that is not with what to mend', async () => {
  expect(await mappingCommand(['validate', file], '')).toMatchObject({ ok: true });
  expect(await mappingCommand(['validate', join(SHIPPED, 'nothing.yaml')], '')).toMatchObject({ ok: false });
  expect((await mappingCommand(['show', file], '')).lines[0]).toMatch(/^usage/);
});

test('an address inside the network of the installation is not called', async () => {
  const { ok, lines } = await mappingCommand(['check', file, 'http://127.0.0.1:9', file], '');
  expect(ok).toBe(false);
  expect(lines[0]).toMatch(/^MEND {2}The address: .*operator/);
});

/** Every request that stands anywhere in a mapping. */
function requestsIn(part: unknown): Request[] {
  if (typeof part !== 'object' || part === null) return [];
  const inside = Object.values(part).flatMap(requestsIn);
  return 'method' in part && 'path' in part ? [part as Request, ...inside] : inside;
}

test.each(mappingsIn(SHIPPED))('a dry run of $name leaves out none of its requests', (shipped) => {
  const mapping: Mapping = structuredClone(shipped);
  const marks = requestsIn(mapping).map((request, index) => {
    request.headers = { 'x-mark': `request ${index} ${request.method} ${request.path}` };
    return `x-mark: request ${index} `;
  });
  expect(marks.length).toBeGreaterThan(15);
  const text = dryRun(mapping, { baseUrl: 'https://crm.example.com' }).join('\n');
  expect(marks.filter((mark) => !text.includes(mark))).toEqual([]);
});

test.each(mappingsIn(SHIPPED))(
  'a dry run of $name shows every request, whole and without its secrets',
  async (mapping) => {
    const { lines } = await mappingCommand(['dry-run', join(SHIPPED, `${mapping.id}.yaml`)], '');
    const text = lines.join('\n');
    for (const what of ['# Check 1', '# Make a lead', '# Add a note to a contact', '# Remove a note of a lead'])
      expect(text).toContain(what);
    expect(text).not.toMatch(/\{\{|undefined|\[object/);
    if (mapping.auth.type !== 'none') expect(text).toContain('***');
  },
);
