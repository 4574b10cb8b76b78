// EspoCRM 8 as its API reference and source describe it: duplicates by e-mail or by full name (409 with the existing records), reasons in a header, a lock-out
// after ten wrong keys, 403 for a note on a record that is gone, 500 with an empty body for text that is no Unicode.
import { z } from 'zod';
import {
  type Asked,
  allowed,
  type Contract,
  type FakeCrm,
  newTable,
  Refusal,
  startFakeCrm,
  type Table,
} from './fake-crm.ts';

export const KEY = 'espo-key-of-the-chat';
const OWN_TIME = (at: number) => new Date(at).toISOString().slice(0, 19).replace('T', ' ');

const person = {
  firstName: z.string().max(100).optional(),
  lastName: z.string().max(100).optional(),
  emailAddress: z.string().optional(),
  phoneNumber: z.string().optional(),
  description: z.string().optional(),
};
const SOURCES = [
  '',
  'Call',
  'Email',
  'Existing Customer',
  'Partner',
  'Public Relations',
  'Web Site',
  'Campaign',
  'Other',
];
const lead = z.strictObject({ ...person, source: z.enum(SOURCES).optional() });
const note = z.strictObject({
  type: z.literal('Post'),
  parentType: z.enum(['Lead', 'Contact']),
  parentId: z.string(),
  post: z.string(),
});
const task = z.strictObject({
  name: z.string().min(1).max(255),
  status: z.enum(['Not Started', 'Started', 'Completed', 'Canceled']).optional(),
  priority: z.enum(['Low', 'Normal', 'High', 'Urgent']).optional(),
  dateEnd: z
    .string()
    .regex(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/)
    .optional(),
  description: z.string().optional(),
  parentType: z.enum(['Lead', 'Contact']),
  parentId: z.string(),
  assignedUserId: z.string(),
});
const list = z.strictObject({
  select: z.string().optional(),
  maxSize: z.string().regex(/^\d+$/).optional(),
  offset: z.string().regex(/^\d+$/).optional(),
  'where[0][type]': z.enum(['equals', 'contains']).optional(),
  'where[0][attribute]': z.enum(['emailAddress', 'phoneNumber', 'description', 'name']).optional(),
  'where[0][value]': z.string().optional(),
});

type Person = z.infer<typeof lead> & { createdAt: string; status?: string; createdContactId?: string };
export interface FakeEspoCrm extends FakeCrm {
  people: Record<'Lead' | 'Contact', Table<Person>>;
  tasks: Table<z.infer<typeof task>>;
}

