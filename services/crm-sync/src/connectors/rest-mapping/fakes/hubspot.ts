// HubSpot as its published API descriptions say (objects v3, properties v3, associations v4): one contact for one e-mail, associations that a note, task or deal
// is made with, pages by cursor, reads of many at once, errors as `{status, message, category}`. Its search may be made to lag.
import { z } from 'zod';
import {
  type Answer,
  type Asked,
  allowed,
  type FakeCrm,
  newTable,
  Refusal,
  startFakeCrm,
  violation,
} from './fake-crm.ts';

export const TOKEN = 'pat-eu1-of-the-chat';
type Properties = Record<string, string>;
export interface Row {
  properties: Properties;
  createdAt: string;
  /** Notes, tasks and deals: the contact that they were made for. */
  contact?: string;
}
const DEFAULTS = [
  'email',
  'firstname',
  'lastname',
  'phone',
  'lifecyclestage',
  'hs_lead_status',
  'message',
  'hs_searchable_calculated_phone_number',
];
const KNOWN = {
  notes: ['hs_timestamp', 'hs_note_body'],
  tasks: ['hs_timestamp', 'hs_task_subject', 'hs_task_body', 'hs_task_status', 'hs_task_priority', 'hs_task_type'],
  deals: ['dealname', 'dealstage', 'pipeline', 'description'],
};
type Kind = keyof typeof KNOWN;
/** Of the direction from it to the contact. */
const TYPE_TO_CONTACT: Record<Kind, number> = { notes: 202, tasks: 204, deals: 3 };
/** Those that every account begins with. */
const STAGES: Record<string, readonly string[]> = { default: ['appointmentscheduled', 'qualifiedtobuy', 'closedwon'] };

const properties = z.record(z.string(), z.string());
const write = z.strictObject({ properties });
const withOwner = z.strictObject({
  properties,
  associations: z
    .array(
      z.strictObject({
        to: z.strictObject({ id: z.string() }),
        types: z
          .array(z.strictObject({ associationCategory: z.literal('HUBSPOT_DEFINED'), associationTypeId: z.int() }))
          .length(1),
      }),
    )
    .length(1),
});
const search = z.strictObject({
  filterGroups: z
    .array(
      z.strictObject({
        filters: z
          .array(z.strictObject({ propertyName: z.string(), operator: z.literal('EQ'), value: z.string() }))
          .min(1)
          .max(6),
      }),
    )
    .min(1)
    .max(5),
  properties: z.array(z.string()),
  limit: z.int().min(1).max(200),
  after: z.string().optional(),
});
const property = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9_]*$/),
  label: z.string(),
  type: z.enum(['string', 'number', 'date', 'datetime', 'enumeration', 'bool']),
  fieldType: z.enum(['text', 'textarea', 'number', 'date', 'select', 'checkbox', 'booleancheckbox']),
  groupName: z.string(),
});
const batch = z.strictObject({
  properties: z.array(z.string()),
  inputs: z
    .array(z.strictObject({ id: z.string() }))
    .min(1)
    .max(100),
});
const listed = z.strictObject({ limit: z.string().regex(/^\d+$/), after: z.string().optional() });

export interface FakeHubSpot extends FakeCrm {
  contacts: ReturnType<typeof newTable<Row>>;
  tasks: ReturnType<typeof newTable<Row>>;
  deals: ReturnType<typeof newTable<Row>>;
  /** Rows added from now on are not searched. */
  searchLags: boolean;
  pageSize: number;
}

