// Bitrix24 as its published contract describes it: one method per address, ids as text in answers and as numbers in calls, pages of fifty, errors as
// `{error, error_description}`, and the two limits of the cloud on demand.
import { faultsOfCall } from './bitrix24-contract.ts';
import {
  type Answer,
  type Asked,
  type FakeCrm,
  newTable,
  Refusal,
  startFakeCrm,
  type Table,
  violation,
} from './fake-crm.ts';

export const USER = '7';
export const CODE = 'w3bh00kc0de';
const PAGE = 50;
type Multi = { VALUE: string; VALUE_TYPE: string }[];
export interface Person {
  NAME?: string;
  LAST_NAME?: string;
  EMAIL?: Multi;
  PHONE?: Multi;
  STATUS_ID?: string;
  CONTACT_ID?: string;
  DATE_CREATE: string;
}
export interface Activity {
  OWNER_TYPE_ID: number;
  OWNER_ID: number;
  SUBJECT: string;
  DESCRIPTION: string;
  DEADLINE: string;
  CREATED: string;
}
export interface Deal {
  TITLE: string;
  COMMENTS: string;
  CONTACT_IDS?: number[];
  ORIGIN_ID: string;
  DATE_CREATE: string;
}
type Comment = { ENTITY_ID: number; ENTITY_TYPE: string; COMMENT: string; CREATED: string };
type Params = Record<string, unknown> & { id?: number; fields?: Record<string, unknown>; start?: number };

export interface FakeBitrix24 extends FakeCrm {
  leads: Table<Person>;
  contacts: Table<Person>;
  activities: Table<Activity>;
  deals: Table<Deal>;
}

