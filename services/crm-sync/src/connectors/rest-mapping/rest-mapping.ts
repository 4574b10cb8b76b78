// A connector made of a mapping file: the same promises as a connector in code, kept by interpreting the file. docs/rest-mapping.md is its reference.
import type { Contact } from '@continuo/contracts';
import { z } from 'zod';
import type { RecordRef } from '../../domain/link.ts';
import { type Connector, type Crm, type FoundRecord, type Lead, type Note, onlyOne } from '../connector.ts';
import { CrmError, isCrmFault } from '../crm-error.ts';
import { AnsweredError, type Client, openClient } from './client.ts';
import { read, readTime, renderWhole, rowsAt, type Scope, textOf } from './expression.ts';
import { allRows, findContact, findOwn, type Row, rowOf } from './find.ts';
import { holds } from './judge.ts';
import { prepare, preparedNames } from './prepared.ts';
import type { Mapping, RecordMapping, Request } from './schema.ts';
import { leadScope, recordScope } from './scope.ts';
import { dealsOf, tasksOf } from './tasks.ts';
import { decodeText, encodeText, roomFor } from './text.ts';

export function restMapping(mapping: Mapping): Connector {
  const credentials = credentialsOf(mapping);
  return {
    describe: {
      id: mapping.id,
      name: mapping.name,
      credentials,
      noteLimit: roomFor(mapping.limits.note, mapping.text.note),
      makesFields: mapping.makeField !== undefined,
    },
    open({ baseUrl, credentials: given, outbound }, signal) {
      const settings = known(credentials.parse(given));
      return openCrm(mapping, openClient(mapping, { baseUrl, outbound, settings }, signal), { settings, baseUrl });
    },
  };
}

function credentialsOf({ settings }: Mapping): z.ZodType<Record<string, string | undefined>> {
  const shape = Object.entries(settings).map(([name, { label, optional, url }]) => {
    const text = (url ? z.url({ protocol: /^https?$/ }) : z.string().min(1)).describe(label);
    return [name, optional ? text.optional() : text] as const;
  });
  return z.strictObject(Object.fromEntries(shape)) as unknown as z.ZodType<Record<string, string | undefined>>;
}
/** Addresses without a slash at the end, so that a mapping may put one there. */
const known = (settings: Record<string, string | undefined>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(settings).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, /^https?:/.test(value) ? value.replace(/\/+$/, '') : value]],
    ),
  );

