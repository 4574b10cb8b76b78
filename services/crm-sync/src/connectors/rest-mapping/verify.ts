// What a schema cannot say: do the paths, templates and expressions of a mapping make sense, and does each template use only what is known in its place?
import { isHeaderName, isHeaderValue } from '../http.ts';
import { inspect, pathFault } from './expression.ts';
import { isBelow } from './request.ts';
import type { Condition, Listing, Mapping, Request } from './schema.ts';
import { NAMES, type Place } from './scope.ts';

export interface SemanticFault {
  path: PropertyKey[];
  words: string;
}
type At = PropertyKey[];

export function semanticFaults(mapping: Mapping): SemanticFault[] {
  const faults: SemanticFault[] = [];
  const fault = (path: At, words: string | undefined) => words !== undefined && faults.push({ path, words });
  const login = mapping.auth.type === 'log-in' ? Object.keys(mapping.auth.values) : [];

  const template = (at: At, text: string, names: readonly string[]) => {
    const { names: used, fault: wrong } = inspect(text);
    fault(at, wrong);
    for (const name of used) fault(at, unknownName(name, names, mapping, login));
  };
  const body = (at: At, value: unknown, names: readonly string[]): void => {
    if (typeof value === 'string') return template(at, value, names);
    if (typeof value !== 'object' || value === null) return;
    if (('$when' in value || '$each' in value) !== '$value' in value)
      fault(at, '$when or $each and $value belong together');
    for (const [key, one] of Object.entries(value)) {
      if (!Array.isArray(value)) template([...at, key], key, names);
      body(
        [...at, Array.isArray(value) ? Number(key) : key],
        one,
        key === '$value' && '$each' in value ? [...names, 'each'] : names,
      );
    }
  };
  const headersAt = (at: At, headers: Record<string, string>, names: readonly string[]) => {
    for (const [name, value] of Object.entries(headers)) {
      fault([...at, name], nameFault(name) ?? valueFault(value));
      template([...at, name], value, names);
    }
  };
  const request = (
    at: At,
    { path, query, headers, body: sent }: Request,
    place: Place,
    more: readonly string[] = [],
  ) => {
    const names = [...NAMES[place], ...more];
    template([...at, 'path'], path, names);
    if (!isBelow(path))
      fault(
        [...at, 'path'],
        'must begin with “/”, and no other slash after it: what begins otherwise may lead to another host, and the key with it',
      );
    for (const [name, value] of Object.entries(query)) template([...at, 'query', name], value, names);
    headersAt([...at, 'headers'], headers, names);
    body([...at, 'body'], sent, names);
  };
  const path = (at: At, text: string | undefined) => text !== undefined && fault(at, pathFault(text));
  const paths = (at: At, many: readonly string[] | undefined) => {
    for (const one of many ?? []) path(at, one);
  };
  const conditions = (at: At, many: readonly Condition[], names: readonly string[]) =>
    many.forEach((condition, index) => {
      const here = [...at, index];
      if (condition.path !== undefined) {
        template([...here, 'path'], condition.path, names);
        path([...here, 'path'], withoutTemplates(condition.path));
      }
      for (const word of ['equals', 'contains'] as const)
        if (condition[word] !== undefined) template([...here, word], condition[word], names);
      if (condition.matches !== undefined) fault([...here, 'matches'], expressionFault(condition.matches));
    });

  const listing = (at: At, { request: asked, rows, next, whole }: Listing, place: Place) => {
    request([...at, 'request'], asked, place);
    paths([...at, 'rows'], rows);
    path([...at, 'next'], next);
    if (!whole) return;
    path([...at, 'whole', 'id'], whole.id);
    request([...at, 'whole', 'request'], whole.request, place, ['hits']);
    paths([...at, 'whole', 'rows'], whole.rows);
  };

  authFaults(mapping, { request, template, path, headersAt, fault });
  headersAt(['headers'], mapping.headers, NAMES.site);
  mapping.answers.forEach((rule, index) => {
    conditions(['answers', index, 'where'], rule.where, []);
    path(['answers', index, 'retryAt'], rule.retryAt);
    for (const word of ['say', 'field'] as const)
      if (rule[word] !== undefined) template(['answers', index, word], rule[word], ['match']);
    if (!rule.status && rule.where.length === 0)
      fault(['answers', index], 'fits every answer that succeeded; give it a status or a where');
  });
  mapping.check.forEach((one, index) => {
    request(['check', index, 'request'], one.request, 'first');
    paths(['check', index, 'rows'], one.rows);
  });
  mapping.prepare.forEach((one, index) => {
    request(['prepare', index, 'add'], one.add, 'first');
    for (const [name, value] of Object.entries(one.keep)) path(['prepare', index, 'keep', name], value);
    listing(['prepare', index], one, 'page');
    conditions(['prepare', index, 'where'], one.where, NAMES.first);
  });
  for (const list of ['find', 'findOwn'] as const)
    mapping[list].forEach((step, index) => {
      const at = [list, index];
      listing(at, step, list);
      conditions([...at, 'where'], step.where, NAMES[list]);
      if (!step.details) return;
      request([...at, 'details', 'request'], step.details.request, list, ['row']);
      path([...at, 'details', 'row'], step.details.row);
      conditions([...at, 'details', 'only'], step.details.only, NAMES[list]);
    });
  for (const kind of ['lead', 'contact'] as const) {
    const { fields, read, notes, open } = mapping.records[kind];
    const at = ['records', kind];
    for (const [name, value] of Object.entries(fields))
      for (const one of [value].flat()) path([...at, 'fields', name], one);
    request([...at, 'read', 'request'], read.request, 'record');
    path([...at, 'read', 'row'], read.row);
    conditions([...at, 'read', 'gone'], read.gone, NAMES.record);
    if (read.moved) {
      conditions([...at, 'read', 'moved', 'when'], read.moved.when, []);
      for (const name of ['id', 'email'] as const)
        if (read.moved[name] !== undefined) template([...at, 'read', 'moved', name], read.moved[name], ['row']);
    }
    const { list, add, edit, remove } = notes;
    listing([...at, 'notes', 'list'], list, 'notes');
    for (const name of ['id', 'text', 'at'] as const) path([...at, 'notes', 'list', name], list[name]);
    conditions([...at, 'notes', 'list', 'where'], list.where, NAMES.notes);
    request([...at, 'notes', 'add', 'request'], add.request, 'newNote');
    path([...at, 'notes', 'add', 'id'], add.id);
    path([...at, 'notes', 'add', 'rows'], add.rows);
    request([...at, 'notes', 'edit'], edit, 'note');
    request([...at, 'notes', 'remove'], remove, 'note');
    if (open === undefined) continue;
    template([...at, 'open'], open, NAMES.record);
    if (!isAddress(open))
      fault(
        [...at, 'open'],
        'must begin with https:// (or http://), or with an address of the settings, as {{baseUrl}}',
      );
  }
  const { create } = mapping;
  request(['create', 'request'], create.request, 'lead');
  path(['create', 'id'], create.id);
  if (create.duplicate) {
    paths(['create', 'duplicate', 'rows'], create.duplicate.rows);
    conditions(['create', 'duplicate', 'where'], create.duplicate.where, NAMES.lead);
    request(['create', 'duplicate', 'force'], create.duplicate.force, 'lead');
    if (!mapping.answers.some(({ means }) => means === 'taken'))
      fault(['create', 'duplicate'], 'is never used: no rule in “answers” means “taken”');
  }
  request(['update'], mapping.update, 'update');
  paths(['fieldsIn'], mapping.fieldsIn);
  if (mapping.makeField) request(['makeField'], mapping.makeField, 'makeField');
  for (const [what, all, old] of [
    ['task', 'tasks', 'oldTask'],
    ['deal', 'deals', 'oldDeal'],
  ] as const) {
    const marked = mapping[what];
    if (!marked) continue;
    const { find, done, add, remove } = marked;
    listing([what, 'find'], find, all);
    for (const name of ['id', 'at'] as const) path([what, 'find', name], find[name]);
    conditions([what, 'find', 'where'], find.where, NAMES[all]);
    if (done) {
      listing([what, 'done'], done, all);
      conditions([what, 'done', 'where'], done.where, NAMES[all]);
    }
    request([what, 'add', 'request'], add.request, what);
    path([what, 'add', 'id'], add.id);
    request([what, 'remove'], remove, old);
  }
  return faults;
}

