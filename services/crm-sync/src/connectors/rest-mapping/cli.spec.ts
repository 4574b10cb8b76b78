import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mappingCommand } from './cli.ts';
import { dryRun } from './dry-run.ts';
import type { Mapping, Request } from './schema.ts';
import { mappingsIn, SHIPPED } from './shipped.ts';

const file = join(SHIPPED, 'bottlecrm-mapping.yaml');

let folder: string;
let mine: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'continuo-mapping-'));
  mine = join(folder, 'my-crm.yaml');
  const text = readFileSync(file, 'utf8').replace('id: bottlecrm-mapping', 'id: my-crm');
  writeFileSync(
    mine,
    text.replace('title: "{{title}}"', 'title: "{{title}}"\n      utm: "{{facts.source}} {{facts.consent}}"'),
  );
});
afterAll(() => rmSync(folder, { recursive: true }));

test('a mapping in order is told so, and one that is not with what to mend', async () => {
  expect(await mappingCommand(['validate', mine], {})).toMatchObject({ ok: true });
  expect(await mappingCommand(['validate', join(SHIPPED, 'nothing.yaml')], {})).toMatchObject({ ok: false });
  expect((await mappingCommand(['show', file], {})).lines[0]).toMatch(/^usage/);
});

test('how many notes a long message becomes is told before anything is sent', async () => {
  const small = join(folder, 'small.yaml');
  const html = readFileSync(mine, 'utf8').replace('note: plain', 'note: html');
  writeFileSync(small, html);
  const words = /a note holds 1000 characters .*message of 5000 becomes 6 notes/i;
  for (const verb of ['validate', 'dry-run'])
    expect((await mappingCommand([verb, small], {})).lines.join('\n')).toMatch(words);
  writeFileSync(small, html.replace('note: 10000', 'note: 6000'));
  const { ok, lines } = await mappingCommand(['validate', small], {});
  expect({ ok, words: lines.join() }).toEqual({
    ok: false,
    words: expect.stringMatching(/line \d+, limits\.note: must be 10000 or more where text\.note is html/),
  });
});

test.each(['bottlecrm', 'webhook', 'espocrm'])('the id %s, which Continuo has already, is told', async (id) => {
  const taken = join(folder, `${id}.yaml`);
  writeFileSync(taken, readFileSync(mine, 'utf8').replace('id: my-crm', `id: ${id}`));
  const { ok, lines } = await mappingCommand(['validate', taken], {});
  expect(ok).toBe(false);
  expect(lines.join()).toMatch(new RegExp(`line 3, id: “${id}” is a connector of Continuo already; give`));
});

test('a dry run fills in what is known of a visit, and a field of the site’s own', async () => {
  const lead = (text: string) => text.split('\n\n# ').find((one) => one.startsWith('Make a lead\n')) ?? '';
  const { lines } = await mappingCommand(['dry-run', mine], {});
  expect(`\n\n# ${lines.join('\n\n')}`).toContain('"utm": "newsletter given"');
  const { lines: espo } = await mappingCommand(['dry-run', join(SHIPPED, 'espocrm.yaml')], {});
  expect(lead(`\n\n${espo.join('\n\n')}`)).toContain('"cSiteField": "what the site’s settings say"');
});

test.each([
  [
    'an address without its scheme',
    ['dry-run', file, 'crm.example.com'],
    {},
    /^MEND {2}The address: .*begins with https:\/\//,
  ],
  [
    'a setting that opens nothing',
    ['check', file, 'https://crm.example.com', file],
    { CONTINUO_OUTBOUND_ALLOW: 'the office' },
    /^MEND {2}CONTINUO_OUTBOUND_ALLOW: .*“the office”/,
  ],
  [
    'a setting that is said twice',
    ['check', file, 'https://crm.example.com', file],
    { CONTINUO_OUTBOUND_ALLOW: '', CONTINUO_OUTBOUND_ALLOW_FILE: file },
    /^MEND {2}CONTINUO_OUTBOUND_ALLOW and CONTINUO_OUTBOUND_ALLOW_FILE are both set: /,
  ],
])('%s is one sentence', async (_what, args, env, words) => {
  const { ok, lines } = await mappingCommand(args, env);
  expect(ok).toBe(false);
  expect(lines).toEqual([expect.stringMatching(words)]);
});

test('a folder or a broken file in place of a file is one sentence', async () => {
  const told = async (...args: string[]) => mappingCommand(args, { CONTINUO_OUTBOUND_ALLOW: '127.0.0.1:*' });
  const isFolder = { ok: false, lines: [`${folder} is not a file.`] };
  expect(await told('validate', folder)).toEqual(isFolder);
  expect(await told('check', mine, 'http://127.0.0.1:9', folder)).toEqual(isFolder);
  const aliases = join(folder, 'aliases.yaml');
  writeFileSync(aliases, `${readFileSync(mine, 'utf8')}\nx: *nowhere\n`);
  expect(await told('validate', aliases)).toMatchObject({
    ok: false,
    lines: [expect.stringMatching(/YAML: .*nowhere/)],
  });
});

test('an address inside the network of the installation is not called', async () => {
  const { ok, lines } = await mappingCommand(['check', file, 'http://127.0.0.1:9', file], {});
  expect(ok).toBe(false);
  expect(lines[0]).toMatch(/^MEND {2}The address: .*operator/);
});

test('what the operator opens may stand in a file, and nothing else of the environment concerns the commands', async () => {
  const allow = join(folder, 'allow');
  writeFileSync(allow, '127.0.0.1:*\n');
  const settings = join(folder, 'settings.json');
  writeFileSync(settings, '{"token":"x"}');
  const env = { CONTINUO_OUTBOUND_ALLOW_FILE: allow, CONTINUO_LINK_KEY: 'x' };
  const called = (url: string) => mappingCommand(['check', file, url, settings], env);
  const { lines } = await called('http://127.0.0.1:9');
  expect(lines[0]).toMatch(/^MEND {2}The CRM answers, and lets us in: .*cannot be reached \(ECONNREFUSED\)/);
  writeFileSync(settings, '{"key":"x"}');
  expect((await called('http://127.0.0.1:9')).lines).toEqual([
    'MEND  Setting token: is lacking; a text is needed',
    'MEND  Setting key: is not known here',
  ]);
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
    const { lines } = await mappingCommand(['dry-run', join(SHIPPED, `${mapping.id}.yaml`)], {});
    const text = lines.join('\n');
    for (const what of ['# Check 1', '# Make a lead', '# Add a note to a contact', '# Remove a note of a lead'])
      expect(text).toContain(what);
    expect(text).not.toMatch(/\{\{|undefined|\[object/);
    if (mapping.auth.type !== 'none') expect(text).toContain('***');
  },
);
