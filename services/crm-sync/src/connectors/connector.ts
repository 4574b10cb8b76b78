// What a CRM has to be able to do for us. One connector is one file; contract.ts says in tests what each of them must keep.
import type { Contact, CrmFacts } from '@continuo/contracts';
import type { Outbound } from '@continuo/runtime';
import type { ZodType } from 'zod';
import type { Candidate } from '../domain/choice.ts';
import type { RecordRef } from '../domain/link.ts';
import type { Task } from '../domain/tasks.ts';
import type { Which } from '../domain/which.ts';
import type { Deliveries } from './push/deliveries.ts';

export type { Candidate, Task };

export interface Connector {
  describe: Description;
  /** Why nothing can be done with it at all, in words: the mapping that it would be made of has faults, or is not there. Then `open` throws. */
  refused?: string;
  /** Makes the calls of one connection. The signal ends a call that is under way. */
  open(connection: ConnectionDetails, signal?: AbortSignal): Crm;
}
export interface Description {
  /** As in `save-crm-connection`: lower case. */
  id: string;
  name: string;
  /** What an administrator fills in; becomes the settings form. */
  credentials: ZodType<Record<string, string | undefined>>;
  /** Largest note, in UTF-16 units: the most cautious reading of "characters". */
  noteLimit: number;
  /** It has a place for facts: they are told anew when a dialogue has ended. */
  takesFacts?: boolean;
  /** What is sent twice counts once there: nobody waits to see what became of a lost answer. */
  idempotent?: boolean;
  /** A field that a site fills can be made there by `makeField`. */
  makesFields?: boolean;
  /** How its address may begin; https and http when left out. */
  schemes?: readonly string[];
}
/** How many requests a CRM takes: on average, and at once after a rest. */
export interface Rate {
  perSecond: number;
  burst: number;
}
export interface PacedOutbound extends Outbound {
  /** Resolves when one more request may be sent; all replicas draw from one bucket. @throws {CrmError} when the connection has been stopped */
  pace?(rate?: Rate): Promise<void>;
  /** A call was answered as it should be; `wrote` when it was to change something. */
  worked?(wrote: boolean): Promise<void>;
}
export interface ConnectionDetails {
  baseUrl: string;
  credentials: Record<string, string>;
  /** Every call goes through it: an administrator typed the address, and the CRM allows only so many. */
  outbound: PacedOutbound;
  /** For a connector that pushes and cannot look at what arrived: whose messages they are, and the log that numbers them. */
  push?: Which & { deliveries: Deliveries };
}

export interface Lead {
  contact: Contact;
  /** Finds our lead again when it names nobody: the same visitor always has the same key. */
  visitorKey: string;
  title: string;
  description: string;
  /** What it is called while nobody knows the visitor's name. */
  unnamed: string;
  /** The dialogue it is written for, under which a delivery log lists it. */
  conversation?: string;
  /** What is known besides: for a CRM that has places of its own for it. People find it in description and transcript, too. */
  facts?: CrmFacts;
  /** What the site wants in which field: the CRM's own name of the field → its content. The administrator chose the names, so one that the CRM lacks is `invalid`. */
  fields?: Record<string, string>;
}
export interface FoundRecord extends RecordRef {
  /** Made by us for this visitor, by its key; else it is the company's own. */
  ours: boolean;
  anonymous: boolean;
}
/** Several people fit equally well, and nobody guesses. */
export interface Several {
  candidates: Candidate[];
}
export type Found = FoundRecord | Several;
export const isSeveral = (found: Found | undefined): found is Several => found !== undefined && 'candidates' in found;
export const onlyOne = (found: Found | undefined): FoundRecord | undefined => (isSeveral(found) ? undefined : found);

/** What a dialogue became in the company's pipeline. */
export interface Deal {
  conversation: string;
  /** One line, without the marker. */
  title: string;
  /** The marker is its last line. */
  text: string;
  /** Finds the deal again; where the CRM cannot search the text it stands in the title as well. */
  marker: string;
}
export interface Note {
  id: string;
  text: string;
  /** Milliseconds since 1970; orders notes that a CRM lists in any order. */
  at: number;
}

export interface Crm {
  /** Reads something harmless. @throws {CrmError} with words that say what an administrator must mend */
  check(): Promise<void>;
  /** Whether what the company tells back is read; without it nothing is. @throws {CrmError} with words that say what to grant */
  checkReading?(): Promise<void>;
  /** Adds what leads of ours need (source, custom fields), once; safe to repeat. */
  prepare(): Promise<void>;
  /** By external id, then e-mail, then phone; several people with one phone are `Several`. Never a lead that only the visitor key names. */
  findContact(contact: Contact): Promise<Found | undefined>;
  /** Our lead of this visitor; of several the oldest. */
  findOwnLead(visitorKey: string): Promise<FoundRecord | undefined>;
  /** Makes a lead, or tells an existing one of ours what became known. @throws {CrmError} `taken` when another record owns the e-mail */
  upsertLead(lead: Lead, record?: RecordRef): Promise<RecordRef>;
  /** Leads of ours for this visitor that no list of people would miss, oldest first: for doubles of a lead whose making came late. Without it none are looked for. */
  ownLeads?: {
    list(visitorKey: string): Promise<RecordRef[]>;
    /** One that is gone already is no fault. */
    remove(record: RecordRef): Promise<void>;
  };
  /** Makes a field that a site fills and the CRM lacks: of leads, as text. One that stands is no fault. Where nobody may do that from outside it is left out. */
  makeField?(name: string): Promise<void>;
  /** Where a record lives now: itself, or what it was converted into; undefined when it is gone. */
  follow(record: RecordRef): Promise<RecordRef | undefined>;
  /** All notes, oldest first. @throws {CrmError} `record-gone` */
  listNotes(record: RecordRef): Promise<Note[]>;
  /** Writes a note, or edits it in place. The marker is in its text. @returns its id @throws {CrmError} `note-gone`, `record-gone` */
  upsertNote(record: RecordRef, note: { id?: string | undefined; text: string; marker: string }): Promise<string>;
  /** One that is gone already is no fault. */
  removeNote(record: RecordRef, id: string): Promise<void>;
  /** Ids of the tasks with this marker, oldest first, whether they are done or not. @throws {CrmError} `invalid` when it cannot hold tasks */
  findTasks(record: RecordRef, marker: string): Promise<string[]>;
  /** Makes one, and changes none: what a person makes of it is his. @returns its id @throws {CrmError} `record-gone`; `invalid` when it cannot hold tasks */
  createTask(record: RecordRef, task: Task): Promise<string>;
  /** For doubles of our own; one that is gone already is no fault. */
  removeTask(record: RecordRef, id: string): Promise<void>;
  /** For a CRM that has deals (opportunities). Without it none are made, and the journal says so when a site wants them. */
  deals?: {
    /** Ids of those with this marker, oldest first, won and lost ones too. */
    find(record: RecordRef, marker: string): Promise<string[]>;
    /** Makes one, and changes none: what sales make of it is theirs. @returns its id @throws {CrmError} `record-gone` */
    create(record: RecordRef, deal: Deal): Promise<string>;
    /** For doubles of our own; one that is gone already is no fault. */
    remove(record: RecordRef, id: string): Promise<void>;
  };
  /** Address that opens the record in the CRM's own pages, when it has any. */
  openUrl(record: RecordRef): string | undefined;
}
