// BottleCRM (PyPI `django-crm`). What is peculiar: a refused token is 403 and never 401; a refusal may be an HTML page; notes come in any order;
// a lead's e-mail is unique, also on a converted lead that no list shows; custom-field filters work on PostgreSQL only, so our leads carry their key in the title, too.
import type { AxiosResponse } from 'axios';
import { z } from 'zod';
import type { RecordRef } from '../domain/link.ts';
import { addedOnce } from './added-once.ts';
import { createDeal, findDeals } from './bottlecrm-deals.ts';
import {
  CUSTOMER_FIELD,
  contactWithEmail,
  findContact,
  findOwnLead,
  ownLeads,
  VISITOR_FIELD,
} from './bottlecrm-find.ts';
import * as shapes from './bottlecrm-shapes.ts';
import { createTask, findTasks } from './bottlecrm-tasks.ts';
import type { Connector, Crm, Lead, Note } from './connector.ts';
import { CrmError, isCrmFault } from './crm-error.ts';
import { type Http, openHttp } from './http.ts';

export const LEAD_SOURCE = 'Live chat';
const FIELDS: Field[] = [
  { target_model: 'Lead', key: VISITOR_FIELD, label: 'Live chat visitor' },
  { target_model: 'Lead', key: CUSTOMER_FIELD, label: 'Customer id' },
  { target_model: 'Contact', key: CUSTOMER_FIELD, label: 'Customer id' },
];

const credentials = z.object({
  token: z
    .string()
    .min(1)
    .describe('Personal access token (Profile → API tokens) that may read and write leads, contacts and tasks'),
  webUrl: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('Address of BottleCRM’s pages, for links that open a record'),
});

export const bottlecrm: Connector = {
  describe: { id: 'bottlecrm', name: 'BottleCRM', credentials, noteLimit: 10_000, makesFields: true },
  open(connection, signal): Crm {
    const { token, webUrl } = credentials.parse(connection.credentials);
    const http = openHttp({
      crm: 'BottleCRM',
      baseUrl: connection.baseUrl,
      headers: { authorization: `Bearer ${token}` },
      outbound: connection.outbound,
      signal,
      classify,
    });
    return {
      check: () => check(http),
      prepare: () => prepare(http),
      findContact: (contact) => findContact(http, contact),
      findOwnLead: (visitorKey) => findOwnLead(http, visitorKey),
      upsertLead: (lead, record) => upsertLead(http, lead, record),
      ownLeads: {
        list: (visitorKey) => ownLeads(http, visitorKey),
        remove: async ({ id }) => {
          await http.send('DELETE', `/api/leads/${id}/`).catch(unless('record-gone', undefined));
        },
      },
      makeField: (name) => makeField(http, name),
      follow: (record) => follow(http, record),
      listNotes: (record) => listNotes(http, record),
      upsertNote: (record, note) => upsertNote(http, record, note),
      removeNote: async (record, id) => {
        await http.send('DELETE', `/api/${record.kind}s/comment/${id}/`).catch(unless('record-gone', undefined));
      },
      findTasks: (_record, marker) => findTasks(http, marker),
      createTask: (record, task) => createTask(http, record, task),
      removeTask: async (_record, id) => {
        await http.send('DELETE', `/api/tasks/${id}/`).catch(unless('record-gone', undefined));
      },
      deals: {
        find: (_record, marker) => findDeals(http, marker),
        create: (record, deal) => createDeal(http, record, deal),
        remove: async (_record, id) => {
          await http.send('DELETE', `/api/opportunities/${id}/`).catch(unless('record-gone', undefined));
        },
      },
      openUrl: ({ kind, id }) => (webUrl === undefined ? undefined : `${webUrl.replace(/\/+$/, '')}/${kind}s/${id}`),
    };
  },
};

async function check(http: Http): Promise<void> {
  await http.get('/api/leads/sources/', shapes.sources);
  await http.get('/api/contacts/', shapes.contactPage, { limit: 1 });
}

async function prepare(http: Http): Promise<void> {
  const sourceStands = async () =>
    (await http.get('/api/leads/sources/', shapes.sources)).sources.some(
      ({ label }) => label.toLowerCase() === LEAD_SOURCE.toLowerCase(),
    );
  await addedOnce(sourceStands, () => http.send('POST', '/api/leads/sources/', { label: LEAD_SOURCE }));
  for (const field of FIELDS)
    if (!(await addField(http, field)) && field.key === VISITOR_FIELD)
      throw new CrmError(
        'invalid',
        `BottleCRM did not add the custom field “${VISITOR_FIELD}” to leads: let an administrator add it (type text).`,
      );
}