export async function startHubSpot(): Promise<FakeHubSpot> {
  const contacts = newTable<Row>((n) => String(100 + n));
  const activities = {
    notes: newTable<Row>((n) => String(5_000 + n)),
    tasks: newTable<Row>((n) => String(9_000 + n)),
    deals: newTable<Row>((n) => String(13_000 + n)),
  };
  const custom = new Set<string>();
  const unsearched = new Set<string>();
  let now = Date.UTC(2026, 10, 24, 9);
  const stamp = () => {
    now += 1_000;
    return new Date(now).toISOString();
  };
  const fails = (status: number, category: string, message: string) =>
    new Refusal({ status, body: { status: 'error', message, correlationId: 'c0ffee', category } });
  const there = <R>(row: R | undefined): R => {
    if (row === undefined) throw fails(404, 'OBJECT_NOT_FOUND', 'resource not found');
    return row;
  };
  const knownOnly = (names: readonly string[], known: readonly string[]) => {
    const unknown = names.filter((name) => !known.includes(name));
    if (unknown.length > 0) throw violation(`no such property: ${unknown.join(', ')}`);
  };
  const ofContacts = () => [...DEFAULTS, ...custom];
  const shown = ({ id, properties: held, createdAt }: Row & { id: string }) => ({
    id,
    properties: { hs_object_id: id, ...held },
    createdAt,
    updatedAt: createdAt,
    archived: false,
  });
  const owner = (email: string) =>
    contacts.all().find((row) => row.properties['email']?.toLowerCase() === email.toLowerCase());

  function checked(sent: Properties, id?: string): Properties {
    knownOnly(Object.keys(sent), ofContacts());
    const { email } = sent;
    if (email !== undefined && !/^[\w.+-]+@[\w-]+(\.[\w-]+)+$/.test(email))
      throw fails(400, 'VALIDATION_ERROR', 'Property values were not valid');
    const other = email === undefined ? undefined : owner(email);
    if (other && other.id !== id) throw fails(409, 'CONFLICT', `Contact already exists. Existing ID: ${other.id}`);
    const { phone } = sent;
    return {
      ...sent,
      ...(phone !== undefined && { hs_searchable_calculated_phone_number: phone.replace(/\D/g, '').slice(-10) }),
    };
  }

  function createContact({ body }: Asked): Answer {
    const { properties: sent } = allowed('contact', write, body);
    if (!sent['email'] && !sent['firstname'] && !sent['lastname'])
      throw fails(400, 'VALIDATION_ERROR', 'A contact needs a name or an e-mail');
    const id = contacts.add({ properties: checked(sent), createdAt: stamp() });
    if (fake.searchLags) unsearched.add(id);
    return { status: 201, body: shown(there(contacts.get(id))) };
  }

  function searchContacts({ body }: Asked): Answer {
    const { filterGroups, properties: names, limit, after = '0' } = allowed('search', search, body);
    knownOnly(
      [...names, ...filterGroups.flatMap(({ filters }) => filters.map((one) => one.propertyName))],
      ofContacts(),
    );
    const rows = contacts
      .all()
      .filter(({ id }) => !unsearched.has(id))
      .filter(({ properties: held }) =>
        filterGroups.some(({ filters }) =>
          filters.every(({ propertyName, value }) => held[propertyName]?.toLowerCase() === value.toLowerCase()),
        ),
      );
    return { body: { total: rows.length, ...page(rows.map(shown), Number(after), limit) } };
  }

  const page = <R>(rows: R[], from: number, limit: number) => {
    const to = from + Math.min(limit, fake.pageSize);
    return {
      results: rows.slice(from, to),
      ...(to < rows.length && { paging: { next: { after: String(to), link: '' } } }),
    };
  };

  const kindOf = (name: string) => name as Kind;
  function checkStage({ dealname, dealstage, pipeline = 'default' }: Properties): void {
    if (!dealname || !dealstage) throw violation('a deal needs dealname and dealstage');
    const wrong = !STAGES[pipeline] ? 'pipeline' : STAGES[pipeline].includes(dealstage) ? undefined : 'dealstage';
    if (wrong)
      throw fails(
        400,
        'VALIDATION_ERROR',
        `Property values were not valid: ${JSON.stringify([{ isValid: false, error: 'INVALID_OPTION', name: wrong }])}`,
      );
  }

  function createActivity({ at: [name = ''], body }: Asked): Answer {
    const kind = kindOf(name);
    const { properties: sent, associations } = allowed(name, withOwner, body);
    knownOnly(Object.keys(sent), KNOWN[kind]);
    if (kind === 'deals') checkStage(sent);
    else if (!sent['hs_timestamp'] || Number.isNaN(Date.parse(sent['hs_timestamp'])))
      throw violation('hs_timestamp is lacking');
    if ((sent['hs_note_body'] ?? '').length > 65_536) throw fails(400, 'VALIDATION_ERROR', 'hs_note_body is too long');
    const [{ to, types } = { to: { id: '' }, types: [] }] = associations;
    if (types[0]?.associationTypeId !== TYPE_TO_CONTACT[kind])
      throw violation('this association type is not to a contact');
    if (!contacts.get(to.id)) throw fails(400, 'VALIDATION_ERROR', 'One or more associations are not valid');
    const id = activities[kind].add({ properties: sent, createdAt: stamp(), contact: to.id });
    return { status: 201, body: shown(there(activities[kind].get(id))) };
  }

  const contactOf = (key: string, { idProperty }: Record<string, string>) =>
    idProperty === 'email' ? owner(key) : contacts.get(key);
  const read = z.strictObject({ properties: z.string(), idProperty: z.literal('email').optional() });
  const fake: FakeHubSpot = Object.assign(
    await startFakeCrm({
      admit: ({ headers }) =>
        headers['authorization'] === `Bearer ${TOKEN}`
          ? undefined
          : {
              status: 401,
              body: {
                status: 'error',
                message: 'Authentication credentials not found.',
                category: 'INVALID_AUTHENTICATION',
              },
            },
      routes: [
        [
          'GET',
          /^\/crm\/v3\/objects\/contacts$/,
          ({ query }) => ({ body: page(contacts.all().map(shown), 0, Number(allowed('query', listed, query).limit)) }),
        ],
        ['POST', /^\/crm\/v3\/objects\/contacts$/, createContact],
        ['POST', /^\/crm\/v3\/objects\/contacts\/search$/, searchContacts],
        [
          'GET',
          /^\/crm\/v3\/objects\/contacts\/([^/]+)$/,
          ({ at: [key = ''], query }) => {
            const { properties: names } = allowed('query', read, query);
            knownOnly(names.split(','), ofContacts());
            return { body: shown(there(contactOf(key, query))) };
          },
        ],
        [
          'PATCH',
          /^\/crm\/v3\/objects\/contacts\/(\d+)$/,
          ({ at: [key = ''], body }) => {
            const row = there(contacts.get(key));
            Object.assign(row.properties, checked(allowed('contact', write, body).properties, key));
            return { body: shown(row) };
          },
        ],
        [
          'GET',
          /^\/crm\/v3\/properties\/contacts$/,
          () => ({ body: { results: ofContacts().map((name) => ({ name, type: 'string' })) } }),
        ],
        [
          'POST',
          /^\/crm\/v3\/properties\/contacts$/,
          ({ body }) => {
            const { name } = allowed('property', property, body);
            if (custom.has(name))
              throw fails(409, 'OBJECT_ALREADY_EXISTS', `A property named '${name}' already exists.`);
            custom.add(name);
            return { status: 201, body: { name } };
          },
        ],
        [
          'GET',
          /^\/crm\/v4\/objects\/contacts\/(\d+)\/associations\/(notes|tasks|deals)$/,
          ({ at: [key = '', name = ''], query }) => {
            const { limit, after = '0' } = allowed('query', listed, query);
            if (Number(limit) > 500) throw violation('limit is at most 500');
            const rows = activities[kindOf(name)].all().filter(({ contact }) => contact === key);
            const types = [{ category: 'HUBSPOT_DEFINED', typeId: TYPE_TO_CONTACT[kindOf(name)], label: null }];
            return {
              body: page(
                rows.map(({ id }) => ({ toObjectId: Number(id), associationTypes: types })),
                Number(after),
                Number(limit),
              ),
            };
          },
        ],
        ['POST', /^\/crm\/v3\/objects\/(notes|tasks|deals)$/, createActivity],
        [
          'POST',
          /^\/crm\/v3\/objects\/(notes|tasks|deals)\/batch\/read$/,
          ({ at: [name = ''], body }) => {
            const { inputs, properties: names } = allowed('batch', batch, body);
            knownOnly(names, KNOWN[kindOf(name)]);
            const rows = inputs.map(({ id }) => activities[kindOf(name)].get(id)).filter((row) => row !== undefined);
            // In no order, as HubSpot does not promise one.
            return {
              status: rows.length < inputs.length ? 207 : 200,
              body: { status: 'COMPLETE', results: rows.map(shown).reverse() },
            };
          },
        ],
        [
          'PATCH',
          /^\/crm\/v3\/objects\/(notes|tasks|deals)\/(\d+)$/,
          ({ at: [name = '', key = ''], body }) => {
            const { properties: sent } = allowed(name, write, body);
            knownOnly(Object.keys(sent), KNOWN[kindOf(name)]);
            const row = there(activities[kindOf(name)].get(key));
            Object.assign(row.properties, sent);
            return { body: shown(row) };
          },
        ],
        [
          'DELETE',
          /^\/crm\/v3\/objects\/(notes|tasks|deals)\/(\d+)$/,
          ({ at: [name = '', key = ''] }) => {
            activities[kindOf(name)].remove(key);
            return { status: 204 };
          },
        ],
      ],
    }),
    { contacts, tasks: activities.tasks, deals: activities.deals, searchLags: false, pageSize: 500 },
  );
  return fake;
}