function openCrm(mapping: Mapping, client: Client, site: { settings: Record<string, string>; baseUrl: string }): Crm {
  const { records, name: crm } = mapping;
  /** What every request may use besides. */
  const base: Scope = {};
  const prepared =
    <A extends unknown[], R>(work: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      base['prepared'] = await preparedNames(mapping, client);
      return work(...args);
    };
  const of = (record: RecordRef): { one: RecordMapping; scope: Scope } => ({
    one: records[record.kind],
    scope: { ...base, ...recordScope(mapping, record) },
  });

  /** The record as it stands; undefined when it is gone. */
  async function look(record: RecordRef): Promise<unknown> {
    const { one, scope } = of(record);
    try {
      const answer = await client.call(one.read.request, scope, { about: 'record', writes: false });
      if (one.read.gone.some((condition) => holds(answer, [condition], scope))) return undefined;
      return read(answer, one.read.row);
    } catch (error) {
      if (isCrmFault(error, 'record-gone')) return undefined;
      throw error;
    }
  }

  async function follow(record: RecordRef): Promise<RecordRef | undefined> {
    const raw = await look(record);
    if (raw === undefined || raw === null) return undefined;
    const { moved } = records[record.kind].read;
    // A merged record answers with the id of the one it went into.
    const id = rowOf(mapping, record.kind, raw)?.id ?? record.id;
    if (!moved || !holds(raw, moved.when, base)) return { kind: record.kind, id };
    return (await whereMoved(raw, moved)) ?? { kind: record.kind, id };
  }

  async function whereMoved(raw: unknown, moved: NonNullable<RecordMapping['read']['moved']>) {
    const scope = { ...base, row: raw };
    if (moved.id !== undefined) {
      const id = renderWhole(moved.id, scope);
      return id === undefined || id === '' ? undefined : { kind: moved.kind, id };
    }
    const email = renderWhole(moved.email ?? '', scope);
    if (!email) return undefined;
    const people = {
      ...mapping,
      find: mapping.find.filter(({ kind, follow: leads }) => kind === moved.kind && !leads),
    };
    const found = onlyOne(await findContact(client, people, { ...base, contact: { email } }, async () => undefined));
    return found && { kind: found.kind, id: found.id };
  }

  async function become(row: Row): Promise<FoundRecord | undefined> {
    const now = await follow(row);
    return now && { ...now, ours: false, anonymous: false };
  }

  async function create(lead: Lead): Promise<string> {
    const scope = { ...base, ...leadScope(mapping, lead) };
    const { request, id, duplicate } = mapping.create;
    const made = async (what: typeof request) =>
      idOf(await client.call(withFields(mapping, what, lead), scope), id, crm);
    try {
      return await made(request);
    } catch (error) {
      if (!duplicate || !(error instanceof AnsweredError) || error.fault !== 'taken') throw error;
      // The CRM may mean somebody else who only has the same name: a dialogue must never land on his card.
      if (rowsAt(error.answer(), duplicate.rows).some((row) => holds(row, duplicate.where, scope))) throw error;
      return made(duplicate.force);
    }
  }

  /** Some CRMs refuse in the same words what nobody may do and what there is nothing to do with. */
  async function refusedOrGone(record: RecordRef, lookOn: readonly number[], error: unknown): Promise<never> {
    if (error instanceof AnsweredError && lookOn.includes(error.status)) await mustStand(record);
    throw error;
  }
  async function mustStand(record: RecordRef): Promise<void> {
    if (((await look(record)) ?? undefined) === undefined)
      throw new CrmError('record-gone', `The record is gone from ${crm}.`);
  }

  async function listNotes(record: RecordRef): Promise<Note[]> {
    const { one, scope } = of(record);
    const { list } = one.notes;
    const rows = await allRows(client, list, scope, { about: 'record', expected: list.lookOn }).catch(
      (error: unknown) => refusedOrGone(record, list.lookOn, error),
    );
    if (rows.length === 0 && list.lookWhenEmpty) await mustStand(record);
    return notesOf(mapping, one, rows, scope);
  }

  async function addNote(record: RecordRef, note: { text: string; marker: string }): Promise<string> {
    const { one, scope } = of(record);
    const { add } = one.notes;
    if (add.lookFirst) await mustStand(record);
    const text = encodeText(note.text, mapping.text.note);
    const known = { ...scope, note: { text, marker: note.marker } };
    const answer = await client
      .call(add.request, known, { about: 'record', expected: add.lookOn })
      .catch((error: unknown) => refusedOrGone(record, add.lookOn, error));
    if (add.id !== undefined) return idOf(answer, add.id, crm);
    // The answer does not say which note is new: the marker does.
    const all =
      add.rows === undefined ? await listNotes(record) : notesOf(mapping, one, rowsAt(answer, [add.rows]), scope);
    const newest = all.filter((one) => one.text.trimEnd().endsWith(note.marker)).at(-1);
    if (!newest)
      throw new CrmError('server-error', `${crm} took a note but does not show it.`, { outcomeUnknown: true });
    return newest.id;
  }

  const around = { scopeOf: (record: RecordRef) => of(record).scope, mustStand };
  const tasks = tasksOf(mapping, client, around);
  const deals = dealsOf(mapping, client, around);
  return {
    async check() {
      for (const { request, rows, say } of mapping.check) {
        const answer = await client.call(request, {}, { writes: false });
        if (rows?.every((path) => read(answer, path) === undefined))
          throw new CrmError(
            'invalid',
            say ?? `What answers at this address is not ${crm}. Check the address in the settings.`,
          );
      }
    },
    prepare: () => prepare(mapping, client),
    findContact: prepared((contact: Contact) => findContact(client, mapping, { ...base, contact }, become)),
    findOwnLead: prepared((visitorKey: string) => findOwn(client, mapping, { ...base, visitorKey })),
    upsertLead: prepared(async (lead: Lead, record?: RecordRef) => {
      if (!record) return { kind: 'lead', id: await create(lead) };
      const scope = { ...base, ...leadScope(mapping, lead), ...recordScope(mapping, record) };
      await client.call(withFields(mapping, mapping.update, lead), scope, { about: 'record' });
      return { kind: record.kind, id: record.id };
    }),
    ...(mapping.makeField && {
      makeField: prepared(async (field: string) => {
        await client.call(mapping.makeField as Request, { ...base, field }).catch((error: unknown) => {
          // It stands already.
          if (!isCrmFault(error, 'taken')) throw error;
        });
      }),
    }),
    follow: prepared(follow),
    listNotes: prepared(listNotes),
    upsertNote: prepared(async (record: RecordRef, { id, text, marker }: Parameters<Crm['upsertNote']>[1]) => {
      if (id === undefined) return addNote(record, { text, marker });
      const { one, scope } = of(record);
      const note = { id, marker, text: encodeText(text, mapping.text.note) };
      await client.call(one.notes.edit, { ...scope, note }, { about: 'note' });
      return id;
    }),
    removeNote: prepared(async (record: RecordRef, id: string) => {
      const { one, scope } = of(record);
      await client.call(one.notes.remove, { ...scope, note: { id } }, { about: 'note' }).catch((error: unknown) => {
        if (!isCrmFault(error, 'note-gone')) throw error;
      });
    }),
    findTasks: prepared(tasks.findTasks),
    createTask: prepared(tasks.createTask),
    removeTask: prepared(tasks.removeTask),
    ...(deals && {
      deals: { find: prepared(deals.find), create: prepared(deals.create), remove: prepared(deals.remove) },
    }),
    openUrl(record) {
      const { one, scope } = of(record);
      const url =
        one.open === undefined ? undefined : renderWhole(one.open, { ...site, ...scope }, encodeOutside(site));
      // People click it.
      return /^https?:$/.test(URL.parse(url ?? '')?.protocol ?? '') ? url : undefined;
    },
  };
}

