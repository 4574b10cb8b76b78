// The catalogue holds together: every line has its sample, its listeners exist, and nothing released is narrowed unseen.

import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { z } from 'zod';
import { commands, events, queries, timers } from './catalogue.ts';
import { narrowings } from './generate/lock.ts';
import { consumers, streams } from './streams.ts';

const folder = new URL('samples/', import.meta.url);
const samples = readdirSync(folder);

test('every version of every event ever stored has a golden sample that still reads', () => {
  for (const [name, { v, data }] of Object.entries(events)) {
    for (let version = 1; version <= v; version++) {
      expect(samples).toContain(`${name}.v${version}.json`);
      const sample: unknown = JSON.parse(readFileSync(new URL(`${name}.v${version}.json`, folder), 'utf8'));
      expect(data.parse(sample)).toEqual(sample);
    }
  }
});

test('no sample is without its event', () => {
  for (const file of samples) expect(Object.keys(events)).toContain(file.split('.')[0]);
});

test('writers may not invent fields', () => {
  for (const [name, { data }] of Object.entries(events)) {
    const sample = JSON.parse(readFileSync(new URL(`${name}.v1.json`, folder), 'utf8')) as object;
    expect(data.safeParse({ ...sample, invented: true }).success).toBe(false);
  }
});

test('every listener is a durable consumer on the event’s stream, or the gateway’s live consumer', () => {
  for (const { stream, heardBy } of Object.values(events)) {
    for (const listener of heardBy) {
      if (listener === 'gateway') continue;
      expect(consumers[listener].stream).toBe(stream);
    }
  }
});

test('names are past tense for events and unique over all kinds', () => {
  const all = [events, commands, queries, timers].flatMap((table) => Object.keys(table));
  expect(new Set(all).size).toBe(all.length);
  for (const name of all) expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/);
});

test('facts are never dropped silently: streams of facts refuse when full', () => {
  for (const name of ['CONVERSATION', 'DESK', 'DEAD_LETTERS'] as const)
    expect(streams[name]).toMatchObject({ discard: 'new', maxAge: 0 });
  for (const [name, line] of Object.entries(streams))
    if (name !== 'TIMERS') expect('allowSchedules' in line).toBe(false);
});

test('a removal, a new duty or a narrower field is seen by the lock; an optional addition is not', () => {
  const schema = (shape: z.ZodRawShape) => ({
    'event x@1': z.toJSONSchema(z.strictObject(shape)) as Record<string, unknown>,
  });
  const before = schema({ text: z.string().max(10), why: z.enum(['a', 'b']), n: z.int() });
  expect(
    narrowings(
      before,
      schema({ text: z.string().max(20), why: z.enum(['a', 'b', 'c']), n: z.int(), more: z.string().optional() }),
    ),
  ).toEqual([]);
  expect(narrowings(before, schema({ text: z.string().max(5), why: z.enum(['a']), must: z.string() }))).toEqual([
    'event x@1.text is shorter now',
    'event x@1.why no longer allows "b"',
    'event x@1.n was removed',
    'event x@1.must is required now',
  ]);
  expect(narrowings(before, {})).toHaveLength(1);
});
