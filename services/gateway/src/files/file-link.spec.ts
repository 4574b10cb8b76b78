import { newId } from '@continuo/contracts/ids';
import { expect, test } from '@jest/globals';
import { signFile, verifyFile } from './file-link.ts';

const KEY = 'k'.repeat(32);
const HOUR = 3600 * 1000;
const NOW = 1_764_000_000_000;
const file = newId();

test('a link names its file and what is wanted of it, and runs out within two hours', () => {
  for (const wanted of ['show', 'save', 'preview'] as const) {
    const link = signFile(KEY, file, wanted, NOW);
    expect(verifyFile(KEY, link, NOW)).toMatchObject({ file, wanted });
    expect(verifyFile(KEY, link, NOW + HOUR)).toBeDefined();
    expect(verifyFile(KEY, link, NOW + 2 * HOUR)).toBeUndefined();
  }
});

test('nothing of it can be changed', () => {
  const link = signFile(KEY, file, 'save', NOW);
  const [body = '', signature = ''] = link.split('.');
  for (const forged of [
    signFile('x'.repeat(32), file, 'save', NOW),
    `${newId()}${body.slice(22)}.${signature}`,
    `${body.slice(0, 22)}o${body.slice(23)}.${signature}`,
    `${body}0.${signature}`,
    `${body}.${signature.slice(0, -1)}`,
    `${body}.`,
    body,
    `${link}.x`,
    `${link}x`,
    '',
  ])
    expect([forged, verifyFile(KEY, forged, NOW)]).toEqual([forged, undefined]);
});
