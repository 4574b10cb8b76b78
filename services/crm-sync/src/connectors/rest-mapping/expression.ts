// The two small languages of a mapping file: paths that read an answer (`data.items[].id`) and templates that write a request
// (`{{contact.lastName ?? unnamed | lower}}`). Both are pure, and neither can run code.

import { encodeText } from './text.ts';

export type Scope = Record<string, unknown>;
/** How times are written: ISO 8601, seconds or milliseconds since 1970, or `YYYY-MM-DD HH:MM:SS` in UTC. */
export type TimeFormat = 'iso' | 'unix' | 'unix-ms' | 'utc';

const STEP = /^([^[\]]*)((?:\[\d*\])*)$/;

/** @returns why this is no path, else undefined */
export const pathFault = (path: string): string | undefined =>
  path === '$' || path.split('.').every((step) => STEP.test(step) && step !== '')
    ? undefined
    : 'is no path; write names with dots between them, [0] for the first of a list, [] for all of them, $ for the whole answer';

/** What stands at a path; after `[]` a list of what stands there in each element. */
export function read(value: unknown, path: string): unknown {
  if (path === '$') return value;
  return path.split('.').flatMap(stepsOf).reduce<Reached>(stepInto, { value, many: false }).value;
}

type Step = { key: string } | { index: number } | 'all';
function stepsOf(step: string): Step[] {
  const [, key = '', indexes = ''] = STEP.exec(step) ?? [];
  const brackets = [...indexes.matchAll(/\[(\d*)\]/g)].map(
    ([, digits]): Step => (digits === '' ? 'all' : { index: Number(digits) }),
  );
  return [...(key === '' ? [] : [{ key }]), ...brackets];
}

interface Reached {
  value: unknown;
  many: boolean;
}
function stepInto({ value, many }: Reached, step: Step): Reached {
  if (step === 'all') return { value: many ? (value as unknown[]).flatMap(listOf) : listOf(value), many: true };
  return many
    ? { value: (value as unknown[]).map((one) => into(one, step)), many }
    : { value: into(value, step), many };
}
function into(value: unknown, step: Exclude<Step, 'all'>): unknown {
  if ('index' in step) return Array.isArray(value) ? value[step.index] : undefined;
  return typeof value === 'object' && value !== null && Object.hasOwn(value, step.key)
    ? (value as Scope)[step.key]
    : undefined;
}
const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

/** All rows at one or several paths. */
export const rowsAt = (answer: unknown, paths: readonly string[]): unknown[] =>
  paths.flatMap((path) => {
    const found = read(answer, path);
    if (found === undefined || found === null || found === false) return [];
    return Array.isArray(found) ? found : [found];
  });

/** A value as text; what a CRM writes for "nothing" (null, Odoo's false) is nothing. */
export const textOf = (value: unknown): string | undefined =>
  value === undefined || value === null || value === false || value === '' ? undefined : String(value);

const EXPRESSION = /\{\{(.*?)\}\}/g;
const WHOLE = /^\{\{((?:(?!\}\}).)*)\}\}$/;
const NAME = /^[a-zA-Z][\w]*(\.\w+)*$/;

/** What a filter makes of a value. */
const FILTERS: Record<string, (value: unknown, time: TimeFormat) => unknown> = {
  lower: (value) => String(value).toLowerCase(),
  upper: (value) => String(value).toUpperCase(),
  number: (value) => Number(value),
  digits: (value) => String(value).replace(/\D/g, ''),
  json: (value) => JSON.stringify(value),
  date: (value) => new Date(Number(value)).toISOString().slice(0, 10),
  clock: (value) => new Date(Number(value)).toISOString().slice(11, 16),
  time: (value, format) => writeTime(Number(value), format),
  html: (value) => encodeText(String(value), 'html'),
  markdown: (value) => encodeText(String(value), 'markdown'),
  bbcode: (value) => encodeText(String(value), 'bbcode'),
};

/** @returns the names a template reads, or what is wrong with it */
export function inspect(template: string): { names: string[]; fault?: string } {
  const names: string[] = [];
  for (const [, inside = ''] of template.matchAll(EXPRESSION)) {
    const { alternatives, filters } = partsOf(inside);
    for (const name of alternatives) {
      if (!NAME.test(name)) return { names, fault: `“{{${inside}}}” does not name a value` };
      names.push(name);
    }
    const unknown = filters.find((filter) => !filterOf(filter));
    if (unknown !== undefined)
      return {
        names,
        fault: `there is no filter “${unknown}”; there are: ${[...Object.keys(FILTERS), 'cut:NUMBER', 'last:NUMBER'].join(', ')}`,
      };
  }
  const rest = template.replaceAll(EXPRESSION, '');
  return /\{\{|\}\}/.test(rest) ? { names, fault: '“{{” and “}}” do not match' } : { names };
}

