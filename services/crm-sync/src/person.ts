// Whose record a dialogue belongs to: stored link → external id → e-mail → phone → our own lead of this visitor → a new lead.
// A record that the company made is never changed; a lead of ours is told what becomes known, or points to the person who exists already.
import type { Contact, CrmContactRefused } from '@continuo/contracts';
import { logger } from '@continuo/telemetry';
import { type Candidate, type FoundRecord, isSeveral, onlyOne } from './connectors/connector.ts';
import { type Choice, decide, isOpen } from './domain/choice.ts';
import { leadText } from './domain/lead.ts';
import { type Link, type LinkedRecord, moveTo, sameRecord } from './domain/link.ts';
import { isAnonymous, told } from './domain/reconcile.ts';
import { asksForSomebody } from './domain/rule.ts';
import { isRefusal, linked, makeLead, type Resolved, refusedBy, withFields } from './make-lead.ts';
import type { Job } from './perform.ts';

const log = logger('crm-sync');

interface Who {
  person?: FoundRecord;
  /** Several people fit: what came of it. */
  choice?: Choice;
  /** A person wants a new lead, whatever the site's rule says. */
  newLead?: boolean;
}

/** Whom the CRM knows under what is known of the visitor; of several the one that a person chose. */
async function whoIs({ crm, transcript, lease, chosen, now }: Job): Promise<Who> {
  const { contact } = transcript;
  const found = await crm.findContact(contact);
  if (!isSeveral(found)) return found ? { person: found } : {};
  const decision = decide(contact, found.candidates.map(withUrl(crm)), {
    known: lease.link().choice,
    chosen,
    asks: asksForSomebody(transcript),
    now: now(),
  });
  if (decision.do === 'take') return { person: { ...decision.record, ours: false, anonymous: false } };
  return { choice: decision.choice, newLead: decision.do === 'new-lead' && decision.chosen };
}

const withUrl = (crm: Pick<Job['crm'], 'openUrl'>) => (one: Candidate) => {
  const url = crm.openUrl(one);
  return { ...one, ...(url !== undefined && { url }) };
};

const withChoice = ({ choice: _before, ...link }: Link, choice: Choice | undefined): Link => ({
  ...link,
  ...(choice && { choice }),
});

/**
 * Writes down who is to be chosen among, when several fit.
 * @returns undefined when nobody is known and no lead may be made, or when a person has to choose
 * @throws {TooEarlyError} while one may still appear that was being made
 */
export async function resolve(job: Job, mayMake: boolean): Promise<Resolved | undefined> {
  const { crm, transcript, lease } = job;
  const { contact, visitor } = transcript;
  const { making } = lease.link();
  const { person, choice: asked, newLead = false } = await whoIs(job);
  // A lead that was being made may stand already: it is made for good, and nobody is asked.
  const choice = asked && making !== undefined ? { ...asked, settled: true as const } : asked;
  if (choice || lease.link().choice) await lease.save(withChoice(lease.link(), choice), job.now());
  if (person) return { record: linked(job, person, told(contact)), isNew: false };
  const own = await crm.findOwnLead(visitor);
  // Our lead of this browser that names somebody is his only if this dialogue does not name another.
  if (own && (own.anonymous || isAnonymous(contact)))
    return { record: linked(job, own, own.anonymous ? told({}) : told(contact)), isNew: false };
  if (isOpen(choice)) return undefined;
  return mayMake || newLead || making !== undefined ? makeLead(job) : undefined;
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
  const record = lease.link().record as LinkedRecord;
  const { person, choice } = await whoIs(job);
  // A lead that names somebody is not moved any more, so nobody is asked.
  const link = withChoice(lease.link(), record.anonymous ? choice : undefined);
  // The dialogue goes on where it stands until a person has chosen.
  if (isOpen(link.choice)) return link;
  if (person && !sameRecord(person, record))
    return record.anonymous ? moved(job, link, record, person) : knowing(link, record, contact, record.refused);
  await lease.save(link, job.now());
  try {
    await crm.upsertLead({ contact, ...leadText(transcript, context) }, record);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    const found = error.fault === 'taken' ? await crm.findContact(contact) : undefined;
    const owner = onlyOne(found);
    if (owner && !sameRecord(owner, record) && record.anonymous) return moved(job, link, record, owner);
    log.warn(
      { conversation: transcript.conversation, record: record.id },
      'The CRM does not take what became known of this person.',
    );
    return knowing(link, record, contact, refusedBy(error, found, job.now()));
  }
  return knowing(link, record, contact);
}

function moved(job: Job, link: Link, from: LinkedRecord, to: FoundRecord): Link {
  const at = { kind: from.kind, id: from.id };
  const pointer = { at, to: { kind: to.kind, id: to.id }, state: 'writing' as const };
  return { ...moveTo(link, linked(job, to, told(job.transcript.contact))), pointers: [...link.pointers, pointer] };
}

/** @param refused what the CRM said when it did not take what it was told: then the lead names nobody whom it did not name before */
const knowing = (
  link: Link,
  { refused: _before, ...record }: LinkedRecord,
  contact: Contact,
  refused?: CrmContactRefused,
): Link => ({
  ...link,
  record: {
    ...record,
    told: told(contact),
    anonymous: record.anonymous && (refused !== undefined || isAnonymous(contact)),
    ...(refused && { refused }),
  },
});
