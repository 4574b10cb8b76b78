// The values that a mapping's templates may use, by the place they stand in.
import { crmFact } from '@continuo/contracts';
import type { RecordRef } from '../../domain/link.ts';
import type { Deal, Lead, Task } from '../connector.ts';
import type { Scope } from './expression.ts';
import type { Mapping } from './schema.ts';
import { encodeText } from './text.ts';

export const recordScope = ({ records }: Pick<Mapping, 'records'>, { kind, id }: RecordRef): Scope => ({
  record: { kind, id, name: records[kind].name },
  constants: records[kind].constants,
});

/** Its marker stands in `titled` and at the end of `text`, each of which a CRM may be able to search. */
export function taskScope({ limits, text }: Pick<Mapping, 'limits' | 'text'>, task: Task): Scope {
  const { marker, subject } = task;
  const titled = `${subject.slice(0, limits.subject - marker.length - 1).toWellFormed()} ${marker}`;
  return {
    task: {
      ...task,
      subject: subject.slice(0, limits.subject).toWellFormed(),
      titled,
      text: encodeText(task.text, text.task),
    },
  };
}

/** As a task: its marker stands in `titled` and at the end of `text`. */
export function dealScope(
  { limits, text }: Pick<Mapping, 'limits' | 'text'>,
  { title, text: words, marker }: Deal,
): Scope {
  const titled = `${title.slice(0, limits.title - marker.length - 1).toWellFormed()} ${marker}`;
  return {
    deal: {
      marker,
      title: title.slice(0, limits.title).toWellFormed(),
      titled,
      text: encodeText(words, text.description),
    },
  };
}

export function leadScope(mapping: Pick<Mapping, 'limits' | 'text'>, lead: Lead): Scope {
  const { contact, visitorKey, description, unnamed, facts = {} } = lead;
  return {
    facts,
    contact: { ...contact, ...names(contact.name) },
    visitorKey,
    title: titleWithKey(lead.title, visitorKey, mapping.limits.title),
    description: encodeText(description, mapping.text.description),
    unnamed,
  };
}

/** A title ends with the visitor's key, whole, so that a lead of ours is found even where no field of its own can be searched. */
const titleWithKey = (title: string, key: string, limit: number): string =>
  `${title.slice(0, limit - key.length - 4).toWellFormed()} [${key}]`;

/** CRMs know first and last name; a single word is the last name, which lists show. */
function names(name: string | undefined): { firstName?: string; lastName?: string } {
  const words = name?.trim().split(/\s+/) ?? [];
  const last = words.at(-1);
  return last === undefined || last === '' ? {} : { firstName: words.slice(0, -1).join(' '), lastName: last };
}

const LOGGED_IN = ['settings', 'baseUrl', 'now', 'login'];
const SITE = [...LOGGED_IN, 'prepared'];
const CONTACT = [
  'contact.name',
  'contact.firstName',
  'contact.lastName',
  'contact.email',
  'contact.phone',
  'contact.externalId',
];
const LEAD = [
  ...CONTACT,
  'visitorKey',
  'title',
  'description',
  'unnamed',
  ...crmFact.options.map((fact) => `facts.${fact}`),
];
const RECORD = ['record.kind', 'record.id', 'record.name', 'constants'];
const TASK = [...SITE, ...RECORD, 'task.marker'];
const DEAL = [...SITE, ...RECORD, 'deal.marker'];
const PAGE = ['next', 'offset'];

/** What is known where; `settings.NAME`, `login.NAME`, `row.…` and `match.N` are checked by their first part. */
export const NAMES = {
  site: SITE,
  auth: ['settings', 'baseUrl', 'now'],
  /** Before anything is prepared. */
  first: LOGGED_IN,
  page: [...LOGGED_IN, ...PAGE],
  find: [...SITE, ...PAGE, ...CONTACT],
  findOwn: [...SITE, ...PAGE, 'visitorKey'],
  lead: [...SITE, ...LEAD],
  update: [...SITE, ...LEAD, ...RECORD],
  record: [...SITE, ...RECORD],
  notes: [...SITE, ...RECORD, ...PAGE],
  note: [...SITE, ...RECORD, 'note.id', 'note.text', 'note.marker'],
  newNote: [...SITE, ...RECORD, 'note.text', 'note.marker'],
  makeField: [...SITE, 'field'],
  tasks: [...TASK, ...PAGE],
  task: [...TASK, 'task.kind', 'task.subject', 'task.titled', 'task.text', 'task.due'],
  oldTask: [...SITE, ...RECORD, 'task.id'],
  deals: [...DEAL, ...PAGE],
  deal: [...DEAL, 'deal.title', 'deal.titled', 'deal.text'],
  oldDeal: [...SITE, ...RECORD, 'deal.id'],
} as const;
export type Place = keyof typeof NAMES;
