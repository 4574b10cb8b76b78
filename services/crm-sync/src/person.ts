// Whose record a dialogue belongs to: stored link → external id → e-mail → phone → our own lead of this visitor → a new lead.
// A record that the company made is never changed; a lead of ours is told what becomes known, or points to the person who exists already.
import type { Contact } from '@continuo/contracts';
import { logger } from '@continuo/telemetry';
import type { FoundRecord } from './connectors/connector.ts';
import { CrmError, isCrmFault } from './connectors/crm-error.ts';
import { leadText } from './domain/lead.ts';
import { type Link, type LinkedRecord, moveTo, sameRecord } from './domain/link.ts';
import { isAnonymous, told } from './domain/reconcile.ts';
import type { Job } from './perform.ts';

const log = logger('crm-sync');

export async function resolve(job: Job): Promise<{ record: LinkedRecord; isNew: boolean }> {
  const { crm, transcript } = job;
  const { contact, visitor } = transcript;
  const person = await crm.findContact(contact);
  if (person) return { record: linked(job, person, told(contact)), isNew: false };
  const own = await crm.findOwnLead(visitor);
  // Our lead of this browser that names somebody is his only if this dialogue does not name another.
  if (own && (own.anonymous || isAnonymous(contact)))
    return { record: linked(job, own, own.anonymous ? told({}) : told(contact)), isNew: false };
  return make(job, contact);
}

async function make(job: Job, contact: Contact): Promise<{ record: LinkedRecord; isNew: boolean }> {
  const { crm, lease, transcript, context } = job;
  // Proves that nobody took over while the person was looked for.
  await lease.save(lease.link(), job.now());
  try {
    const made = await crm.upsertLead({ contact, ...leadText(transcript, context) });
    return {
      record: linked(job, { ...made, ours: true, anonymous: isAnonymous(contact) }, told(contact)),
      isNew: true,
    };
  } catch (error) {
    if (isCrmFault(error, 'taken')) {
      const owner = await crm.findContact(contact);
      if (owner) return { record: linked(job, owner, told(contact)), isNew: false };
    }
    const refused = isCrmFault(error, 'taken') || isCrmFault(error, 'invalid');
    if (!refused || isAnonymous(contact)) throw asFailure(error);
    // The dialogue is worth more than a field: what the CRM does not take as e-mail or phone stands in the description.
    log.warn(
      { conversation: transcript.conversation },
      'The CRM does not take this contact; its lead is made without.',
    );
    const made = await crm.upsertLead({ contact: {}, ...leadText(transcript, context, contact) });
    return { record: linked(job, { ...made, ours: true, anonymous: true }, told(contact)), isNew: true };
  }
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

function linked(job: Job, { kind, id, ours, anonymous }: FoundRecord, knows: string): LinkedRecord {
  const url = job.crm.openUrl({ kind, id });
  return { kind, id, ours, anonymous, told: knows, ...(url !== undefined && { url }) };
}

/** `taken` by somebody who cannot be found: only a person can tell who that is. */
const asFailure = (error: unknown): unknown =>
  isCrmFault(error, 'taken')
    ? new CrmError(
        'ambiguous',
        'Another record owns this e-mail, but the CRM does not show it to us: check the rights of the token.',
      )
    : error;
