// What must stand in a mapping lest a dialogue lands on somebody else's record, is lost or cut to pieces, or a list is asked for without end: things that are
// well said, and that a CRM may answer for months before anybody sees what they do.
import { HEADING_ROOM } from '../../domain/note.ts';
import { LEAST_ROOM } from '../../domain/parts.ts';
import { inspect, read } from './expression.ts';
import type { Condition, FindStep, Listing, Mapping, Marked, Request } from './schema.ts';
import { limitFor } from './text.ts';
import type { SemanticFault } from './verify.ts';

type At = PropertyKey[];
type Fault = (path: At, words: string) => void;

export function senseFaults(mapping: Mapping): SemanticFault[] {
  const faults: SemanticFault[] = [];
  const fault: Fault = (path, words) => faults.push({ path, words });
  const needs = (at: At, request: Request, names: readonly string[], why: string) => {
    if (!names.some((name) => carries(request, name)))
      fault(at, `needs ${names.map((name) => `{{${name}}}`).join(' or ')}: ${why}`);
  };
  const listing = (at: At, list: Listing) => pagesOf(at, list, fault);

  const { limits, text } = mapping;
  const least = limitFor(HEADING_ROOM + LEAST_ROOM, text.note);
  if (limits.note < least)
    fault(
      ['limits', 'note'],
      `must be ${least} or more where text.note is ${text.note}: ${HEADING_ROOM} characters are kept free for heading and mark, ${LEAST_ROOM} are the least for what was said${least === HEADING_ROOM + LEAST_ROOM ? '' : `, and escaping can make ${limitFor(1, text.note)} of each`}`,
    );
  mapping.answers.forEach((rule, index) => {
    for (const word of ['say', 'field'] as const) uncaught(['answers', index, word], rule[word], rule.where, fault);
  });
  mapping.prepare.forEach((one, index) => {
    listing(['prepare', index], one);
    if (one.where.length === 0)
      fault(['prepare', index, 'where'], `is lacking: it says which row is ${one.what}; any row would count as it`);
  });
  for (const [index, step] of mapping.find.entries()) found(['find', index], step, `contact.${step.by}`, fault);
  mapping.findOwn.forEach((step, index) => {
    const at = ['findOwn', index];
    stepOf(at, step, fault);
    if (!compares(step, 'visitorKey', ['equals', 'contains']))
      needs([...at, 'request'], step.request, ['visitorKey'], 'else the lead of another visitor is taken');
  });
  const why =
    'by it the lead is found again, else there is a new lead each time. {{title}} ends with the key, so it must not be cut';
  const { request, duplicate } = mapping.create;
  needs(['create', 'request'], request, ['visitorKey', 'title'], why);
  if (duplicate) needs(['create', 'duplicate', 'force'], duplicate.force, ['visitorKey', 'title'], why);
  for (const [place, one] of [
    ['create', request],
    ['create', duplicate?.force],
    ['update', mapping.update],
  ] as const)
    if (one && mapping.fieldsIn?.every((path) => !isGroup(read(one.body, path))))
      fault(['fieldsIn'], `is not in the body of ${place}: one of the paths must lead to a group of fields there`);
  needs(['update'], mapping.update, ['record.id'], 'else it is not this record that is changed');
  for (const kind of ['lead', 'contact'] as const) {
    const at = ['records', kind];
    const { read: look, notes } = mapping.records[kind];
    needs([...at, 'read', 'request'], look.request, ['record.id'], 'else it is not this record that is read');
    const here = [...at, 'notes'];
    listing([...here, 'list'], notes.list);
    needs([...here, 'list', 'request'], notes.list.request, ['record.id'], 'else the notes of others are listed');
    needs([...here, 'add', 'request'], notes.add.request, ['note.text'], 'else the transcript is lost');
    needs([...here, 'add', 'request'], notes.add.request, ['record.id'], 'else the note stands at no record');
    needs([...here, 'edit'], notes.edit, ['note.text'], 'else what is said later is lost');
    needs([...here, 'edit'], notes.edit, ['note.id'], 'else it is not this note that is changed');
    needs([...here, 'remove'], notes.remove, ['note.id'], 'else it is not this note that is removed');
  }
  for (const what of ['task', 'deal'] as const) {
    const marked = mapping[what];
    if (marked) byMark(what, marked, { listing, needs, fault });
  }
  return faults;
}

