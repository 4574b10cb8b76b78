// Odoo 16 as a real one answered (JSON-RPC, what it makes of HTML, done activities that become messages) and as its published source says where that was not tried
// (searching phones): status 200 for every failure of its own, many-to-one as `[id, name]`, nothing as `false`, times as `YYYY-MM-DD HH:MM:SS` in UTC. What the
// mapping has no reason to send is a violation.
import { z } from 'zod';
import {
  type Answer,
  type Asked,
  allowed,
  type FakeCrm,
  newTable,
  startFakeCrm,
  type Table,
  violation,
} from './fake-crm.ts';

export const DATABASE = 'crm';
export const LOGIN = 'chat@example.com';
export const KEY = 'api-key-of-the-chat';
const UID = 6;

type Row = Record<string, unknown>;
type Model = 'crm.lead' | 'res.partner' | 'mail.message' | 'mail.activity';
const FIELDS: Record<Model, readonly string[]> = {
  'crm.lead': [
    'name',
    'type',
    'active',
    'contact_name',
    'email_from',
    'phone',
    'partner_id',
    'referred',
    'description',
    'x_budget',
  ],
  'res.partner': ['name', 'email', 'phone'],
  'mail.message': ['model', 'res_id', 'body', 'date', 'message_type'],
  'mail.activity': ['res_model', 'res_id', 'summary', 'note', 'date_deadline'],
};
/** Fields that can be searched and are not stored. */
const SEARCHED: Record<string, (row: Row) => unknown> = {
  email_normalized: ({ email }) => (typeof email === 'string' ? email.toLowerCase() : false),
};
const PHONE_FIELD = 'phone_mobile_search';

const call = z.strictObject({
  jsonrpc: z.literal('2.0'),
  method: z.literal('call'),
  params: z.strictObject({
    service: z.enum(['common', 'object']),
    method: z.enum(['authenticate', 'execute_kw']),
    args: z.array(z.unknown()),
  }),
});
const term = z.tuple([z.string(), z.enum(['=', '!=', 'like', '=ilike']), z.unknown()]);
const options = z.strictObject({
  fields: z.array(z.string()),
  limit: z.int().optional(),
  order: z.enum(['id']).optional(),
  context: z.strictObject({ active_test: z.boolean() }).optional(),
});
const ids = z.tuple([z.int()]);
const post = z.strictObject({
  body: z.string(),
  message_type: z.literal('comment'),
  // With mail.mt_comment the transcript is mailed to the customer.
  subtype_xmlid: z.literal('mail.mt_note'),
});
const activity = z.strictObject({
  act_type_xmlid: z.literal('mail.mail_activity_data_call'),
  date_deadline: z.string().regex(/^\d{4}-\d\d-\d\d$/),
  summary: z.string(),
  note: z.string(),
});

class Failure extends Error {
  readonly data: { name: string; message: string };
  constructor(name: string, message: string) {
    super(message);
    this.data = { name, message };
  }
}

export interface FakeOdoo extends FakeCrm {
  tables: Record<Model, Table<Row>>;
  /** As a person does it: the activity is gone, and a message on the record tells of it. */
  done(activity: string): void;
}

