import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { savedOnce } from './saved-once.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'continuo-saved-'));
});
afterEach(() => rm(folder, { recursive: true }));

test('what the demo brings is saved at the first start, and again only when the demo says something else', async () => {
  const file = join(folder, 'saved');
  const saved: object[] = [];
  const start = (what: object) => savedOnce(file, what, async (one) => void saved.push(one));
  expect(await start({ port: 4100, token: 's3cret' })).toBe(true);
  expect(await start({ port: 4100, token: 's3cret' })).toBe(false);
  expect(await start({ port: 5100, token: 's3cret' })).toBe(true);
  expect(saved).toHaveLength(2);
  expect(await readFile(file, 'utf8')).not.toContain('s3cret');
});

test('what could not be saved is saved by the next start', async () => {
  const file = join(folder, 'saved');
  await expect(savedOnce(file, {}, () => Promise.reject(new Error('nobody answers')))).rejects.toThrow(
    'nobody answers',
  );
  expect(await savedOnce(file, {}, async () => undefined)).toBe(true);
});