interface Field {
  target_model: string;
  key: string;
  label: string;
}
/** @returns whether it stands now, as text or as whatever the company made it */
const addField = (http: Http, field: Field): Promise<boolean> =>
  addedOnce(
    async () =>
      (await http.get('/api/custom-fields/', shapes.customFields)).definitions.some(
        ({ target_model, key }) => target_model === field.target_model && key === field.key,
      ),
    () => http.send('POST', '/api/custom-fields/', { ...field, field_type: 'text' }),
  );

async function upsertLead(http: Http, lead: Lead, record?: RecordRef): Promise<RecordRef> {
  const { contact, visitorKey } = lead;
  const { fields, custom } = await siteFields(http, lead.fields ?? {});
  const known = {
    ...fields,
    ...nameFields(contact.name),
    ...(contact.email && { email: contact.email }),
    ...(contact.phone && { phone: contact.phone }),
    custom_fields: {
      ...custom,
      [VISITOR_FIELD]: visitorKey,
      ...(contact.externalId && { [CUSTOMER_FIELD]: contact.externalId }),
    },
  };
  if (record) {
    await http.send('PATCH', `/api/leads/${record.id}/`, known);
    return { kind: 'lead', id: record.id };
  }
  const whole = {
    last_name: lead.unnamed,
    ...known,
    title: titleWithKey(lead.title, visitorKey),
    description: lead.description,
    source: LEAD_SOURCE.toLowerCase(),
    source_ref: visitorKey,
  };
  const { id } = await http.send('POST', '/api/leads/', whole, shapes.made);
  return { kind: 'lead', id };
}

const CUSTOM = 'custom_fields.';

/** The site's own fields: `custom_fields.key`, or a field that every lead has. A custom field that is not defined would be dropped in silence. */
async function siteFields(
  http: Http,
  wanted: Record<string, string>,
): Promise<{ fields: Record<string, string>; custom: Record<string, string> }> {
  const all = Object.entries(wanted);
  const custom = all.flatMap(([name, value]) => (name.startsWith(CUSTOM) ? [[name.slice(CUSTOM.length), value]] : []));
  if (custom.length > 0) {
    const { definitions } = await http.get('/api/custom-fields/', shapes.customFields);
    const lacking = custom.find(
      ([key]) => !definitions.some((one) => one.target_model === 'Lead' && one.key === key),
    )?.[0];
    if (lacking !== undefined)
      throw new CrmError(
        'invalid',
        `BottleCRM has no custom field “${lacking}” for leads: add it there (type text), or take it out of the site’s settings (crm.fields).`,
        { field: lacking },
      );
  }
  return {
    fields: Object.fromEntries(all.filter(([name]) => !name.startsWith(CUSTOM))),
    custom: Object.fromEntries(custom),
  };
}

async function makeField(http: Http, key: string): Promise<void> {
  if (await addField(http, { target_model: 'Lead', key, label: key })) return;
  throw new CrmError(
    'invalid',
    `BottleCRM does not make the custom field “${key}” for leads: let an administrator add it there (type text), or take it out of the site’s settings (crm.fields).`,
    { field: key },
  );
}

const TITLE_LIMIT = 255;
const titleWithKey = (title: string, key: string): string =>
  `${title.slice(0, TITLE_LIMIT - key.length - 4).toWellFormed()} [${key}]`;

/** The CRM knows first and last name; a single word is the last name, which lists show. */
function nameFields(name: string | undefined): Record<string, string | null> {
  const words = name?.trim().split(/\s+/) ?? [];
  if (words.length === 0 || words[0] === '') return {};
  // An empty first name is refused, and everything else with it.
  return { first_name: words.slice(0, -1).join(' ') || null, last_name: words.at(-1) as string };
}

const toNotes = (comments: shapes.Comment[]): Note[] =>
  comments
    .map(({ id, comment, commented_on }) => ({ id, text: comment, at: Date.parse(commented_on) }))
    .sort((a, b) => a.at - b.at);

async function listNotes(http: Http, { kind, id }: RecordRef): Promise<Note[]> {
  return toNotes((await http.get(`/api/${kind}s/${id}/`, shapes.comments)).comments);
}

