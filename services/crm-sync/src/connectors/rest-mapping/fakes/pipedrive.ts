// Pipedrive as its published API clients describe it: persons, their fields, activities and deals by API v2 (cursors), notes by API v1 (a start), names of fields made up
// by the CRM, an empty list of notes written as null, removed persons that are still read.
import { createHash } from 'node:crypto';
import { z } from 'zod';
import {
  type Answer,
  type Asked,
  allowed,
  type FakeCrm,
  newTable,
  Refusal,
  startFakeCrm,
  type Table,
  violation,
} from './fake-crm.ts';

export const TOKEN = 'pipedrive-token-of-the-chat';
const multi = z.array(z.strictObject({ value: z.string(), primary: z.boolean(), label: z.string() }));
const person = z.strictObject({
  name: z.string().min(1),
  emails: multi.optional(),
  phones: multi.optional(),
  custom_fields: z.record(z.string(), z.string()).optional(),
});
const field = z.strictObject({ field_name: z.string(), field_type: z.enum(['varchar', 'text']) });
const note = z.strictObject({ content: z.string().min(1), person_id: z.int() });
const activity = z.strictObject({
  subject: z.string(),
  type: z.enum(['call', 'task', 'meeting', 'email', 'deadline', 'lunch']),
  due_date: z.string().regex(/^\d{4}-\d\d-\d\d$/),
  due_time: z.string().regex(/^\d\d:\d\d$/),
  participants: z.array(z.strictObject({ person_id: z.int(), primary: z.boolean() })).length(1),
  note: z.string(),
});
const deal = z.strictObject({ title: z.string().min(1).max(255), person_id: z.int() });
const digits = z.string().regex(/^\d+$/);
const paged = { limit: digits, cursor: z.string().optional() };
const list = z.strictObject(paged);
const search = z.strictObject({
  ...paged,
  term: z.string().min(1),
  fields: z.enum(['email', 'phone', 'custom_fields']),
  exact_match: z.literal('true'),
});
const ofPerson = z.strictObject({ ...paged, person_id: digits });
const notes = z.strictObject({ person_id: digits, sort: z.literal('id ASC'), start: digits, limit: digits });

export type Person = z.infer<typeof person> & { add_time: string; is_deleted: boolean };
export interface FakePipedrive extends FakeCrm {
  persons: Table<Person>;
  activities: Table<z.infer<typeof activity>>;
  deals: Table<z.infer<typeof deal> & { add_time: string }>;
  fields: Table<{ field_name: string; field_type: string; field_code: string }>;
  pageSize: number;
}

