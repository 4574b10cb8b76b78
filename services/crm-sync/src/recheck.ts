// A dialogue looked through because a person asked for a re-sync: what the link says is compared with the notes that the CRM really holds. From the first
// part whose note is missing on, the link forgets, so that the ordinary way writes it anew; it adopts what it finds by its marker, so nothing is doubled. A
// note that stands and lacks words of ours gets them back. What the CRM did not take of the person is told once more: somebody may have mended what hindered.
import type { Note } from './connectors/connector.ts';
import { isCrmFault } from './connectors/crm-error.ts';
import { type Link, type LinkPart, type RecordRef, sameRecord } from './domain/link.ts';
import { holdsAll, parsePartMarker, partMarker, partNote } from './domain/note.ts';
import { standingText } from './domain/reconcile.ts';
import { keyOfLink, type Links } from './links.ts';
import { type Job, perform, wantsOf, withMarker } from './perform.ts';

/** As `perform`, after a look at the CRM when one was asked for. @returns whether a note was written */
export async function performChecked(job: Job, links: Links): Promise<boolean> {
  const asked = job.lease.recheck();
  if (asked === undefined) return perform(job);
  await forgetMissing(job);
  await forgetRefusal(job);
  const wrote = await perform(job);
  const mended = await mendEdited(job);
  await removeStrays(job);
  await links.clearRecheck(keyOfLink(job.lease.link()), job.transcript.conversation, asked);
  return wrote || mended;
}

interface Held {
  record: RecordRef;
  /** undefined: the record is gone. */
  notes: Note[] | undefined;
}

async function forgetMissing(job: Job): Promise<void> {
  const { crm, lease, transcript } = job;
  const link = lease.link();
  const held = await Promise.all(recordsOf(link).map((record) => heldBy(job, record)));
  const isGone = (record: RecordRef): boolean =>
    held.some((one) => one.notes === undefined && sameRecord(one.record, record));
  const stands = ({ record, part }: LinkPart): boolean => {
    const { notes = [] } = held.find((one) => sameRecord(one.record, record)) ?? {};
    return withMarker(notes, partMarker(transcript.conversation, part)).length > 0;
  };
  const first = link.parts.findIndex((part) => !stands(part));
  if (first < 0) return;
  const forgotten = link.parts.slice(first);
  const { record: last, ...rest } = link;
  const record = last && !isGone(last) ? last : undefined;
  // Written again where the person is now: what stands elsewhere would stand twice. Before the link forgets where that is.
  for (const part of forgotten)
    if (part.note !== undefined && stands(part) && !(record && sameRecord(part.record, record)))
      await crm.removeNote(part.record, part.note);
  const from = forgotten[0]?.from.after ?? 0;
  await lease.save(
    {
      ...rest,
      ...(record && { record }),
      parts: link.parts.slice(0, first),
      pointers: link.pointers.filter(({ at, to }) => !isGone(at) && !isGone(to)),
      writtenUpTo: Math.min(link.writtenUpTo, from),
      // Told again, so that whoever looks at the journal sees it arrive.
      reportedUpTo: Math.min(link.reportedUpTo, from),
    },
    job.now(),
  );
}

async function forgetRefusal({ lease, now }: Job): Promise<void> {
  const link = lease.link();
  const { record, writtenUpTo } = link;
  if (!record?.refused) return;
  // Told again, so that whoever looks at the journal sees what came of it.
  const reportedUpTo = Math.min(link.reportedUpTo, writtenUpTo - 1);
  await lease.save({ ...link, record: { ...record, told: '' }, reportedUpTo }, now());
}

/** @returns whether there was one */
async function mendEdited(job: Job): Promise<boolean> {
  const { crm, lease, transcript, room, context } = job;
  const wants = wantsOf(job);
  let mended = false;
  for (const part of lease.link().parts) {
    const marker = partMarker(transcript.conversation, part.part);
    const note = withMarker((await heldBy(job, part.record)).notes ?? [], marker).find(({ id }) => id === part.note);
    const ours = standingText(transcript, part, wants);
    // In other words than it was written in it may be longer than a note can hold.
    if (!note || holdsAll(note.text, ours.text) || ours.text.length > room) continue;
    // Proves that nobody took over.
    await lease.save(lease.link(), job.now());
    await crm.upsertNote(part.record, { id: note.id, text: partNote(transcript, ours, context), marker });
    mended = true;
  }
  return mended;
}

/** Notes of this dialogue with numbers that it has no more: it was cut otherwise when it was written first. */
async function removeStrays(job: Job): Promise<void> {
  const { lease, crm, transcript } = job;
  const { parts } = lease.link();
  for (const record of recordsOf(lease.link()))
    for (const { id, text } of (await heldBy(job, record)).notes ?? []) {
      const place = parsePartMarker(text);
      const known = parts.some((one) => one.part === place?.part && sameRecord(one.record, record));
      if (place?.conversation === transcript.conversation && !known) await crm.removeNote(record, id);
    }
}

async function heldBy({ crm }: Job, record: RecordRef): Promise<Held> {
  try {
    return { record, notes: await crm.listNotes(record) };
  } catch (error) {
    if (!isCrmFault(error, 'record-gone')) throw error;
    return { record, notes: undefined };
  }
}

function recordsOf({ parts, record }: Link): RecordRef[] {
  const all: RecordRef[] = parts.map((part) => part.record);
  if (record) all.push(record);
  return all.filter((one, index) => all.findIndex((other) => sameRecord(other, one)) === index);
}
