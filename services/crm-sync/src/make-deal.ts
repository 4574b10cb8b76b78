// Makes a deal of a dialogue that is worth one: once, found again by its marker, and never changed. What sales make of it is theirs.
import { oneLine } from '@continuo/transcript';
import type { Deal } from './connectors/connector.ts';
import { CrmError } from './connectors/crm-error.ts';
import { leadText } from './domain/lead.ts';
import type { LinkedRecord } from './domain/link.ts';
import { dealMarker } from './domain/note.ts';
import { type Job, save, saveAfterCall, standingRecord } from './perform.ts';

/** @throws {CrmError} `invalid` when the CRM has no deals: the transcript is there by then */
export async function makeDeal(job: Job, made: Set<string>): Promise<void> {
  const { crm, lease } = job;
  const { deals } = crm;
  if (!deals)
    throw new CrmError(
      'invalid',
      'This dialogue is worth a deal by the site’s rule, but the connector makes none: the transcript is there, the deal is not. Turn deals off in the site’s settings (crm.deal), or use a mapping that makes them.',
    );
  const isNew = made.has((lease.link().record as LinkedRecord).id);
  const record = await standingRecord(job, isNew);
  if (!record) return;
  const wanted = dealOf(job);
  const at = { record: { kind: record.kind, id: record.id } };
  await save(job, { ...lease.link(), deal: { ...at, state: 'writing' } });
  const [found] = isNew && record.ours ? [] : await deals.find(record, wanted.marker);
  try {
    const id = found ?? (await deals.create(record, wanted));
    await saveAfterCall(job, { ...lease.link(), deal: { ...at, state: 'done', id } });
  } catch (error) {
    if (error instanceof CrmError && error.outcomeUnknown) await job.raiseDoubt();
    throw error;
  }
}

/** A deal of this conversation that was made more than once. */
export async function removeDoubleDeals(job: Job): Promise<void> {
  const { crm, lease, transcript } = job;
  const { deal } = lease.link();
  if (!deal || !crm.deals) return;
  const ids = await crm.deals.find(deal.record, dealMarker(transcript.conversation));
  const kept = ids.find((id) => id === deal.id) ?? ids[0];
  if (kept === undefined) return;
  await save(job, { ...lease.link(), deal: { ...deal, state: 'done', id: kept } });
  for (const id of ids) if (id !== kept) await crm.deals.remove(deal.record, id);
}

function dealOf({ transcript, context }: Job): Deal {
  const { title, description, unnamed } = leadText(transcript, context);
  const marker = dealMarker(transcript.conversation);
  const who = oneLine(transcript.contact.name ?? unnamed);
  return {
    conversation: transcript.conversation,
    title: `${title} · ${who}`,
    text: `${description}\n${marker}`,
    marker,
  };
}