export async function startOdoo(): Promise<FakeOdoo> {
  const tables: FakeOdoo['tables'] = {
    'crm.lead': newTable<Row>(),
    'res.partner': newTable<Row>(),
    'mail.message': newTable<Row>(),
    'mail.activity': newTable<Row>(),
  };
  let now = Date.UTC(2026, 10, 24, 9);
  const stamp = () => {
    now += 1_000;
    return new Date(now).toISOString().slice(0, 19).replace('T', ' ');
  };
  const tableOf = (model: string): Table<Row> => {
    if (!(model in tables)) throw violation(`no such model: ${model}`);
    return tables[model as Model];
  };
  const there = (model: string, id: number): Row => {
    const row = tableOf(model).get(String(id));
    if (!row) throw new Failure('odoo.exceptions.MissingError', 'Record does not exist or has been deleted.');
    return row;
  };
  const known = (model: string, names: readonly string[], more: readonly string[] = []) => {
    const fields = [...FIELDS[model as Model], 'id', 'create_date', ...more];
    const unknown = names.find((name) => !fields.includes(name));
    if (unknown !== undefined)
      throw new Failure('builtins.ValueError', `Invalid field '${unknown}' on model '${model}'`);
  };

  const fits = (row: Row, [field, operator, value]: z.infer<typeof term>): boolean => {
    if (field === PHONE_FIELD) return samePhone(row['phone'], String(value));
    const held = SEARCHED[field] ? SEARCHED[field](row) : (row[field] ?? false);
    if (operator === '=') return held === value;
    if (operator === '!=') return held !== value;
    const pattern = operator === 'like' ? `%${value}%` : String(value);
    return typeof held === 'string' && like(pattern, operator === '=ilike').test(held);
  };
  const shown = (model: string, row: Row, fields: readonly string[]): Row => {
    const partner = tables['res.partner'].get(String(row['partner_id']));
    const value = (name: string): unknown => {
      if (name === 'id') return Number(row['id']);
      if (name === 'partner_id') return partner ? [Number(partner.id), partner['name']] : false;
      // A lead takes both over from its customer.
      if (model === 'crm.lead' && partner && (name === 'email_from' || name === 'phone'))
        return row[name] || partner[name === 'phone' ? name : 'email'] || false;
      return row[name] ?? false;
    };
    return Object.fromEntries(['id', ...fields].map((name) => [name, value(name)]));
  };
  const checked = (model: string, values: Row): Row => {
    known(model, Object.keys(values));
    if ('description' in values) values['description'] = html(String(values['description']));
    if ('body' in values) values['body'] = `<p>${html(String(values['body']))}</p>`;
    return values;
  };

  const methods: Record<string, (model: string, args: unknown[], kwargs: unknown) => unknown> = {
    search_read(model, args, kwargs) {
      const [domain] = allowed('domain', z.tuple([z.array(term)]), args);
      const { fields, limit, context } = allowed('search_read', options, kwargs);
      known(model, [...domain.map(([field]) => field), ...fields], [...Object.keys(SEARCHED), PHONE_FIELD]);
      return tableOf(model)
        .all()
        .filter((row) => row['active'] !== false || context?.active_test === false)
        .filter((row) => domain.every((one) => fits(row, one)))
        .slice(0, limit)
        .map((row) => shown(model, row, fields));
    },
    read(model, args, kwargs) {
      const [[id]] = allowed('read', z.tuple([ids]), args);
      const { fields } = allowed('read', options, kwargs);
      const row = tableOf(model).get(String(id));
      return row ? [shown(model, row, fields)] : [];
    },
    create(model, args) {
      if (model !== 'crm.lead') throw violation(`${model} is not made`);
      const [values] = allowed('create', z.tuple([z.record(z.string(), z.unknown())]), args);
      if (!values['name']) throw new Failure('odoo.exceptions.ValidationError', 'Missing required fields');
      return Number(tableOf(model).add({ ...checked(model, values), create_date: stamp() }));
    },
    write(model, args) {
      const [[id], values] = allowed('write', z.tuple([ids, z.record(z.string(), z.unknown())]), args);
      Object.assign(there(model, id), checked(model, values));
      return true;
    },
    unlink(model, args) {
      const [[id]] = allowed('unlink', z.tuple([ids]), args);
      // A salesman makes and changes leads, and deletes none.
      if (model === 'crm.lead' || model === 'res.partner')
        throw new Failure('odoo.exceptions.AccessError', 'You are not allowed to delete this.');
      there(model, id);
      tableOf(model).remove(String(id));
      return true;
    },
    message_post(model, args, kwargs) {
      const [[id]] = allowed('message_post', z.tuple([ids]), args);
      const { body, message_type } = allowed('message_post', post, kwargs);
      there(model, id);
      const values = checked('mail.message', { model, res_id: id, body, message_type });
      return Number(tables['mail.message'].add({ ...values, date: stamp() }));
    },
    activity_schedule(model, args, kwargs) {
      const [[id]] = allowed('activity_schedule', z.tuple([ids]), args);
      const { act_type_xmlid: _call, ...values } = allowed('activity_schedule', activity, kwargs);
      there(model, id);
      const made = { res_model: model, res_id: id, ...values, note: html(values.note), create_date: stamp() };
      return `mail.activity(${tables['mail.activity'].add(made)},)`;
    },
  };

  function result({ body }: Asked): unknown {
    const { params } = allowed('call', call, body);
    if (params.service === 'common') {
      const [database, login, key] = allowed(
        'authenticate',
        z.tuple([z.string(), z.string(), z.string(), z.strictObject({})]),
        params.args,
      );
      return database === DATABASE && login === LOGIN && key === KEY ? UID : false;
    }
    const [database, uid, key, model, method, args, kwargs = {}] = params.args;
    if (database !== DATABASE || uid !== UID || key !== KEY)
      throw new Failure('odoo.exceptions.AccessDenied', 'Access Denied');
    const answer = methods[String(method)];
    if (!answer) throw violation(`no such method: ${String(method)}`);
    return answer(String(model), z.array(z.unknown()).parse(args), kwargs);
  }
  const answer = (asked: Asked): Answer => {
    try {
      return { body: { jsonrpc: '2.0', id: null, result: result(asked) } };
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      return {
        body: { jsonrpc: '2.0', id: null, error: { code: 200, message: 'Odoo Server Error', data: error.data } },
      };
    }
  };

  const fake = await startFakeCrm({ admit: () => undefined, routes: [['POST', /^\/jsonrpc$/, answer]] });
  return Object.assign(fake, {
    tables,
    done(id: string) {
      const { res_model: model, res_id, summary, note } = tables['mail.activity'].get(id) as Row;
      const body = `<div><p><span>Call</span> done<span>: </span><span>${escaped(String(summary))}</span></p><div>${note}</div></div>`;
      tables['mail.message'].add({ model, res_id, body, message_type: 'notification', date: stamp() });
      tables['mail.activity'].remove(id);
    },
  });
}

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** What is no element is lost in Odoo, with the words around it: it may not be sent. */
function html(text: string): string {
  const rest = text.replaceAll(/<br\/>|<a href="[^"<>]*">|<\/a>/g, '');
  if (/[<>]/.test(rest)) throw violation(`not escaped: ${rest.slice(0, 80)}`);
  return text.replaceAll('<br/>', '<br>');
}

function like(pattern: string, ignoreCase: boolean): RegExp {
  const source = pattern
    .replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
    .replaceAll('%', '[^]*')
    .replaceAll('_', '[^]');
  return new RegExp(`^${source}$`, ignoreCase ? 'i' : '');
}

/** Odoo drops spaces, dots, slashes, brackets and hyphens, and takes + and 00 for the same. */
function samePhone(held: unknown, wanted: string): boolean {
  if (typeof held !== 'string') return false;
  const form = (phone: string) => phone.replaceAll(/[\s\\./()-]/g, '').replace(/^00/, '+');
  return form(held) === form(wanted);
}