async function upsertNote(
  http: Http,
  { kind, id }: RecordRef,
  note: { id?: string | undefined; text: string; marker: string },
): Promise<string> {
  if (note.id !== undefined) {
    await http.send('PATCH', `/api/${kind}s/comment/${note.id}/`, { comment: note.text }).catch((error: unknown) => {
      if (isCrmFault(error, 'record-gone')) throw new CrmError('note-gone', 'The note is gone from BottleCRM.');
      throw error;
    });
    return note.id;
  }
  const answer = await http.send('POST', `/api/${kind}s/${id}/`, { comment: note.text }, shapes.comments);
  // The answer holds all notes and does not say which one is new: the marker does.
  const written = toNotes(answer.comments).filter(({ text }) => text.trimEnd().endsWith(note.marker));
  const newest = written.at(-1);
  if (!newest)
    throw new CrmError('server-error', 'BottleCRM took a note but does not show it.', { outcomeUnknown: true });
  return newest.id;
}

async function follow(http: Http, record: RecordRef): Promise<RecordRef | undefined> {
  if (record.kind === 'contact')
    return http.get(`/api/contacts/${record.id}/`, shapes.contact).then(() => record, unless('record-gone', undefined));
  const lead = await http
    .get(`/api/leads/${record.id}/`, shapes.lead)
    .then(({ lead_obj }) => lead_obj, unless('record-gone', undefined));
  if (!lead) return undefined;
  return lead.status === 'converted' ? ((await contactWithEmail(http, lead.email)) ?? record) : record;
}

/** For `catch`: this fault is answered with a value, every other one goes on. */
function unless<T>(fault: 'record-gone', value: T): (error: unknown) => T {
  return (error) => {
    if (isCrmFault(error, fault)) return value;
    throw error;
  };
}

/** Addresses that end with the id of a record. */
const OF_A_RECORD = /\/[0-9a-f-]{36}\/$/;

function classify({ status, data, config }: AxiosResponse<unknown>): CrmError | undefined {
  const detail = wordsOf(data);
  if (status === 404)
    return OF_A_RECORD.test(config.url ?? '')
      ? new CrmError('record-gone', 'The record is gone from BottleCRM.')
      : new CrmError('invalid', 'There is no BottleCRM at this address (404). Check the address in the settings.');
  if (status === 403 || status === 401) {
    const scope = /needs the ([\w:]+) scope/.exec(detail)?.[1];
    // Everything but tasks works with such a token: the connection is not stopped for it.
    if (scope?.startsWith('tasks:'))
      return new CrmError(
        'invalid',
        `Somebody has to be called or answered, but the token for BottleCRM lacks the right “${scope}”. Make a token with it and save it here, or turn tasks off in the site’s settings (crm.tasks).`,
      );
    return new CrmError(
      'refused-access',
      scope
        ? `The token for BottleCRM lacks the right “${scope}”. Make a token with it and save it here.`
        : 'BottleCRM refuses the token: it is wrong, revoked or of another organisation. Make a new one in BottleCRM and save it here.',
    );
  }
  if (status === 400 && isTaken(data)) return new CrmError('taken', 'Another record in BottleCRM has this e-mail.');
  // A task for a record that somebody deleted.
  if (
    status === 400 &&
    /object does not exist/.test(JSON.stringify((data as { errors?: { lead?: unknown } }).errors?.lead ?? ''))
  )
    return new CrmError('record-gone', 'The record is gone from BottleCRM.');
  if (status === 400)
    return new CrmError('invalid', `BottleCRM does not accept the record (${fieldsOf(data) || 'no reason given'}).`);
  return undefined;
}

/** Fields only: the reason may quote what the visitor wrote. */
function fieldsOf(data: unknown): string {
  const errors = (data as { errors?: unknown } | null)?.errors ?? data;
  return typeof errors === 'object' && errors !== null
    ? Object.keys(errors)
        .filter((key) => key !== 'error')
        .slice(0, 5)
        .join(', ')
        .slice(0, 200)
    : '';
}
const wordsOf = (data: unknown): string =>
  typeof data === 'object' && data !== null && 'detail' in data && typeof data.detail === 'string' ? data.detail : '';

function isTaken(data: unknown): boolean {
  const email = (data as { errors?: { email?: unknown } } | null)?.errors?.email;
  return /already (uses|exists)/.test(JSON.stringify(email ?? ''));
}