/** The site's own fields stand in the body besides what the mapping writes there, which comes first; dots in a name lead inside. */
export function withFields(
  { fieldsIn, name }: Pick<Mapping, 'fieldsIn' | 'name'>,
  request: Request,
  { fields = {} }: Pick<Lead, 'fields'>,
): Request {
  const wanted = Object.entries(fields);
  if (wanted.length === 0) return request;
  const words = `The mapping of ${name} takes no fields of the site’s own: take them out of the site’s settings (crm.fields), or add “fieldsIn” to the mapping.`;
  if (fieldsIn === undefined) throw new CrmError('invalid', words);
  const body = structuredClone(request.body);
  const place = fieldsIn
    .map((path) => read(body, path))
    .find((one) => typeof one === 'object' && one !== null && !Array.isArray(one));
  if (place === undefined) throw new CrmError('invalid', words);
  for (const [field, value] of wanted) {
    const keys = field.split('.');
    const last = keys.pop() as string;
    let inside = place as Record<string, unknown>;
    for (const key of keys) {
      if (!Object.hasOwn(inside, key))
        Object.defineProperty(inside, key, { value: {}, enumerable: true, writable: true });
      inside = inside[key] as Record<string, unknown>;
    }
    if (!Object.hasOwn(inside, last))
      Object.defineProperty(inside, last, { value: { $text: value }, enumerable: true });
  }
  return { ...request, body };
}

/** In an address the parts are encoded, the settings' own addresses are not. */
const encodeOutside =
  ({ settings, baseUrl }: { settings: Record<string, string>; baseUrl: string }) =>
  (text: string): string =>
    text === baseUrl || Object.values(settings).includes(text) ? text : encodeURIComponent(text);

function notesOf(mapping: Mapping, { notes: { list } }: RecordMapping, rows: readonly unknown[], scope: Scope): Note[] {
  return rows
    .filter((row) => holds(row, list.where, scope))
    .flatMap((row) => {
      const id = textOf(read(row, list.id));
      const text = decodeText(textOf(read(row, list.text)) ?? '', mapping.text.note);
      const at = list.at === undefined ? 0 : readTime(read(row, list.at), mapping.time);
      return id === undefined ? [] : [{ id, text, at }];
    })
    .sort((a, b) => a.at - b.at || byNumber.compare(a.id, b.id));
}
const byNumber = new Intl.Collator('en', { numeric: true });

function idOf(answer: unknown, path: string, crm: string): string {
  const id = textOf(read(answer, path));
  if (id !== undefined) return id;
  throw new CrmError('server-error', `${crm} took a record but does not tell its id.`, { outcomeUnknown: true });
}
