// Carries a plan out through a connector: the link is saved before each call (what is about to be) and after it (what stands). After a crash or a call
// of unknown outcome the record's notes are listed first, and a note with our marker is adopted instead of written again.
import type { CrmLeadRule, CrmTaskKind } from '@continuo/contracts';
import { logger } from '@continuo/telemetry';
import type { Transcript } from '@continuo/transcript';
import type { Crm, Note } from './connectors/connector.ts';
import { CrmError, isCrmFault } from './connectors/crm-error.ts';
import { type Chosen, isOpen } from './domain/choice.ts';
import { type Context, valuesOf } from './domain/context.ts';
import { outcomeOf } from './domain/facts.ts';
import {
  forgetRecord,
  type Link,
  type LinkedRecord,
  type LinkPart,
  moveTo,
  type Pointer,
  type RecordRef,
  sameRecord,
  standing,
  withPart,
  withTask,
} from './domain/link.ts';
import { partMarker, partNote, pointerMarker, pointerNote, taskMarker } from './domain/note.ts';
import { type Action, blocksOf, type Limits, plan } from './domain/reconcile.ts';
import { deservesDeal, type HeldBack, heldBack } from './domain/rule.ts';
import { taskOf, tasksOf } from './domain/tasks.ts';
import { fill } from './domain/template.ts';
import { type Lease, LeaseLostError } from './links.ts';
import { makeDeal, removeDoubleDeals } from './make-deal.ts';
import { TooEarlyError, withoutMaking } from './make-lead.ts';
import { identify, resolve, tellFields } from './person.ts';

export interface Job {
  transcript: Transcript;
  crm: Crm;
  lease: Lease;
  context: Context;
  rule: CrmLeadRule;
  /** What the site wants in fields of a lead of ours, and as one comparable string with what else the CRM takes; empty: nothing. */
  fields: Record<string, string>;
  news: string;
  /** When the site wants a deal made of a dialogue; undefined: never. */
  dealRule: CrmLeadRule | undefined;
  /** Which tasks the site wants. */
  tasks: readonly CrmTaskKind[];
  takesFacts: boolean;
  /** What is sent twice counts once. */
  idempotent: boolean;
  /** Whose record it is, said by a person. */
  chosen?: Chosen | undefined;
  /** UTF-16 units of dialogue in one note. */
  room: number;
  now: () => number;
  /** A note may stand twice: it is looked for later. */
  raiseDoubt: () => Promise<void>;
  /** Whether the dialogue of any link stands on this record. */
  isLinked: (record: RecordRef) => Promise<boolean>;
}

const log = logger('crm-sync');
/** In one run; what is left is done in the next, so that a very long dialogue lets others have their turn. */
const MOST_STEPS = 400;
const NEXT_RUN_MS = 500;

/**
 * @returns whether a note was written
 * @throws {CrmError} when the CRM did not do it, {LeaseLostError} when another replica took over, {TooEarlyError} when more is left than one run does
 */
export async function perform(job: Job): Promise<boolean> {
  const { transcript, lease } = job;
  /** Records made in this run have no notes of ours yet: nothing to look for. */
  const made = new Set<string>();
  let wrote = false;
  let wants = wantsOf(job);
  for (let step = 0, lost = 0; step < MOST_STEPS; step++) {
    const [action] = plan(transcript, lease.link(), wants);
    if (!action) return wrote;
    try {
      await carryOut(job, action, made);
      if (action.do === 'resolve' && !lease.link().record) return wrote;
      if (action.do === 'identify' && isOpen(lease.link().choice)) wants = { ...wants, undecided: true };
      wrote ||= action.do === 'write' || action.do === 'point' || action.do === 'task' || action.do === 'deal';
    } catch (error) {
      if (!isCrmFault(error, 'record-gone') || ++lost > 3) throw error;
      const gone = recordOf(action, lease.link());
      if (!gone) throw error;
      log.warn(
        { conversation: transcript.conversation, record: gone.id },
        'A CRM record is gone; the dialogue is written where the person is found now.',
      );
      await save(job, withoutPointers(forgetRecord(lease.link(), gone), gone));
    }
  }
  throw new TooEarlyError(NEXT_RUN_MS);
}

async function carryOut(job: Job, action: Action, made: Set<string>): Promise<void> {
  switch (action.do) {
    case 'resolve': {
      const because = heldBack(job.transcript, job.rule);
      const found = await resolve(job, because === undefined);
      if (!found) return save(job, isOpen(job.lease.link().choice) ? unheld(job) : heldLink(job, because as HeldBack));
      if (found.isNew) made.add(found.record.id);
      const { held: _held, ...link } = withoutMaking(job.lease.link());
      return (found.isNew ? saveAfterCall : save)(job, { ...link, record: found.record });
    }
    case 'identify':
      return save(job, await identify(job));
    case 'point':
      return point(job, action.pointer);
    case 'write':
      return write(job, action, made);
    case 'task':
      return makeTask(job, action, made);
    case 'deal':
      return makeDeal(job, made);
    case 'fields':
      return save(job, await tellFields(job, action.fields));
  }
}