const nameFault = (name: string): string | undefined =>
  isHeaderName(name) ? undefined : 'is no name of a header: letters, digits and “-” without spaces, as X-Api-Key';
const valueFault = (value: string): string | undefined =>
  isHeaderValue(withoutTemplates(value))
    ? undefined
    : 'holds a line break or another character that no header can hold';
/** What a value makes of it is looked at again when it is used. */
const isAddress = (template: string): boolean => /^(https?:\/\/|\{\{)/i.test(template);

/** A name that a template stands for is one step. */
const withoutTemplates = (text: string): string => text.replaceAll(/\{\{.*?\}\}/g, 'x');

interface Checks {
  request(at: At, request: Request, place: Place, more?: readonly string[]): void;
  template(at: At, text: string, names: readonly string[]): void;
  path(at: At, text: string | undefined): void;
  headersAt(at: At, headers: Record<string, string>, names: readonly string[]): void;
  fault(at: At, words: string | undefined): void;
}
function authFaults({ auth }: Mapping, { request, template, path, headersAt, fault }: Checks): void {
  if (auth.type === 'log-in') {
    request(['auth', 'request'], auth.request, 'auth');
    for (const [name, value] of Object.entries(auth.values)) path(['auth', 'values', name], value);
    headersAt(['auth', 'headers'], auth.headers, NAMES.site);
    return;
  }
  if (auth.type === 'header') {
    fault(['auth', 'name'], nameFault(auth.name));
    fault(['auth', 'value'], valueFault(auth.value));
  }
  if (auth.type === 'oauth2-client-credentials' && !isAddress(auth.tokenUrl) && !isBelow(auth.tokenUrl))
    fault(['auth', 'tokenUrl'], 'must begin with https:// (or http://), or with “/” for one below the base address');
  for (const [name, value] of Object.entries(auth))
    if (!['type', 'name', 'scope', 'sentAs'].includes(name) && typeof value === 'string')
      template(['auth', name], value, NAMES.auth);
}

function unknownName(
  name: string,
  names: readonly string[],
  { settings, records, prepare }: Mapping,
  login: readonly string[],
): string | undefined {
  const [root = '', key] = name.split('.');
  const allowed = names.flatMap((one) => {
    if (one === 'settings') return Object.keys(settings).map((setting) => `settings.${setting}`);
    if (one === 'prepared') return kept(prepare).map((value) => `prepared.${value}`);
    if (one === 'login') return login.map((value) => `login.${value}`);
    // Both kinds must have it, since the same request may stand for both.
    if (one === 'constants')
      return Object.keys(records.lead.constants)
        .filter((value) => value in records.contact.constants)
        .map((value) => `constants.${value}`);
    return one;
  });
  if (allowed.includes(name)) return undefined;
  if (root === 'row' && names.includes(root)) return undefined;
  if (root === 'match' && names.includes(root) && key !== undefined) return undefined;
  return `“${name}” is not known here; known are ${allowed.join(', ') || 'no values'}`;
}

const kept = (prepare: Mapping['prepare']): string[] => prepare.flatMap(({ keep }) => Object.keys(keep));

function expressionFault(expression: string): string | undefined {
  try {
    new RegExp(expression);
    return undefined;
  } catch {
    return `“${expression}” is no regular expression`;
  }
}
