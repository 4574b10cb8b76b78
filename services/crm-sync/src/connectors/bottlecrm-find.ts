// How a person is found in BottleCRM. Its filters mean "contains" and its search covers what lists hide, so every answer is compared here.
import type { Contact } from '@continuo/contracts';
import type { RecordRef } from '../domain/link.ts';
import type { LeadPage, Row } from './bottlecrm-shapes.ts';
import * as shapes from './bottlecrm-shapes.ts';
import type { Found, FoundRecord } from './connector.ts';
import { isCrmFault } from './crm-error.ts';
import type { Http } from './http.ts';

/** Custom fields of ours: the visitor's key on leads, the site's own customer id on leads and contacts. */
export const VISITOR_FIELD = 'continuo_visitor';
export const CUSTOMER_FIELD = 'customer_id';

const PAGE = 50;
const same = (a: string | null | undefined, b: string | undefined): boolean =>
  a != null && b !== undefined && a.toLowerCase() === b.toLowerCase();
const inOrder = (rows: Row[]): Row[] =>
  rows.toSorted((a, b) => a.created_at.localeCompare(b.created_at) || a.id.localeCompare(b.id));
const oldest = (rows: Row[]): Row | undefined => inOrder(rows)[0];
const found = (kind: 'lead' | 'contact', { id }: { id: string }): FoundRecord => ({
  kind,
  id,
  ours: false,
  anonymous: false,
});

export async function findContact(http: Http, contact: Contact): Promise<Found | undefined> {
  return (
    (contact.externalId && (await byExternalId(http, contact.externalId))) ||
    (contact.email && (await byEmail(http, contact.email))) ||
    (contact.phone && (await byPhone(http, contact.phone, contact.email))) ||
    undefined
  );
}

async function byExternalId(http: Http, externalId: string): Promise<FoundRecord | undefined> {
  const filter = { [`cf_${CUSTOMER_FIELD}`]: externalId, limit: PAGE };
  const matches = ({ custom_fields }: Row) => custom_fields?.[CUSTOMER_FIELD] === externalId;
  const contact = oldest(
    (await customField(() => http.get('/api/contacts/', shapes.contactPage, filter)))?.results.filter(matches) ?? [],
  );
  if (contact) return found('contact', contact);
  const page = await customField(() => http.get('/api/leads/', shapes.leadPage, filter));
  const lead = oldest(page ? rowsOf(page).filter(matches) : []);
  return lead && found('lead', lead);
}

async function byEmail(http: Http, email: string): Promise<FoundRecord | undefined> {
  const matches = (row: Pick<Row, 'email'>) => same(row.email, email);
  const contact = await contactWithEmail(http, email);
  if (contact) return contact;
  const lead = oldest(rowsOf(await http.get('/api/leads/', shapes.leadPage, { email, limit: PAGE })).filter(matches));
  if (lead) return found('lead', lead);
  // A converted lead owns its e-mail still, and its contact may have none: only the search shows them.
  for (const hit of await search(http, email, 'lead')) {
    const { lead_obj } = await http.get(`/api/leads/${hit.id}/`, shapes.lead);
    if (!matches(lead_obj)) continue;
    return (await contactWithEmail(http, lead_obj.email)) ?? found('lead', hit);
  }
  return undefined;
}

async function byPhone(http: Http, phone: string, email: string | undefined): Promise<Found | undefined> {
  for (const kind of ['contact', 'lead'] as const) {
    const { duplicates } = await http.send('POST', `/api/${kind}s/duplicates/`, { phone }, shapes.duplicates);
    // Who says another e-mail is somebody else; and of several people with one phone nobody can be chosen.
    const people = duplicates.filter(
      (row) => row.matched_on.includes('phone') && !(row.email && email && !same(row.email, email)),
    );
    const [only, ...others] = people;
    if (only && others.length === 0) return found(kind, only);
    if (others.length > 0)
      return {
        candidates: people.map((row) => ({
          kind,
          id: row.id,
          ...(row.name && { name: row.name }),
          ...(row.email && { email: row.email }),
          ...(row.phone && { phone: row.phone }),
        })),
      };
  }
  return undefined;
}

export async function findOwnLead(http: Http, visitorKey: string): Promise<FoundRecord | undefined> {
  const [lead] = await leadsOf(http, visitorKey);
  return lead && { kind: 'lead', id: lead.id, ours: true, anonymous: !lead.email && !lead.phone };
}

export const ownLeads = async (http: Http, visitorKey: string): Promise<RecordRef[]> =>
  (await leadsOf(http, visitorKey)).map(({ id }) => ({ kind: 'lead', id }));

/** Oldest first. */
async function leadsOf(http: Http, visitorKey: string): Promise<Row[]> {
  const candidates: Row[] = [];
  for (const { id } of await search(http, visitorKey, 'lead')) {
    const { lead_obj } = await http.get(`/api/leads/${id}/`, shapes.lead);
    if (lead_obj.title?.includes(`[${visitorKey}]`)) candidates.push({ ...lead_obj, id });
  }
  // Somebody may have given the lead a title of his own: the custom field still names it, where the CRM can search it.
  if (candidates.length === 0) {
    const page = await customField(() =>
      http.get('/api/leads/', shapes.leadPage, { [`cf_${VISITOR_FIELD}`]: visitorKey, limit: PAGE }),
    );
    candidates.push(
      ...(page ? rowsOf(page).filter(({ custom_fields }) => custom_fields?.[VISITOR_FIELD] === visitorKey) : []),
    );
  }
  return inOrder(candidates);
}

/** Also what a converted lead became: without an e-mail nobody can tell. */
export async function contactWithEmail(http: Http, email: string | null | undefined): Promise<FoundRecord | undefined> {
  if (!email) return undefined;
  const { results } = await http.get('/api/contacts/', shapes.contactPage, { email, limit: PAGE });
  const contact = oldest(results.filter((row) => same(row.email, email)));
  return contact && found('contact', contact);
}

async function search(http: Http, words: string, type: string): Promise<{ id: string }[]> {
  const { results } = await http.get('/api/search/', shapes.hits, { q: words });
  return results.filter((hit) => hit.type === type);
}

const rowsOf = ({ open_leads, close_leads }: LeadPage): Row[] => [...open_leads.open_leads, ...close_leads.close_leads];

/** On SQLite a filter by custom field answers 500: then nobody is found this way. */
async function customField<T>(get: () => Promise<T>): Promise<T | undefined> {
  try {
    return await get();
  } catch (error) {
    if (isCrmFault(error, 'server-error')) return undefined;
    throw error;
  }
}