export function wantsOf({ transcript, room, context, tasks, dealRule, now, news }: Job): Limits {
  const summary = (upTo: number) =>
    fill(context.words.summary, valuesOf(transcript, context, { ...outcomeOf(transcript, upTo) }));
  const { language, timeZone, dialogueUrl } = context;
  const fileLink = ({ id }: { id: string }) => `${dialogueUrl}/${id}`;
  const deal = dealRule !== undefined && deservesDeal(transcript, dealRule);
  const blocks = blocksOf(transcript, { language, timeZone, summary, fileLink });
  return { room, language, blocks, tasks: tasksOf(transcript, tasks, now()), deal, fields: news };
}

/** The dialogue is kept where it is, and looked at again with whatever happens in it. */
function heldLink({ lease, transcript }: Job, because: HeldBack): Link {
  const { behindSince: _behindSince, ...link } = lease.link();
  return { ...link, held: { because, upTo: transcript.number } };
}

/** A person has to choose, whatever the rule says. */
function unheld({ lease }: Job): Link {
  const { held: _held, ...link } = lease.link();
  return link;
}

export const save = (job: Job, link: Link): Promise<void> => job.lease.save(link, job.now());

async function write(job: Job, action: Extract<Action, { do: 'write' }>, made: Set<string>): Promise<void> {
  const { crm, lease, transcript } = job;
  const { part } = action;
  const known = lease.link().parts.find((other) => other.part === part.part);
  const marker = partMarker(transcript.conversation, part.part);
  // Before a new note on a record of earlier days: it may have been converted, merged or deleted since.
  if (!known && !made.has(part.record.id)) {
    const now = await crm.follow(part.record);
    if (!now) throw new CrmError('record-gone', 'The record is gone from the CRM.');
    if (!sameRecord(now, part.record)) return save(job, movedTo(lease.link(), now));
  }
  await save(job, withPart(lease.link(), part));
  let note = known?.note;
  if (known?.writing || (!known && !made.has(part.record.id))) note = await adopt(crm, part.record, marker, note);
  const text = partNote(transcript, { part: part.part, text: action.text, opens: action.opens }, job.context);
  try {
    note = await upsert(job, part.record, { id: note, text, marker });
  } catch (error) {
    if (!isCrmFault(error, 'note-gone')) throw error;
    const now = await crm.follow(part.record);
    if (now && !sameRecord(now, part.record)) return save(job, movedTo(lease.link(), now));
    note = await upsert(job, part.record, { id: await adopt(crm, part.record, marker), text, marker });
  }
  await saveAfterCall(job, withPart(lease.link(), standing({ ...part, note })));
}

/** @returns the record as it stands now; undefined when it has moved, which is saved @throws {CrmError} `record-gone` */
export async function standingRecord(job: Job, isNew: boolean): Promise<LinkedRecord | undefined> {
  const { crm, lease } = job;
  const record = lease.link().record as LinkedRecord;
  if (isNew) return record;
  const now = await crm.follow(record);
  if (!now) throw new CrmError('record-gone', 'The record is gone from the CRM.');
  if (sameRecord(now, record)) return record;
  await save(job, movedTo(lease.link(), now));
  return undefined;
}

async function makeTask(job: Job, { task }: Extract<Action, { do: 'task' }>, made: Set<string>): Promise<void> {
  const { crm, lease, transcript, context } = job;
  const isNew = made.has((lease.link().record as LinkedRecord).id);
  const record = await standingRecord(job, isNew);
  if (!record) return;
  const { kind, id, ours } = record;
  const wanted = taskOf(transcript, task, context);
  const at = { number: task.number, record: { kind, id } };
  await save(job, withTask(lease.link(), { ...at, state: 'writing' }));
  const [found] = isNew && ours ? [] : await crm.findTasks(record, wanted.marker);
  try {
    const made = found ?? (await crm.createTask(record, wanted));
    await saveAfterCall(job, withTask(lease.link(), { ...at, state: 'done', id: made }));
  } catch (error) {
    if (error instanceof CrmError && error.outcomeUnknown) await job.raiseDoubt();
    throw error;
  }
}

