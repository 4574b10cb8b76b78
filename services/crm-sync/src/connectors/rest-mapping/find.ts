// Finding people by the mapping's steps. Every row is compared here again; what names another e-mail is somebody else; of several with one phone nobody.
import type { Contact } from '@continuo/contracts';
import type { Candidate, Found, FoundRecord } from '../connector.ts';
import { CrmError, isCrmFault } from '../crm-error.ts';
import { AnsweredError, type CallAbout, type Client } from './client.ts';
import { read, rowsAt, type Scope, textOf } from './expression.ts';
import { holds } from './judge.ts';
import type { FindStep, Listing, Mapping } from './schema.ts';

/** A list that does not end is a fault of the mapping. */
const MOST_PAGES = 200;

/** All rows of a listing, whole. */
export async function allRows(
  client: Client,
  listing: Listing,
  scope: Scope,
  options: Pick<CallAbout, 'about' | 'expected'> = {},
): Promise<unknown[]> {
  const rows = await pages(client, listing, scope, options);
  const { whole } = listing;
  if (!whole) return rows;
  const ids = rows.map((row) => textOf(read(row, whole.id))).filter((id) => id !== undefined);
  const found: unknown[] = [];
  for (let from = 0; from < ids.length; from += whole.atOnce) {
    const hits = ids.slice(from, from + whole.atOnce);
    const answer = await client.call(whole.request, { ...scope, hits }, { writes: false, ...options });
    found.push(...rowsAt(answer, whole.rows));
  }
  return found;
}

/** Page after page. */
async function pages(
  client: Client,
  { request, rows, next, pageSize }: Listing,
  scope: Scope,
  options: Pick<CallAbout, 'about' | 'expected'>,
): Promise<unknown[]> {
  const found: unknown[] = [];
  let asked: unknown;
  for (let page = 0; page < MOST_PAGES; page++) {
    const paged = { ...scope, next: asked, offset: found.length };
    const answer = await client.call(request, paged, { writes: false, ...options });
    const these = rowsAt(answer, rows);
    found.push(...these);
    const following = next === undefined ? undefined : textOf(read(answer, next));
    const more =
      next === undefined
        ? pageSize !== undefined && these.length >= pageSize
        : following !== undefined && following !== asked;
    if (!more) return found;
    asked = following;
  }
  throw new CrmError('invalid', 'A list of the CRM does not end: check “next” and “pageSize” in its mapping.');
}

export interface Row {
  kind: FindStep['kind'];
  id: string;
  email: string | undefined;
  phone: string | undefined;
  name: string | undefined;
  created: string;
  raw: unknown;
}

export function rowOf(mapping: Mapping, kind: Row['kind'], raw: unknown): Row | undefined {
  const { fields } = mapping.records[kind];
  const id = textOf(read(raw, fields.id));
  if (id === undefined) return undefined;
  const text = (path: string | undefined) => (path === undefined ? undefined : firstText(read(raw, path)));
  const name = fields.name
    ?.map((path) => text(path) ?? '')
    .join(' ')
    .trim();
  return {
    kind,
    id,
    email: text(fields.email),
    phone: text(fields.phone),
    name: name || undefined,
    created: text(fields.created) ?? '',
    raw,
  };
}
const firstText = (value: unknown): string | undefined =>
  Array.isArray(value) ? value.map(textOf).find((one) => one !== undefined) : textOf(value);

/** @param become where a found record lives now */
export async function findContact(
  client: Client,
  mapping: Mapping,
  scope: Scope & { contact: Contact },
  become: (row: Row) => Promise<FoundRecord | undefined>,
): Promise<Found | undefined> {
  const { contact } = scope;
  for (const by of ['externalId', 'email', 'phone'] as const) {
    if (!contact[by]) continue;
    for (const step of mapping.find.filter((one) => one.by === by)) {
      const rows = (await rowsOfStep(client, mapping, step, scope)).filter(
        ({ email }) =>
          by !== 'phone' || !email || !contact.email || email.toLowerCase() === contact.email.toLowerCase(),
      );
      if (by === 'phone' && rows.length > 1) return { candidates: rows.map(candidateOf) };
      const [row] = rows;
      if (row) return step.follow ? become(row) : { kind: row.kind, id: row.id, ours: false, anonymous: false };
    }
  }
  return undefined;
}

const candidateOf = ({ kind, id, name, email, phone }: Row): Candidate => ({
  kind,
  id,
  ...(name !== undefined && { name }),
  ...(email !== undefined && { email }),
  ...(phone !== undefined && { phone }),
});

export async function findOwn(client: Client, mapping: Mapping, scope: Scope): Promise<FoundRecord | undefined> {
  for (const step of mapping.findOwn) {
    const [row] = await rowsOfStep(client, mapping, step, scope);
    if (row) return { kind: row.kind, id: row.id, ours: true, anonymous: !row.email && !row.phone };
  }
  return undefined;
}

/** Rows of a step that are who is looked for, oldest first, each once. */
export async function rowsOfStep(client: Client, mapping: Mapping, step: FindStep, scope: Scope): Promise<Row[]> {
  const found = new Map<string, Row>();
  for (const raw of await hits(client, step, scope)) {
    if (step.details && !holds(raw, step.details.only, scope)) continue;
    const whole = step.details ? await detailsOf(client, step.details, { ...scope, row: raw }) : raw;
    const row = rowOf(mapping, step.kind, whole);
    if (row && holds(whole, step.where, scope)) found.set(row.id, row);
  }
  return [...found.values()].sort((a, b) => compare(a.created, b.created) || compare(a.id, b.id));
}

/** Ids and times may be numbers. */
const { compare } = new Intl.Collator('en', { numeric: true });

async function hits(client: Client, step: FindStep, scope: Scope): Promise<unknown[]> {
  try {
    return await allRows(client, step, scope, { expected: step.absentOn });
  } catch (error) {
    if (error instanceof AnsweredError && step.absentOn.includes(error.status)) return [];
    throw error;
  }
}

/** What was removed between the list and the look at it is not found. */
async function detailsOf(
  client: Client,
  { request, row }: NonNullable<FindStep['details']>,
  scope: Scope,
): Promise<unknown> {
  try {
    return read(await client.call(request, scope, { about: 'record', writes: false }), row);
  } catch (error) {
    if (isCrmFault(error, 'record-gone')) return undefined;
    throw error;
  }
}