function partsOf(inside: string): { alternatives: string[]; filters: string[] } {
  const [values = '', ...filters] = inside.split('|').map((part) => part.trim());
  return { alternatives: values.split('??').map((name) => name.trim()), filters };
}

function filterOf(name: string): ((value: unknown, time: TimeFormat) => unknown) | undefined {
  const last = /^last:(\d+)$/.exec(name)?.[1];
  if (last !== undefined) return (value) => String(value).slice(-Number(last)).toWellFormed();
  const limit = /^cut:(\d+)$/.exec(name)?.[1];
  if (limit !== undefined) return (value) => String(value).slice(0, Number(limit)).toWellFormed();
  return Object.hasOwn(FILTERS, name) ? FILTERS[name] : undefined;
}

function evaluate(inside: string, scope: Scope, time: TimeFormat): unknown {
  const { alternatives, filters } = partsOf(inside);
  const value = alternatives
    .map((name) => read(scope, name))
    .find((one) => one !== undefined && one !== null && one !== '');
  return value === undefined ? undefined : filters.reduce<unknown>((made, name) => filterOf(name)?.(made, time), value);
}

/** A template of one expression alone keeps the value's type, and is undefined when the value is. */
export function render(template: string, scope: Scope, time: TimeFormat = 'iso'): unknown {
  const whole = WHOLE.exec(template)?.[1];
  if (whole !== undefined) return cleaned(evaluate(whole, scope, time));
  return renderText(template, scope, (text) => text, time);
}

/** @param encode for each value, not for what stands around it */
export const renderText = (
  template: string,
  scope: Scope,
  encode: (text: string) => string = (text) => text,
  time: TimeFormat = 'iso',
): string =>
  template.replaceAll(EXPRESSION, (_all, inside: string) =>
    encode(String(cleaned(evaluate(inside, scope, time)) ?? '')),
  );

/** Undefined as soon as one of its values is: half an address is none. */
export function renderWhole(template: string, scope: Scope, encode?: (text: string) => string): string | undefined {
  for (const [, inside = ''] of template.matchAll(EXPRESSION))
    if (evaluate(inside, scope, 'iso') === undefined) return undefined;
  return renderText(template, scope, encode);
}

/** A lone surrogate or U+0000 makes CRMs fail or cut the text. */
const cleaned = (value: unknown): unknown =>
  typeof value === 'string' ? value.toWellFormed().replaceAll('\u0000', '') : value;

/**
 * Templates in objects and lists. A key whose value is undefined is left out; so is `{$when, $value}` without its `$when`.
 * `{$each, $value}` is a list with a value for each of a list, `{{each}}`. `{$text}` is what an administrator wrote for a site: no template.
 */
export function renderBody(body: unknown, scope: Scope, time: TimeFormat): unknown {
  if (typeof body === 'string') return render(body, scope, time);
  if (Array.isArray(body)) return body.map((one) => renderBody(one, scope, time)).filter((one) => one !== undefined);
  if (typeof body !== 'object' || body === null) return body;
  if ('$text' in body) return cleaned(body.$text);
  if ('$each' in body && '$value' in body) {
    const many = render(String(body.$each), scope, time);
    return Array.isArray(many) ? many.map((each) => renderBody(body.$value, { ...scope, each }, time)) : undefined;
  }
  if ('$when' in body && '$value' in body)
    return textOf(render(String(body.$when), scope)) === undefined ? undefined : renderBody(body.$value, scope, time);
  return Object.fromEntries(
    Object.entries(body)
      .map(([key, value]) => [renderText(key, scope), renderBody(value, scope, time)] as const)
      .filter(([key, value]) => key !== '' && value !== undefined),
  );
}

export function writeTime(at: number, format: TimeFormat): string | number {
  if (format === 'unix') return Math.floor(at / 1000);
  if (format === 'unix-ms') return at;
  // Whole seconds: some CRMs refuse a fraction.
  const iso = new Date(at).toISOString().slice(0, 19);
  return format === 'utc' ? iso.replace('T', ' ') : `${iso}Z`;
}

/** @returns milliseconds since 1970; 0 for what is no time */
export function readTime(value: unknown, format: TimeFormat): number {
  if (format === 'unix') return Number(value) * 1000 || 0;
  if (format === 'unix-ms') return Number(value) || 0;
  const text = String(value);
  return Date.parse(format === 'utc' ? `${text.replace(' ', 'T')}Z` : text) || 0;
}
