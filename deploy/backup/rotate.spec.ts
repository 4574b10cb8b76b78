import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { rotate } from './rotate.ts';

let parent: string;
beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), 'continuo-rotate-'));
});
afterAll(() => rm(parent, { recursive: true, force: true }));

const whole = async (folder: string): Promise<void> => {
  await mkdir(folder);
  await writeFile(join(folder, 'backup.json'), '{}');
};
const brokenOff = async (folder: string): Promise<never> => {
  await mkdir(folder);
  throw new Error('NATS is away');
};
const on = (day: number, create = whole) =>
  rotate(create, { parent, keep: 2, now: new Date(Date.UTC(2026, 10, day, 2, 17, 5, 123)) });
const there = async (): Promise<string[]> => (await readdir(parent)).sort();

test('the last few whole backups are kept, and what is not a backup of the clock', async () => {
  await whole(join(parent, 'before-the-move'));
  expect(await on(1)).toBe(join(parent, '2026-11-01T021705Z'));
  await on(2);
  expect(await there()).toEqual(['2026-11-01T021705Z', '2026-11-02T021705Z', 'before-the-move']);
  await on(3);
  expect(await there()).toEqual(['2026-11-02T021705Z', '2026-11-03T021705Z', 'before-the-move']);
});

test('nothing goes for a backup that breaks off, and what it left goes with the next whole one', async () => {
  await expect(on(4, brokenOff)).rejects.toThrow('NATS is away');
  expect(await there()).toContain('2026-11-02T021705Z');
  await on(5);
  expect(await there()).toEqual(['2026-11-03T021705Z', '2026-11-05T021705Z', 'before-the-move']);
});
