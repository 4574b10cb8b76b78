// docs/protocol.md is the contract with clients that others write: its examples fit the schemas, and no frame, command or query is missing in it.
import { readFileSync } from 'node:fs';
import { type CommandName, commands, events, type QueryName, queries, type SiteSettings } from '@continuo/contracts';
import {
  AGENT_COMMANDS,
  AGENT_QUERIES,
  agentFrame,
  type ErrorFrame,
  type ToAgent,
  type ToVisitor,
  VISITOR_COMMANDS,
  visitorFrame,
} from '@continuo/contracts/frames';
import { expect, test } from '@jest/globals';
import type { z } from 'zod';
import { CLOSE } from './connection.ts';
import { lookOf } from './http/widget-frame.ts';

const page = readFileSync(new URL('../../../docs/protocol.md', import.meta.url), 'utf8');

interface Example {
  from: string;
  to: string;
  line: number;
  frame: { t: string; [field: string]: unknown };
}
const examples = [...page.matchAll(/^```json (\w+)→(\w+)\n([\s\S]*?)^```$/gm)].map((match): Example => {
  const [, from = '', to = '', json = ''] = match;
  return { from, to, line: page.slice(0, match.index).split('\n').length, frame: JSON.parse(json) };
});
const fromBrowsers = examples.filter(({ to }) => to === 'gateway');
const toBrowsers = examples.filter(({ from }) => from === 'gateway');
/** The line of a table that begins with this. */
const rowOf = (first: string): string | undefined =>
  page.split('\n').find((line) => line.startsWith('|') && line.split('|')[1]?.trim() === first);
const concerns = (who: string, kind: 'visitor' | 'agent'): boolean => who === kind || who === 'both';

/** A frame type added to the protocol does not compile before it stands here, and fails before it stands in the page. */
const TO_VISITOR: Record<ToVisitor['t'], true> = {
  welcome: true,
  event: true,
  done: true,
  refused: true,
  transcript: true,
  typing: true,
  delivered: true,
  availability: true,
  identified: true,
  noted: true,
  service: true,
  ping: true,
  pong: true,
  move: true,
  error: true,
};
const TO_AGENT: Record<ToAgent['t'], true> = {
  welcome: true,
  event: true,
  done: true,
  refused: true,
  transcript: true,
  typing: true,
  delivered: true,
  desk: true,
  answer: true,
  report: true,
  page: true,
  fact: true,
  presence: true,
  service: true,
  ping: true,
  pong: true,
  move: true,
  error: true,
};
const ERRORS: Record<ErrorFrame['code'], true> = {
  'bad-frame': true,
  'too-many': true,
  'not-logged-in': true,
  'site-unknown': true,
  'origin-refused': true,
  version: true,
  unavailable: true,
};

const typesOf = (schema: { options: readonly { shape: { t: z.ZodLiteral<string> } }[] }): string[] =>
  schema.options.map(({ shape }) => shape.t.value);
const shown = (list: Example[], kind: 'visitor' | 'agent', side: 'from' | 'to'): Set<string> =>
  new Set(list.filter((example) => concerns(example[side], kind)).map(({ frame }) => frame.t));

test('every example says who sends it to whom', () => {
  expect(page.match(/^```json/gm)).toHaveLength(examples.length);
  for (const { from, to } of examples)
    expect([
      'visitor→gateway',
      'agent→gateway',
      'both→gateway',
      'gateway→visitor',
      'gateway→agent',
      'gateway→both',
    ]).toContain(`${from}→${to}`);
});

/** A browser names files by their ids; what the gateway knows of them goes on. */
const withFiles = (data: unknown): unknown => {
  const { files, ...rest } = data as { files?: string[] };
  return files
    ? { ...rest, files: files.map((id) => ({ id, name: 'a.pdf', type: 'application/pdf', bytes: 1 })) }
    : rest;
};

test('what a browser sends in an example is accepted by the gateway, data included', () => {
  for (const { from, frame, line } of fromBrowsers) {
    for (const [kind, schema] of [
      ['visitor', visitorFrame],
      ['agent', agentFrame],
    ] as const)
      if (concerns(from, kind)) expect({ line, ...schema.safeParse(frame) }).toMatchObject({ line, success: true });
    const { name, data } = frame as { name?: string; data?: unknown };
    if (frame.t === 'command') commands[name as CommandName].data.parse(withFiles(data));
    if (frame.t === 'query') queries[name as QueryName].ask.parse(data);
  }
});

test('what the gateway sends in an example is a frame it may send there, and its events fit the catalogue', () => {
  for (const { to, frame, line } of toBrowsers) {
    if (concerns(to, 'visitor')) expect({ line, known: frame.t in TO_VISITOR }).toEqual({ line, known: true });
    if (concerns(to, 'agent')) expect({ line, known: frame.t in TO_AGENT }).toEqual({ line, known: true });
    const stored = [frame['event'] ?? [], frame['events'] ?? []].flat() as {
      type: keyof typeof events;
      data: unknown;
    }[];
    for (const { type, data } of stored) events[type].data.parse(data);
  }
});

test('every frame of the protocol is shown, in each direction', () => {
  for (const type of typesOf(visitorFrame as never)) expect(shown(fromBrowsers, 'visitor', 'from')).toContain(type);
  for (const type of typesOf(agentFrame as never)) expect(shown(fromBrowsers, 'agent', 'from')).toContain(type);
  const toEither = new Set(toBrowsers.map(({ frame }) => frame.t));
  for (const type of Object.keys({ ...TO_VISITOR, ...TO_AGENT })) expect(toEither).toContain(type);
});

test('every command, query, error and close code has its words, every refusal of a command too', () => {
  for (const name of [...VISITOR_COMMANDS, ...AGENT_COMMANDS]) {
    const row = rowOf(`\`${name}\``);
    expect({ name, row }).toEqual({ name, row: expect.any(String) });
    for (const refusal of commands[name].refusals)
      expect({ name, row }).toEqual({ name, row: expect.stringContaining(`\`${refusal}\``) });
  }
  for (const name of AGENT_QUERIES) expect(page).toContain(`\`${name}\``);
  for (const code of Object.keys(ERRORS)) expect(rowOf(`\`${code}\``)).toBeDefined();
  for (const code of Object.values(CLOSE)) expect(rowOf(String(code))).toBeDefined();
});

test('the look of a site is what the gateway tells of such settings', () => {
  const [, shown = ''] = /## How a site wants it to look[\s\S]*?```js\n([\s\S]*?)```/.exec(page) ?? [];
  const settings = {
    id: 'n0rdhem000000000000000',
    name: 'Nordhem',
    typingPreview: true,
    accent: '#0b6b5d',
    language: 'en',
    widget: {
      side: 'left',
      offset: { x: 20, y: 90 },
      openAfterSeconds: 20,
      avatar: '/photos/nordhem.webp',
      words: { en: { launcher: 'Ask us', greeting: 'Anna knows every desk.' } },
    },
  } as SiteSettings;
  expect(JSON.parse(shown)).toEqual({ site: { ...lookOf(settings), language: settings.language } });
});
