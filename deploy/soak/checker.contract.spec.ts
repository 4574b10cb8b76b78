import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { importsOf } from '../imports.ts';

test.each(['check.ts', 'consume.ts'])('what judges the connectors imports nothing of the product: %s', (file) => {
  const source = readFileSync(new URL(file, import.meta.url), 'utf8');
  const imported = importsOf(source);
  expect(imported.length).toBeGreaterThan(1);
  // The reader of the CRM is held to the same by its own test.
  expect(imported.filter((name) => !/^(node:|\.\.\/e2e\/crm-transcripts\.ts$|amqplib$)/.test(name))).toEqual([]);
});
