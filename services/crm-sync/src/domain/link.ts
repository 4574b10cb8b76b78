// The link record: what the CRM is known to hold of one conversation. It is the truth of this service; it is written before and after each call.
import { type CrmContactRefused, type CrmFailure, DEFAULT_CRM_CONNECTION, passesByItself } from '@continuo/contracts';
import type { Choice } from './choice.ts';
import type { Way } from './facts.ts';
import { BEGINNING, isBefore, type Position } from './parts.ts';
import type { HeldBack } from './rule.ts';

export interface RecordRef {
  kind: 'lead' | 'contact';
  id: string;
}
/** The record that new parts go to. */
export interface LinkedRecord extends RecordRef {
  url?: string;
  /** Only a lead that we made is ever changed by us; what the company wrote about a person is not ours to overwrite. */
  ours: boolean;
  /** What the record was last told of the person (`told`), so that news is noticed. */
  told: string;
  /** It names nobody: no e-mail, no phone, no external id. */
  anonymous: boolean;
  /** The CRM took the lead, but not what it was told of the person. */
  refused?: CrmContactRefused;
  /** What the site's own fields were last told, as one comparable string. */
  fields?: string;
}
export interface LinkPart {
  part: number;
  record: RecordRef;
  from: Position;
  /** Up to where it stands in the CRM; `from` while nothing does. */
  end: Position;
  /** A call is under way that brings it up to here. Found after a crash: nobody knows whether it arrived. */
  writing?: Position;
  note?: string;
  /** Nothing is added to it any more. */
  full: boolean;
}
/** One note on an anonymous lead that tells where the dialogue goes on. */
export interface Pointer {
  at: RecordRef;
  to: RecordRef;
  state: 'writing' | 'done';
  note?: string;
}
/** Something that a person has to do, by the number of the event that it comes from. */
export interface LinkTask {
  number: number;
  record: RecordRef;
  /** `writing`: a call is under way or its outcome is unknown. */
  state: 'writing' | 'done';
  id?: string;
}
/** What the dialogue became in the company's pipeline: one at most. */
export type LinkDeal = Omit<LinkTask, 'number'>;
export interface LinkFailure {
  failure: CrmFailure;
  words: string;
  at: number;
  attempts: number;
  retryAt?: number;
  /** The CRM's own name of a field that the site fills and the CRM lacks. */
  field?: string;
  /** The routing key that no queue is bound for. */
  unbound?: string;
  /** No key of ours opens the credentials. */
  sealed?: true;
}
export interface Link {
  site: string;
  conversation: string;
  /** Of the site's connections the one that it belongs to. */
  connectionId: string;
  /** Which CRM the record is in: another CRM begins anew. */
  connection: string;
  record?: LinkedRecord;
  parts: LinkPart[];
  pointers: Pointer[];
  tasks?: LinkTask[];
  deal?: LinkDeal;
  /** No record is made for it: why, and up to where the dialogue was looked at. */
  held?: { because: HeldBack; upTo: number };
  /** Several people of the CRM fit: who they are, and what came of it. */
  choice?: Choice;
  /** A lead is being made (machine’s time). Found after a crash or a lost answer: it may still appear. */
  making?: number;
  /** As the visitor’s card showed it while the dialogue went on. */
  way?: Way;
  writtenUpTo: number;
  wantedUpTo: number;
  /** Time of the first event that the CRM lacks; undefined when it lacks none. */
  behindSince?: number;
  /** Last number told on the CRM stream. */
  reportedUpTo: number;
  contact?: string;
  lastPushedAt?: number;
  /** Of the last push: since its first event was stored. */
  lagMs?: number;
  failure?: LinkFailure;
}

export const newLink = (
  site: string,
  conversation: string,
  connection: string,
  connectionId: string = DEFAULT_CRM_CONNECTION,
): Link => ({
  site,
  conversation,
  connectionId,
  connection,
  parts: [],
  pointers: [],
  writtenUpTo: 0,
  wantedUpTo: 0,
  reportedUpTo: 0,
});

/** `failed` is what a person must mend; what an outage holds back is pending, whatever it says of itself. */
export function linkState(link: Link): 'pushed' | 'pending' | 'failed' | 'held' {
  if (link.failure) return passesByItself(link.failure.failure) ? 'pending' : 'failed';
  if (link.held && link.held.upTo >= link.wantedUpTo) return 'held';
  return link.writtenUpTo >= link.wantedUpTo && link.wantedUpTo > 0 ? 'pushed' : 'pending';
}

/** What stands in the CRM, as one comparable string: whoever fails after it has grown is not where he was. */
export const progressOf = ({ record, parts, pointers, tasks = [], deal }: Link): string =>
  JSON.stringify([
    record && [record.kind, record.id, record.told, record.fields],
    parts.map(({ part, record: on, end, note }) => [part, on, end, note]),
    pointers.map(({ at, to, state }) => [at, to, state]),
    tasks.filter(({ state }) => state === 'done').map(({ number }) => number),
    deal?.state === 'done',
  ]);

export const withTask = (link: Link, task: LinkTask): Link => ({
  ...link,
  tasks: [...(link.tasks ?? []).filter(({ number }) => number !== task.number), task],
});

export const sameRecord = (a: RecordRef, b: RecordRef): boolean => a.kind === b.kind && a.id === b.id;

/** Where the text goes on after the parts that stand. */
export const endOfParts = (link: Link): Position => link.parts.at(-1)?.end ?? BEGINNING;

export const withPart = (link: Link, part: LinkPart): Link => ({
  ...link,
  parts: [...link.parts.filter((other) => other.part !== part.part), part].sort((a, b) => a.part - b.part),
});

/** The call came back: the part stands up to where it was being written. */
export function standing({ writing, ...part }: LinkPart): LinkPart {
  return { ...part, end: writing ?? part.end };
}

/** New parts go to another record; the last part stays where it is, as it stands. */
export function moveTo(link: Link, record: LinkedRecord): Link {
  const last = link.parts.at(-1);
  if (!last) return { ...link, record };
  const { writing: _writing, ...standing } = last;
  const earlier = link.parts.slice(0, -1);
  return {
    ...link,
    record,
    parts: isBefore(last.from, last.end) ? [...earlier, { ...standing, full: true }] : earlier,
  };
}

/** The record is gone from the CRM: what stood on it at the end of the dialogue is written again, wherever the person is found. */
export function forgetRecord(link: Link, gone: RecordRef): Link {
  const { record, ...rest } = link;
  const kept = [...link.parts];
  while (kept.length > 0 && sameRecord((kept.at(-1) as LinkPart).record, gone)) kept.pop();
  const stays = record && !sameRecord(record, gone);
  return { ...rest, ...(stays && { record }), parts: kept.map((part) => ({ ...part, full: true })), writtenUpTo: 0 };
}
