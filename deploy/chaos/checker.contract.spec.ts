import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { importsOf } from '../imports.ts';

const FILES = [
  'check.ts',
  'check-crm.ts',
  'check-desk.ts',
  'check-mongo.ts',
  'check-stream.ts',
  'check-told.ts',
  'judge.ts',
  'record.ts',
  '../e2e/crm-transcripts.ts',
];

test.each(FILES)('what judges the product imports nothing of it: %s', (file) => {
  const source = readFileSync(new URL(file, import.meta.url), 'utf8');
  const imported = importsOf(source);
  const own = /^(node:|\.\/check|\.\/judge\.ts$|\.\.\/e2e\/crm-transcripts|mongodb$|@nats-io\/)/;
  expect(imported.filter((name) => !own.test(name))).toEqual([]);
});
