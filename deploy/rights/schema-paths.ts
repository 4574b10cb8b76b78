// Where ids stand in what a browser says, read from the schemas of the protocol: an id field that comes later is found by itself.
import { type CommandName, commands, type QueryName, queries } from '@continuo/contracts';
import { agentFrame, visitorFrame } from '@continuo/contracts/frames';
import { ID_PATTERN } from '@continuo/contracts/ids';
import { z } from 'zod';
import { isQuery } from './frames.ts';

export interface Leaf {
  path: readonly string[];
  isId: boolean;
}
interface Json {
  type?: string;
  pattern?: string;
  const?: string;
  properties?: Record<string, Json>;
  items?: Json;
  oneOf?: Json[];
  anyOf?: Json[];
}

const json = (schema: z.ZodType): Json => z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Json;
const DOORS = { visitor: json(visitorFrame), agent: json(agentFrame) };

/** The fields of a frame of this name at this door, those of a command's data below `data`. */
export function leavesOf(door: keyof typeof DOORS, name: string): Leaf[] {
  const frame = DOORS[door].oneOf?.find(({ properties }) => properties?.['t']?.const === name);
  if (frame) return leaves(frame, []);
  const t = isQuery(name) ? 'query' : 'command';
  const carrier = DOORS[door].oneOf?.find(({ properties }) => properties?.['t']?.const === t);
  const data = isQuery(name) ? queries[name as QueryName].ask : commands[name as CommandName].data;
  return [...leaves(carrier as Json, []), ...leaves(json(data as z.ZodType), ['data'])];
}

function leaves({ properties, items, oneOf, anyOf, ...schema }: Json, path: readonly string[]): Leaf[] {
  if (items) return leaves(items, [...path, '0']);
  const options = oneOf ?? anyOf;
  if (options) return options.flatMap((option) => leaves(option, path));
  if (!properties) return [{ path, isId: schema.pattern === ID_PATTERN.source }];
  return Object.entries(properties).flatMap(([field, inner]) => leaves(inner, [...path, field]));
}

/** The frame with something else in one place; what is on the way there is made. */
export function withValue(frame: object, [field, ...rest]: readonly string[], value: unknown): object {
  if (field === undefined) throw new TypeError('a path is needed');
  const copy = Array.isArray(frame) ? [...frame] : { ...frame };
  const inner = (copy as Record<string, unknown>)[field];
  const next = rest.length > 0 ? withValue((inner as object) ?? (rest[0] === '0' ? [] : {}), rest, value) : value;
  Object.defineProperty(copy, field, { value: next, enumerable: true, configurable: true, writable: true });
  return copy;
}
