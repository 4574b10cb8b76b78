// Whose record a dialogue belongs to: stored link → external id → e-mail → phone → our own lead of this visitor → a new lead.
// A record that the company made is never changed; a lead of ours is told what becomes known, or points to the person who exists already.
import type { Contact } from '@continuo/contracts';
import { logger } from '@continuo/telemetry';
import type { FoundRecord } from './connectors/connector.ts';
import { isCrmFault } from './connectors/crm-error.ts';
import { leadText } from './domain/lead.ts';
import { type Link, type LinkedRecord, moveTo, sameRecord } from './domain/link.ts';
import { isAnonymous, told } from './domain/reconcile.ts';
import { linked, makeLead, type Resolved, withFields } from './make-lead.ts';
import type { Job } from './perform.ts';

const log = logger('crm-sync');

/** @returns undefined when nobody is known and no lead may be made @throws {TooEarlyError} while one may still appear that was being made */
export async function resolve(job: Job, mayMake: boolean): Promise<Resolved | undefined> {
  const { crm, transcript } = job;
  const { contact, visitor } = transcript;
  const person = await crm.findContact(contact);
  if (person) return { record: linked(job, person, told(contact)), isNew: false };
  const own = await crm.findOwnLead(visitor);
  // Our lead of this browser that names somebody is his only if this dialogue does not name another.
  if (own && (own.anonymous || isAnonymous(contact)))
    return { record: linked(job, own, own.anonymous ? told({}) : told(contact)), isNew: false };
  return mayMake || job.lease.link().making !== undefined ? makeLead(job) : undefined;
}

/** What the site wants in fields of a lead of ours. @throws {CrmError} what the administrator has to mend */
export async function tellFields(job: Job, news: string): Promise<Link> {
  const { crm, lease, transcript, context } = job;
  const link = lease.link();
  const record = link.record as LinkedRecord;
  await lease.save(link, job.now());
  // A person whom another record owns is not told again; whoever takes facts takes the lead as a whole.
  const contact = job.takesFacts ? transcript.contact : {};
  await crm.upsertLead({ contact, ...leadText(transcript, context), ...withFields(job) }, record);
  return { ...link, record: { ...record, fields: news } };
}

/** More became known of the person behind a lead of ours. */
export async function identify(job: Job): Promise<Link> {
  const { crm, lease, transcript, context } = job;
  const { contact } = transcript;
  const link = lease.link();
  const record = link.record as LinkedRecord;
  const person = await crm.findContact(contact);
  if (person && !sameRecord(person, record))
    return record.anonymous ? moved(job, link, record, person) : knowing(link, record, contact);
  await lease.save(link, job.now());
  try {
    await crm.upsertLead({ contact, ...leadText(transcript, context) }, record);
  } catch (error) {
    if (isCrmFault(error, 'taken')) {
      const owner = await crm.findContact(contact);
      if (owner && !sameRecord(owner, record) && record.anonymous) return moved(job, link, record, owner);
    } else if (!isCrmFault(error, 'invalid')) throw error;
    log.warn(
      { conversation: transcript.conversation, record: record.id },
      'The CRM does not take what became known of this person.',
    );
  }
  return knowing(link, record, contact);
}

function moved(job: Job, link: Link, from: LinkedRecord, to: FoundRecord): Link {
  const at = { kind: from.kind, id: from.id };
  const pointer = { at, to: { kind: to.kind, id: to.id }, state: 'writing' as const };
  return { ...moveTo(link, linked(job, to, told(job.transcript.contact))), pointers: [...link.pointers, pointer] };
}

const knowing = (link: Link, record: LinkedRecord, contact: Contact): Link => ({
  ...link,
  record: { ...record, told: told(contact), anonymous: record.anonymous && isAnonymous(contact) },
});