function found(at: At, step: FindStep & { exact: boolean }, name: string, fault: Fault): void {
  stepOf(at, step, fault);
  if (compares(step, name, ['equals'])) return;
  if (!step.exact)
    fault(
      [...at, 'where'],
      `compares nobody: one condition needs equals: "{{${name}}}". A CRM that searches for what contains olga@example.com finds xolga@example.com as well, and the dialogue lands on the record of somebody else. Where the CRM compares whole values, and that is certain, write exact: true instead`,
    );
  else if (!carries(step.request, name) && !(step.whole && carries(step.whole.request, name)))
    fault([...at, 'request'], `needs {{${name}}}: without it and without a comparison anybody is found`);
}

function stepOf(at: At, { details, ...list }: FindStep, fault: Fault): void {
  pagesOf(at, list, fault);
  if (details && !carries(details.request, 'row'))
    fault([...at, 'details', 'request'], 'needs {{row.…}}: else it is not the hit that is looked at');
}

/** Each page is asked with what tells it from the one before. */
function pagesOf(at: At, { request, next, pageSize, whole }: Listing, fault: Fault): void {
  if (next !== undefined && !carries(request, 'next'))
    fault([...at, 'next'], 'needs {{next}} in the request: without it the same page is asked again and again');
  if (next === undefined && pageSize !== undefined && !carries(request, 'offset'))
    fault([...at, 'pageSize'], 'needs {{offset}} in the request: without it the same page is asked again and again');
  if (whole && !carries(whole.request, 'hits'))
    fault([...at, 'whole', 'request'], 'needs {{hits}}, the ids that are read');
}

interface Checks {
  listing(at: At, list: Listing): void;
  needs(at: At, request: Request, names: readonly string[], why: string): void;
  fault: Fault;
}
function byMark(what: 'task' | 'deal', { find, done, add, remove }: Marked, { listing, needs, fault }: Checks): void {
  const mark = `${what}.marker`;
  for (const [word, list] of Object.entries({ find, done })) {
    if (!list) continue;
    listing([what, word], list);
    if (!compares(list, mark, ['equals', 'contains']))
      fault(
        [what, word, 'where'],
        `needs a condition with equals or contains: "{{${mark}}}". By the mark alone ours are told from the ${what}s of people: else theirs are taken for ours, none is made, and theirs are removed as doubles`,
      );
  }
  needs(
    [what, 'add', 'request'],
    add.request,
    [`${what}.titled`, `${what}.text`, mark],
    'by the mark it is found again',
  );
  needs([what, 'remove'], remove, [`${what}.id`], `else it is not this ${what} that is removed`);
}

/** Is a value that is part of a template here, whole? */
function carries(part: unknown, name: string): boolean {
  if (typeof part === 'string')
    return [...part.matchAll(/\{\{.*?\}\}/g)].some(
      ([one]) =>
        !/\|\s*(cut|last):/.test(one) &&
        inspect(one).names.some((used) => used === name || used.startsWith(`${name}.`)),
    );
  if (typeof part !== 'object' || part === null) return false;
  return Object.entries(part).some(([key, value]) => carries(key, name) || carries(value, name));
}

function compares(
  { where, details }: { where: readonly Condition[]; details?: FindStep['details'] },
  name: string,
  words: readonly ('equals' | 'contains')[],
): boolean {
  return [...where, ...(details?.only ?? [])].some((condition) => words.some((word) => carries(condition[word], name)));
}

const isGroup = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value);

/** `{{match.2}}` needs a `matches` with two brackets. */
function uncaught(at: At, words: string | undefined, where: readonly Condition[], fault: Fault): void {
  const most = Math.max(-1, ...where.flatMap(({ matches }) => (matches === undefined ? [] : bracketsIn(matches))));
  for (const [name] of (words ?? '').matchAll(/match\.\w+/g)) {
    const number = Number(name.slice('match.'.length));
    if (!(number <= most)) fault(at, `{{${name}}}: no matches of this rule has brackets that catch it`);
  }
}
function bracketsIn(expression: string): number[] {
  try {
    return [(new RegExp(`${expression}|`).exec('')?.length ?? 1) - 1];
  } catch {
    return []; // It is told as no expression.
  }
}