async function point(job: Job, pointer: Pointer): Promise<void> {
  const { crm, lease, transcript, context } = job;
  const marker = pointerMarker(transcript.conversation);
  await save(job, lease.link());
  const text = pointerNote(transcript, crm.openUrl(pointer.to) ?? `${pointer.to.kind} ${pointer.to.id}`, context);
  const note = await upsert(job, pointer.at, { id: await adopt(crm, pointer.at, marker), text, marker });
  const others = lease.link().pointers.filter((other) => !sameRecord(other.at, pointer.at));
  await saveAfterCall(job, { ...lease.link(), pointers: [...others, { ...pointer, state: 'done', note }] });
}

/** A new note whose outcome is unknown may appear later, beside the one written instead. An edit may be repeated as often as one likes. */
async function upsert(
  job: Job,
  record: RecordRef,
  note: { id?: string | undefined; text: string; marker: string },
): Promise<string> {
  try {
    return await job.crm.upsertNote(record, note);
  } catch (error) {
    if (note.id === undefined && error instanceof CrmError && error.outcomeUnknown) await job.raiseDoubt();
    throw error;
  }
}

/** Overtaken while the call was under way: whoever took over may have written the same note. */
export async function saveAfterCall(job: Job, link: Link): Promise<void> {
  try {
    await save(job, link);
  } catch (error) {
    if (error instanceof LeaseLostError) await job.raiseDoubt();
    throw error;
  }
}

/** The note with this marker, if the record has one: ours by the link, else the oldest. */
async function adopt(crm: Crm, record: RecordRef, marker: string, known?: string): Promise<string | undefined> {
  const marked = withMarker(await crm.listNotes(record), marker);
  return (marked.find(({ id }) => id === known) ?? marked[0])?.id;
}

export const withMarker = (notes: readonly Note[], marker: string): Note[] =>
  notes.filter(({ text }) => text.trimEnd().split('\n').at(-1)?.trim() === marker);

function movedTo(link: Link, to: RecordRef): Link {
  const { kind, id } = to;
  return moveTo(link, { kind, id, ours: false, told: link.record?.told ?? '', anonymous: false });
}

const withoutPointers = (link: Link, gone: RecordRef): Link => ({
  ...link,
  pointers: link.pointers.filter(({ at, state }) => state === 'done' || !sameRecord(at, gone)),
});

function recordOf(action: Action, link: Link): RecordRef | undefined {
  if (action.do === 'write') return action.part.record;
  if (action.do === 'point') return action.pointer.at;
  return link.record;
}

/** Notes of this conversation that stand more than once are removed but for one. */
export async function removeDoubles(job: Job): Promise<void> {
  const { crm, lease, transcript } = job;
  for (const record of recordsOf(lease.link().parts)) {
    const notes = await crm.listNotes(record).catch((error: unknown) => {
      if (isCrmFault(error, 'record-gone')) return [];
      throw error;
    });
    for (const part of lease.link().parts.filter((one) => sameRecord(one.record, record))) {
      const marked = withMarker(notes, partMarker(transcript.conversation, part.part));
      const kept = marked.find(({ id }) => id === part.note) ?? marked[0];
      if (!kept) continue;
      // Saved before the first is removed: a replica that was overtaken here must not remove what the other one kept.
      await save(job, withPart(lease.link(), { ...part, note: kept.id }));
      for (const { id } of marked) if (id !== kept.id) await crm.removeNote(record, id);
    }
  }
  await removeDoubleTasks(job);
  await removeDoubleDeals(job);
  await removeEmptyLeads(job);
}

/** Tasks of this conversation that were made more than once, as far as the CRM holds tasks. */
async function removeDoubleTasks(job: Job): Promise<void> {
  const { crm, lease, transcript } = job;
  for (const task of lease.link().tasks ?? []) {
    const ids = await crm.findTasks(task.record, taskMarker(transcript.conversation, task.number));
    const kept = ids.find((id) => id === task.id) ?? ids[0];
    if (kept === undefined) continue;
    await save(job, withTask(lease.link(), { ...task, state: 'done', id: kept }));
    for (const id of ids) if (id !== kept) await crm.removeTask(task.record, id);
  }
}

/** A lead whose making came late stands empty beside the one that was made instead. Nothing else is ever removed: no lead with a note, none that a link names. */
async function removeEmptyLeads(job: Job): Promise<void> {
  const { crm, lease, transcript } = job;
  const { record } = lease.link();
  if (!crm.ownLeads || !record) return;
  for (const lead of await crm.ownLeads.list(transcript.visitor)) {
    if (sameRecord(lead, record) || (await job.isLinked(lead))) continue;
    if ((await crm.listNotes(lead)).length > 0) continue;
    // Proves that nobody took over, who may be about to write there.
    await save(job, lease.link());
    await crm.ownLeads.remove(lead);
  }
}

const recordsOf = (parts: readonly LinkPart[]): RecordRef[] =>
  parts
    .map(({ record }) => record)
    .filter((record, index, all) => all.findIndex((other) => sameRecord(other, record)) === index);