export async function startBitrix24(): Promise<FakeBitrix24> {
  const [leads, contacts, comments, activities, deals] = [
    newTable<Person>(),
    newTable<Person>(),
    newTable<Comment>(),
    newTable<Activity>(),
    newTable<Deal>(),
  ];
  let now = Date.UTC(2026, 10, 24, 9);
  const stamp = () => {
    now += 1_000;
    return `${new Date(now + 3 * 3600_000).toISOString().slice(0, 19)}+03:00`;
  };
  const fails = (error: string, words: string, status = 400) =>
    new Refusal({ status, body: { error, error_description: words } });
  const result = (value: unknown, more: object = {}): Answer => ({
    body: { result: value, ...more, time: { operating: 0 } },
  });
  const there = <R>(row: R | undefined, error = ''): R => {
    if (row === undefined) throw fails(error, 'Not found');
    return row;
  };
  /** Answers name multiple fields with rows of their own, and everything as text. */
  const shown = ({ EMAIL, PHONE, id: ID, ...row }: Person & { id: string }) => {
    const rows = (type: string, values?: Multi) =>
      values?.map((one, index) => ({ ID: String(index + 1), TYPE_ID: type, ...one }));
    return { ID, ...row, ...(EMAIL && { EMAIL: rows('EMAIL', EMAIL) }), ...(PHONE && { PHONE: rows('PHONE', PHONE) }) };
  };
  const page = <R>(rows: R[], { start = 0 }: Params, countsOn: boolean) =>
    result(rows.slice(start, start + PAGE), {
      total: rows.length,
      ...(countsOn && start + PAGE < rows.length && { next: start + PAGE }),
    });
  const owner = (type: unknown, id: unknown) =>
    type === 'lead' || type === 1
      ? leads.get(String(id))
      : type === 'contact' || type === 3
        ? contacts.get(String(id))
        : undefined;
  const byFilter = (rows: object[], filter: unknown) =>
    rows.filter((row) =>
      Object.entries((filter as object | undefined) ?? {}).every(([key, value]) => {
        const has = String((row as Record<string, unknown>)[key.replace(/^\W+/, '')]);
        return key.startsWith('%') ? has.includes(String(value)) : has === String(value);
      }),
    );

  const methods: Record<string, (params: Params) => Answer> = {
    'crm.lead.add': ({ fields }) => result(Number(leads.add({ ...fields, STATUS_ID: 'NEW', DATE_CREATE: stamp() }))),
    'crm.lead.update': ({ id, fields = {} }) => {
      const lead = there(leads.get(String(id)));
      const { EMAIL, PHONE, ...plain } = fields as Partial<Person>;
      Object.assign(lead, plain);
      // What is told again is added again.
      if (EMAIL) lead.EMAIL = [...(lead.EMAIL ?? []), ...EMAIL];
      if (PHONE) lead.PHONE = [...(lead.PHONE ?? []), ...PHONE];
      return result(true);
    },
    'crm.lead.get': ({ id }) => result(shown(there(leads.get(String(id))))),
    'crm.contact.get': ({ id }) => result(shown(there(contacts.get(String(id))))),
    'crm.lead.list': (params) =>
      page(
        byFilter(leads.all(), params['filter']).map((row) => shown(row as Person & { id: string })),
        params,
        true,
      ),
    'crm.contact.list': (params) =>
      page(
        contacts.all().map(({ id }) => ({ ID: id })),
        params,
        true,
      ),
    'crm.duplicate.findbycomm': ({ type, values, entity_type }) => {
      const form = (text: string) => (type === 'PHONE' ? text.replace(/\D/g, '') : text.toLowerCase());
      const wanted = (values as string[]).map(form);
      const hits = (table: Table<Person>) =>
        table
          .all()
          .filter((row) => row[type as 'EMAIL' | 'PHONE']?.some(({ VALUE }) => wanted.includes(form(VALUE))))
          .map(({ id }) => Number(id))
          .slice(0, 20);
      const found = Object.entries({ LEAD: hits(leads), CONTACT: hits(contacts) }).filter(
        ([kind, ids]) => ids.length > 0 && (entity_type === undefined || entity_type === kind),
      );
      // PHP writes an empty map as a list.
      return result(found.length === 0 ? [] : Object.fromEntries(found));
    },
    'crm.timeline.comment.add': ({ fields = {} }) => {
      const { ENTITY_ID, ENTITY_TYPE, COMMENT } = fields as unknown as Comment;
      there(owner(ENTITY_TYPE, ENTITY_ID), 'OWNER_NOT_FOUND');
      return result(Number(comments.add({ ENTITY_ID, ENTITY_TYPE, COMMENT, CREATED: stamp() })));
    },
    'crm.timeline.comment.update': ({ id, fields }) => {
      Object.assign(there(comments.get(String(id)), 'NOT_FOUND'), fields);
      return result(id);
    },
    'crm.timeline.comment.list': (params) =>
      page(
        byFilter(comments.all(), params['filter']).map((row) => ({ ...row, ID: (row as { id: string }).id })),
        params,
        false,
      ),
    'crm.timeline.comment.delete': ({ id }) =>
      result(there(comments.remove(String(id)) || undefined, 'NOT_FOUND') && null),
    'crm.activity.todo.add': ({ ownerTypeId, ownerId, deadline, title, description }) => {
      there(owner(ownerTypeId, ownerId), 'OWNER_NOT_FOUND');
      const activity = {
        OWNER_TYPE_ID: ownerTypeId,
        OWNER_ID: ownerId,
        SUBJECT: title,
        DESCRIPTION: description,
        DEADLINE: deadline,
      };
      return result({ id: Number(activities.add({ ...(activity as Omit<Activity, 'CREATED'>), CREATED: stamp() })) });
    },
    'crm.activity.list': (params) =>
      page(
        byFilter(activities.all(), params['filter']).map((row) => ({ ...row, ID: (row as { id: string }).id })),
        params,
        true,
      ),
    'crm.activity.delete': ({ id }) => result(there(activities.remove(String(id)) || undefined) && true),
    'crm.deal.add': ({ fields }) => result(Number(deals.add({ ...(fields as unknown as Deal), DATE_CREATE: stamp() }))),
    'crm.deal.list': (params) =>
      page(
        byFilter(deals.all(), params['filter']).map((row) => ({ ...row, ID: (row as { id: string }).id })),
        params,
        true,
      ),
    'crm.deal.delete': ({ id }) => result(there(deals.remove(String(id)) || undefined) && true),
  };

  const call = ({ at: [, , name = ''], body }: Asked): Answer => {
    const faults = faultsOfCall(name, body);
    if (faults.length > 0) throw violation(faults.join('; '));
    return (methods[name] as (params: Params) => Answer)(body as Params);
  };
  const fake = await startFakeCrm({
    admit: ({ path }) =>
      path.startsWith(`/rest/${USER}/${CODE}/`)
        ? undefined
        : { status: 401, body: { error: 'INVALID_CREDENTIALS', error_description: 'Invalid request credentials' } },
    routes: [['POST', /^\/rest\/(\d+)\/(\w+)\/([\w.]+)$/, call]],
  });
  return Object.assign(fake, { leads, contacts, activities, deals });
}
