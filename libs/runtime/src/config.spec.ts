import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { z } from 'zod';
import { readConfig } from './config.ts';

let folder: string;
let file: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'config-'));
  file = join(folder, 'key');
  writeFileSync(file, 'from the file\n');
});
afterAll(() => rmSync(folder, { recursive: true }));

const shape = {
  CONTINUO_KEY: z.string().default('').describe('a key (secret)'),
  CONTINUO_PLACE: z.string().optional().describe('a place'),
};
const read = (env: NodeJS.ProcessEnv) => readConfig(shape, env);

test('a value stands in its variable, or in the file that its _FILE names', () => {
  expect(read({ CONTINUO_KEY: 'plain' }).CONTINUO_KEY).toBe('plain');
  expect(read({ CONTINUO_KEY_FILE: file }).CONTINUO_KEY).toBe('from the file');
  expect(() => read({ CONTINUO_KEY_FILE: join(folder, 'nothing') })).toThrow('CONTINUO_KEY_FILE: the file cannot be');
});

test('both at once are one fault that names both and says neither value, whichever stands first', () => {
  const both = { CONTINUO_KEY: 's3cret', CONTINUO_KEY_FILE: file };
  const turned = { CONTINUO_KEY_FILE: file, CONTINUO_KEY: '' };
  for (const env of [both, turned])
    expect(() => read(env)).toThrow(
      'configuration: 1 fault\n  CONTINUO_KEY and CONTINUO_KEY_FILE are both set: take one of them away',
    );
  expect(() => read({ ...both, CONTINUO_OTHER: 'x' })).toThrow(/^configuration: 2 faults\n/);
  expect(() => read(both)).not.toThrow(/s3cret|from the file/);
});
