// Makes a lead of ours. It may be made although the answer is lost, or late: so it is written down before, and whoever comes after waits until it has
// appeared or never will. The dialogue is worth more than a field: what the CRM does not take is left out, and the link says so.
import type { CrmContactRefused } from '@continuo/contracts';
import { logger } from '@continuo/telemetry';
import { type Found, type FoundRecord, type Lead, onlyOne } from './connectors/connector.ts';
import { CrmError, isCrmFault } from './connectors/crm-error.ts';
import { leadText } from './domain/lead.ts';
import type { Link, LinkedRecord } from './domain/link.ts';
import { isAnonymous, told } from './domain/reconcile.ts';
import type { Job } from './perform.ts';

const log = logger('crm-sync');

export interface Resolved {
  record: LinkedRecord;
  isNew: boolean;
}

/** After so long a call of unknown outcome has happened or never will. */
export const SETTLED_MS = 20_000;

/** Nothing is wrong, it is only too early. */
export class TooEarlyError extends Error {
  override name = 'TooEarlyError';
  readonly waitMs: number;
  constructor(waitMs: number) {
    super(`to be looked at again in ${waitMs} ms`);
    this.waitMs = waitMs;
  }
}

/** @throws {TooEarlyError} while a lead may still appear that was being made when the answer was lost or the maker died */
export async function makeLead(job: Job): Promise<Resolved> {
  const { lease } = job;
  const { making } = lease.link();
  const left = making === undefined || job.idempotent ? 0 : making + SETTLED_MS - Date.now();
  if (left > 0) throw new TooEarlyError(left);
  // Proves that nobody took over while the person was looked for.
  await lease.save({ ...lease.link(), making: Date.now() }, job.now());
  try {
    const made = await firstThatFits(job);
    // Nobody knows when the call before arrives: looked for once more.
    if (making !== undefined) await job.raiseDoubt();
    return made;
  } catch (error) {
    if (error instanceof CrmError && error.outcomeUnknown) await job.raiseDoubt();
    // Surely not made: nothing to wait for.
    else if (error instanceof CrmError) await lease.save(withoutMaking(lease.link()), job.now());
    throw error;
  }
}

export const withoutMaking = ({ making: _making, ...link }: Link): Link => link;
export const withFields = ({ fields }: Job): Pick<Lead, 'fields'> => (Object.keys(fields).length > 0 ? { fields } : {});

/** With all that is known; without the site’s own fields; without what the CRM does not take of the person, which then stands in the description. */
async function firstThatFits(job: Job): Promise<Resolved> {
  const { crm, transcript, context, news } = job;
  const { contact } = transcript;
  const whole = leadText(transcript, context);
  const fields = withFields(job);
  const ours = async (lead: Lead, more: Pick<LinkedRecord, 'fields' | 'refused'> = {}): Promise<Resolved> => {
    const found = { ...(await crm.upsertLead(lead)), ours: true, anonymous: isAnonymous(lead.contact) };
    return { record: { ...linked(job, found, told(contact)), ...more }, isNew: true };
  };
  try {
    return await ours({ contact, ...whole, ...fields }, news === '' ? {} : { fields: news });
  } catch (first) {
    let refusal = first;
    if (fields.fields && isCrmFault(first, 'invalid'))
      try {
        // They are told again at the end, and what hinders then stands in the journal.
        return await ours({ contact, ...whole });
      } catch (second) {
        refusal = second;
      }
    if (!isRefusal(refusal)) throw refusal;
    const found = refusal.fault === 'taken' ? await crm.findContact(contact) : undefined;
    const owner = onlyOne(found);
    if (owner) return { record: linked(job, owner, told(contact)), isNew: false };
    if (isAnonymous(contact)) throw asFailure(refusal);
    log.warn(
      { conversation: transcript.conversation },
      'The CRM does not take this contact; its lead is made without.',
    );
    const without = { contact: {}, ...leadText(transcript, context, contact) };
    return ours(without, { refused: refusedBy(refusal, found, job.now()) });
  }
}

export function linked(job: Job, { kind, id, ours, anonymous }: FoundRecord, knows: string): LinkedRecord {
  const url = job.crm.openUrl({ kind, id });
  return { kind, id, ours, anonymous, told: knows, ...(url !== undefined && { url }) };
}

/** The CRM works, and does not take what it is told of somebody. */
export const isRefusal = (error: unknown): error is CrmError =>
  isCrmFault(error, 'invalid') || isCrmFault(error, 'taken');

/** @param owner of the e-mail, when it is taken: who was found by it */
export const refusedBy = (error: CrmError, owner: Found | undefined, at: number): CrmContactRefused => ({
  because: error.fault === 'taken' ? 'taken' : 'invalid',
  words: (owner ? error : asFailure(error)).message.slice(0, 500),
  at,
});

/** `taken` by somebody who cannot be found: only a person can tell who that is. */
const asFailure = (error: CrmError): CrmError =>
  error.fault === 'taken'
    ? new CrmError(
        'ambiguous',
        'Another record owns this e-mail, but the CRM does not show it to us: check the rights of the token.',
      )
    : error;
