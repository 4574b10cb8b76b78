// The lock: JSON Schemas of what has been released. Within a version only optional additions are allowed; stored events are for ever.
import { z } from 'zod';
import { commands, events, queries, timers } from '../catalogue.ts';

type JsonSchema = { [key: string]: unknown };
/** `kind name@version` → schema */
export type Lock = Record<string, JsonSchema>;

/** The catalogue as it is now. */
export function currentLock(): Lock {
  const lock: Lock = {};
  for (const [name, { v, data }] of Object.entries(events)) lock[`event ${name}@${v}`] = toSchema(data);
  for (const [name, { data }] of Object.entries(commands)) lock[`command ${name}@1`] = toSchema(data);
  for (const [name, { ask }] of Object.entries(queries)) lock[`query ${name}@1`] = toSchema(ask);
  for (const [name, { data }] of Object.entries(timers)) lock[`timer ${name}@1`] = toSchema(data);
  return lock;
}

const toSchema = (schema: z.ZodType): JsonSchema =>
  z.toJSONSchema(schema, { unrepresentable: 'any', io: 'input' }) as JsonSchema;

/** Everything that was valid once and would be refused now, in words. Empty: the change is an addition. */
export function narrowings(before: Lock, now: Lock): string[] {
  return Object.entries(before).flatMap(([name, schema]) =>
    now[name] ? compare(name, schema, now[name]) : [`${name} is gone: keep the old version beside the new one`],
  );
}

function compare(at: string, before: JsonSchema, now: JsonSchema): string[] {
  const faults: string[] = [];
  const old = properties(before);
  const fresh = properties(now);
  for (const field of Object.keys(old)) {
    if (fresh[field]) faults.push(...compare(`${at}.${field}`, old[field] as JsonSchema, fresh[field]));
    else faults.push(`${at}.${field} was removed`);
  }
  for (const field of required(now))
    if (!required(before).includes(field)) faults.push(`${at}.${field} is required now`);
  for (const value of list(before['enum']))
    if (now['enum'] && !list(now['enum']).includes(value))
      faults.push(`${at} no longer allows ${JSON.stringify(value)}`);
  if (before['type'] !== now['type'])
    faults.push(`${at} changed its type from ${String(before['type'])} to ${String(now['type'])}`);
  if (!before['enum'] && now['enum']) faults.push(`${at} allows only some values now`);
  if (before['pattern'] !== now['pattern'] && now['pattern']) faults.push(`${at} has another pattern`);
  if (limit(now['maxLength']) < limit(before['maxLength'])) faults.push(`${at} is shorter now`);
  if (before['items'] && now['items'])
    faults.push(...compare(`${at}[]`, before['items'] as JsonSchema, now['items'] as JsonSchema));
  return faults;
}

const properties = (schema: JsonSchema) => (schema['properties'] ?? {}) as Record<string, JsonSchema>;
const required = (schema: JsonSchema) => (schema['required'] ?? []) as string[];
const list = (value: unknown) => (Array.isArray(value) ? (value as unknown[]) : []);
const limit = (value: unknown) => (typeof value === 'number' ? value : Number.POSITIVE_INFINITY);