export async function startPipedrive(): Promise<FakePipedrive> {
  const persons = newTable<Person>();
  const fields = newTable<{ field_name: string; field_type: string; field_code: string }>();
  const allNotes = newTable<z.infer<typeof note> & { add_time: string }>();
  const allActivities = newTable<z.infer<typeof activity>>();
  const deals = newTable<z.infer<typeof deal> & { add_time: string }>();
  let now = Date.UTC(2026, 10, 24, 9);
  const stamp = () => {
    now += 1_000;
    return new Date(now).toISOString();
  };
  const fails = (status: number, error: string) => new Refusal({ status, body: { success: false, error, data: null } });
  const there = <R>(row: R | undefined, what: string): R => {
    if (row === undefined) throw fails(404, `${what} not found`);
    return row;
  };
  const shown = <R extends { id: string }>(row: R) => ({ ...row, id: Number(row.id) });
  const data = (value: unknown, more: object = {}): Answer => ({ body: { success: true, data: value, ...more } });
  const cursorPage = <R>(rows: R[], { limit, cursor = '0' }: { limit: string; cursor?: string | undefined }) => {
    const to = Number(cursor) + Math.min(Number(limit), fake.pageSize);
    return {
      rows: rows.slice(Number(cursor), to),
      additional_data: { next_cursor: to < rows.length ? String(to) : null },
    };
  };
  function known<T extends { custom_fields?: Record<string, string> | undefined }>(sent: T): T {
    const codes = fields.all().map(({ field_code }) => field_code);
    for (const code of Object.keys(sent.custom_fields ?? {}))
      if (!codes.includes(code)) throw violation(`no such field: ${code}`);
    return sent;
  }

  const routes: [string, RegExp, (asked: Asked) => Answer][] = [
    [
      'GET',
      /^\/api\/v2\/persons$/,
      ({ query }) => {
        const { rows, additional_data } = cursorPage(persons.all().map(shown), allowed('query', list, query));
        return data(rows, { additional_data });
      },
    ],
    [
      'POST',
      /^\/api\/v2\/persons$/,
      ({ body }) => ({
        ...data(
          shown(
            there(
              persons.get(
                persons.add({ ...known(allowed('person', person, body)), add_time: stamp(), is_deleted: false }),
              ),
              'Person',
            ),
          ),
        ),
        status: 201,
      }),
    ],
    [
      'GET',
      /^\/api\/v2\/persons\/search$/,
      ({ query }) => {
        const asked = allowed('query', search, query);
        const term = asked.term.toLowerCase();
        const rows = persons.all().filter(({ is_deleted, emails = [], phones = [], custom_fields = {} }) => {
          const values = {
            email: emails.map(({ value }) => value),
            phone: phones.map(({ value }) => value),
            custom_fields: Object.values(custom_fields),
          };
          return !is_deleted && values[asked.fields].some((value) => value.toLowerCase() === term);
        });
        const { rows: some, additional_data } = cursorPage(rows, asked);
        const items = some.map(({ id, name, emails = [] }) => ({
          result_score: 1,
          item: { id: Number(id), type: 'person', name, emails: emails.map(({ value }) => value) },
        }));
        return data({ items }, { additional_data });
      },
    ],
    ['GET', /^\/api\/v2\/persons\/(\d+)$/, ({ at: [id = ''] }) => data(shown(there(persons.get(id), 'Person')))],
    [
      'PATCH',
      /^\/api\/v2\/persons\/(\d+)$/,
      ({ at: [id = ''], body }) => {
        const row = there(persons.get(id), 'Person');
        const { custom_fields, ...sent } = known(allowed('person', person.partial(), body));
        Object.assign(row, sent, { custom_fields: { ...row.custom_fields, ...custom_fields } });
        return data(shown(row));
      },
    ],
    [
      'GET',
      /^\/api\/v2\/personFields$/,
      ({ query }) => {
        const { rows, additional_data } = cursorPage(fields.all(), allowed('query', list, query));
        return data(rows, { additional_data });
      },
    ],
    [
      'POST',
      /^\/api\/v2\/personFields$/,
      ({ body }) => {
        const sent = allowed('field', field, body);
        // Fields of one name may stand several times.
        const field_code = createHash('sha1').update(`${sent.field_name} ${fields.all().length}`).digest('hex');
        return { ...data(fields.get(fields.add({ ...sent, field_code }))), status: 201 };
      },
    ],
    [
      'GET',
      /^\/api\/v1\/notes$/,
      ({ query }) => {
        const { person_id, start, limit } = allowed('query', notes, query);
        const rows = allNotes.all().filter((one) => String(one.person_id) === person_id);
        const next = Number(start) + Math.min(Number(limit), fake.pageSize);
        const more = next < rows.length;
        const pagination = {
          start: Number(start),
          limit: Number(limit),
          more_items_in_collection: more,
          ...(more && { next_start: next }),
        };
        const some = rows
          .slice(Number(start), next)
          .map((row) => ({ ...shown(row), add_time: row.add_time.slice(0, 19).replace('T', ' ') }));
        return data(some.length > 0 ? some : null, { additional_data: { pagination } });
      },
    ],
    [
      'POST',
      /^\/api\/v1\/notes$/,
      ({ body }) => {
        const sent = allowed('note', note, body);
        return data(shown(there(allNotes.get(allNotes.add({ ...sent, add_time: stamp() })), 'Note')));
      },
    ],
    [
      'PUT',
      /^\/api\/v1\/notes\/(\d+)$/,
      ({ at: [id = ''], body }) =>
        data(
          shown(Object.assign(there(allNotes.get(id), 'Note'), allowed('note', note.pick({ content: true }), body))),
        ),
    ],
    [
      'DELETE',
      /^\/api\/v1\/notes\/(\d+)$/,
      ({ at: [id = ''] }) => data(there(allNotes.remove(id) || undefined, 'Note')),
    ],
    [
      'GET',
      /^\/api\/v2\/activities$/,
      ({ query }) => {
        const asked = allowed('query', ofPerson, query);
        const rows = allActivities
          .all()
          .filter(({ participants }) => String(participants[0]?.person_id) === asked.person_id);
        const { rows: some, additional_data } = cursorPage(rows.map(shown), asked);
        return data(some, { additional_data });
      },
    ],
    [
      'POST',
      /^\/api\/v2\/activities$/,
      ({ body }) => ({
        ...data(shown(there(allActivities.get(allActivities.add(allowed('activity', activity, body))), 'Activity'))),
        status: 201,
      }),
    ],
    [
      'DELETE',
      /^\/api\/v2\/activities\/(\d+)$/,
      ({ at: [id = ''] }) => data({ id: there(allActivities.remove(id) || undefined, 'Activity') }),
    ],
    [
      'GET',
      /^\/api\/v2\/deals$/,
      ({ query }) => {
        const asked = allowed('query', ofPerson, query);
        const rows = deals.all().filter(({ person_id }) => String(person_id) === asked.person_id);
        const { rows: some, additional_data } = cursorPage(rows.map(shown), asked);
        return data(some, { additional_data });
      },
    ],
    [
      'POST',
      /^\/api\/v2\/deals$/,
      ({ body }) => ({
        ...data(shown(there(deals.get(deals.add({ ...allowed('deal', deal, body), add_time: stamp() })), 'Deal'))),
        status: 201,
      }),
    ],
    [
      'DELETE',
      /^\/api\/v2\/deals\/(\d+)$/,
      ({ at: [id = ''] }) => data({ id: there(deals.remove(id) || undefined, 'Deal') }),
    ],
  ];
  const fake: FakePipedrive = Object.assign(
    await startFakeCrm({
      admit: ({ headers }) =>
        headers['x-api-token'] === TOKEN
          ? undefined
          : { status: 401, body: { success: false, error: 'unauthorized access', errorCode: 401 } },
      routes,
    }),
    { persons, activities: allActivities, deals, fields, pageSize: 500 },
  );
  return fake;
}
