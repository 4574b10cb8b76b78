// Documents that name code are true: every file a document names exists, and holds the function it names; handlers and their files agree.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type EventName, events, timers } from '@continuo/contracts';
import { expect, test } from '@jest/globals';

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
/** `path/to/file.ts` or `path/to/file.ts:name` in backquotes. */
const NAMED = /`((?:services|libs|deploy|docs|k8s|\.ci)\/[\w./-]+?)(?::(\w+))?`/g;
const documents = [
  'README.md',
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => `docs/${file}`),
];

test('every file that a document names is there', () => {
  const missing = documents.flatMap((document) =>
    [...read(document).matchAll(NAMED)]
      .filter(([, path]) => !existsSync(join(root, path as string)))
      .map(([whole]) => `${document}: ${whole}`),
  );
  expect(missing).toEqual([]);
});

test('every function that a document names is in its file', () => {
  const missing = documents.flatMap((document) =>
    [...read(document).matchAll(NAMED)].flatMap(([whole, path, name]) =>
      name && existsSync(join(root, path as string)) && !new RegExp(`\\b${name}\\b`).test(read(path as string))
        ? [`${document}: ${whole}`]
        : [],
    ),
  );
  expect(missing).toEqual([]);
});

test('the message journey names a step in every place a message passes', () => {
  const journey = read('docs/message-journey.md');
  for (const place of [
    'services/gateway/widget/',
    'services/gateway/src/',
    'services/gateway/console/',
    'services/conversation/',
    'services/crm-sync/',
    'libs/bus/',
    'libs/transcript/',
  ])
    expect(journey).toContain(`\`${place}`);
});

test('each service’s table names every event and timer that the catalogue says it hears', () => {
  const tables = {
    conversation: ['conversation-views', 'conversation-routing', 'conversation-assignment'],
    'visitor-tracking': ['visitor-tracking'],
    'crm-sync': ['crm-sync'],
    'email-fallback': ['email-fallback'],
  };
  for (const [service, listeners] of Object.entries(tables)) {
    const table = read(`services/${service}/src/service.ts`);
    const heard = (Object.keys(events) as EventName[]).filter((name) =>
      events[name].heardBy.some((listener: string) => listeners.includes(listener)),
    );
    for (const name of heard) expect(table).toContain(`'${name}'`);
    for (const [name, { owner }] of Object.entries(timers)) if (owner === service) expect(table).toContain(`'${name}'`);
  }
});