export async function startEspoCrm(): Promise<FakeEspoCrm> {
  const id = (n: number) => `6${n.toString(16).padStart(16, '0')}`;
  const people = { Lead: newTable<Person>(id), Contact: newTable<Person>(id) };
  const notes = newTable<z.infer<typeof note> & { createdAt: string; number: number }>(id);
  const tasks = newTable<z.infer<typeof task> & { createdAt: string }>(id);
  let wrongKeys = 0;
  let now = Date.UTC(2026, 10, 24, 9);
  const tick = () => {
    now += 1_000;
    return OWN_TIME(now);
  };

  const of = (type: string) => people[type as 'Lead' | 'Contact'];
  const found = <R>(row: R | undefined): R => {
    if (row === undefined) throw new Refusal({ status: 404 });
    return row;
  };
  const reason = (status: number, words: string, body?: unknown) =>
    new Refusal({ status, headers: { 'x-status-reason': words }, body });
  function valid<T extends z.infer<typeof lead>>(sent: T): T {
    const field = (name: string) =>
      new Refusal({
        status: 400,
        body: { messageTranslation: { label: 'validationFailure', data: { field: name, type: name } } },
      });
    if (sent.emailAddress !== undefined && !/^[\w.+-]+@[\w-]+(\.[\w-]+)+$/.test(sent.emailAddress))
      throw field('emailAddress');
    if (sent.phoneNumber !== undefined && !/^\+\d{7,15}$/.test(sent.phoneNumber)) throw field('phoneNumber');
    return sent;
  }
  const same = (a: string | undefined, b: string | undefined) =>
    a !== undefined && a.toLowerCase() === b?.toLowerCase();

  function create({ body, headers }: Asked) {
    const sent = valid(allowed('Lead', lead, body));
    if (!sent.lastName)
      throw new Refusal({
        status: 400,
        body: { messageTranslation: { label: 'validationFailure', data: { field: 'lastName', type: 'required' } } },
      });
    const doubles = people.Lead.all().filter(
      (other) =>
        same(sent.emailAddress, other.emailAddress) ||
        (same(sent.lastName, other.lastName) && (sent.firstName ?? '') === (other.firstName ?? '')),
    );
    if (doubles.length > 0 && headers['x-skip-duplicate-check'] !== 'true') throw reason(409, 'duplicate', doubles);
    return { body: people.Lead.get(people.Lead.add({ ...sent, status: 'New', createdAt: tick() })) };
  }

  function search({ query, at }: Asked) {
    const asked = allowed('query', list, query);
    if (Number(asked.maxSize ?? 0) > 200)
      throw reason(403, 'Max size should should not exceed 200. Use offset and limit.');
    const [attribute, value = ''] = [asked['where[0][attribute]'], asked['where[0][value]']];
    const table: Table<object> = at[0] === 'Task' ? tasks : of(at[0] as string);
    const rows = table.all().filter((row) => {
      if (attribute === undefined) return true;
      const has = (row as Record<string, string>)[attribute] ?? '';
      return asked['where[0][type]'] === 'contains' ? has.includes(value) : same(has, value);
    });
    const from = Number(asked.offset ?? 0);
    return { body: { total: rows.length, list: rows.slice(from, from + Number(asked.maxSize ?? 20)) } };
  }

  const contract: Contract = {
    admit({ headers, body }) {
      if (wrongKeys >= 10)
        return { status: 403, headers: { 'x-status-reason': 'Max failed login attempts exceeded.' } };
      if (headers['x-api-key'] !== KEY) {
        wrongKeys += 1;
        return { status: 401 };
      }
      return JSON.stringify(body ?? '').isWellFormed() && !/\\ud[89a-f]/.test(JSON.stringify(body ?? ''))
        ? undefined
        : { status: 500 };
    },
    routes: [
      ['GET', /^\/api\/v1\/(Lead|Contact|Task)$/, search],
      ['DELETE', /^\/api\/v1\/Task\/(\w+)$/, ({ at: [key = ''] }) => ({ body: found(tasks.remove(key) || undefined) })],
      ['POST', /^\/api\/v1\/Lead$/, create],
      [
        'GET',
        /^\/api\/v1\/(Lead|Contact)\/(\w+)$/,
        ({ at: [type = '', key = ''] }) => ({ body: found(of(type).get(key)) }),
      ],
      [
        'PUT',
        /^\/api\/v1\/Lead\/(\w+)$/,
        ({ at: [key = ''], body }) => ({
          body: Object.assign(found(people.Lead.get(key)), valid(allowed('Lead', lead, body))),
        }),
      ],
      [
        'GET',
        /^\/api\/v1\/(Lead|Contact)\/(\w+)\/stream$/,
        ({ at: [type = '', key = ''], query }) => {
          const { offset = '0', maxSize = '20' } = allowed('query', list.pick({ offset: true, maxSize: true }), query);
          const { createdAt } = found(of(type).get(key));
          const made = { id: `c${key}`, type: 'Create', createdAt, number: 0 };
          const rows = [
            ...notes.all().filter(({ parentType, parentId }) => parentType === type && parentId === key),
            made,
          ].sort((a, b) => b.number - a.number);
          return { body: { total: rows.length, list: rows.slice(Number(offset), Number(offset) + Number(maxSize)) } };
        },
      ],
      [
        'POST',
        /^\/api\/v1\/Note$/,
        ({ body }) => {
          const sent = allowed('Note', note, body);
          if (!of(sent.parentType).get(sent.parentId)) throw reason(403, 'No create access.');
          return { body: notes.get(notes.add({ ...sent, createdAt: tick(), number: now })) };
        },
      ],
      [
        'PUT',
        /^\/api\/v1\/Note\/(\w+)$/,
        ({ at: [key = ''], body }) => ({
          body: Object.assign(found(notes.get(key)), allowed('Note', note.pick({ post: true }), body)),
        }),
      ],
      ['DELETE', /^\/api\/v1\/Note\/(\w+)$/, ({ at: [key = ''] }) => ({ body: found(notes.remove(key) || undefined) })],
      [
        'POST',
        /^\/api\/v1\/Task$/,
        ({ body }) => ({ body: tasks.get(tasks.add({ ...allowed('Task', task, body), createdAt: tick() })) }),
      ],
    ],
  };
  return Object.assign(await startFakeCrm(contract), { people, tasks });
}
