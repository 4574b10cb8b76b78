// The one fold of a conversation. Total over its events (a new kind of event does not compile here until it is decided what it shows),
// pure, and the same in browsers, views, CRM notes and mails.
import type { AttachedFile, Author, ConversationEvent, ConversationSummary, DataOf, Stored } from '@continuo/contracts';
import type { Listed } from './tasks.ts';
import type { Rating, Transcript, TranscriptHead, TranscriptItem, TranscriptMessage } from './transcript.ts';

const SUMMARY_LENGTH = 160;

export class GapError extends Error {
  override name = 'GapError';
  readonly missing: number;
  constructor(conversation: string, missing: number, got: number) {
    super(`conversation ${conversation}: event ${got} came, ${missing} is missing`);
    this.missing = missing;
  }
}

/**
 * Folds the next event into a transcript; an event already folded changes nothing.
 * @throws {GapError} when a number is missing: load it, then apply again
 */
export function apply(transcript: Transcript | undefined, event: ConversationEvent): Transcript {
  const head = applyHead(transcript, event);
  if (head === transcript) return transcript;
  const item = itemOf(transcript, event);
  const items = transcript?.items ?? [];
  return { ...head, items: item ? [...items, item] : items };
}

/** All events of one conversation, or the rest of it after `from`. */
export function fold(events: Iterable<ConversationEvent>, from?: Transcript): Transcript | undefined {
  let transcript = from;
  for (const event of events) transcript = apply(transcript, event);
  return transcript;
}

/** As `apply`, without the items: what lists and views need, at a cost that does not grow with the dialogue. */
export function applyHead<Head extends TranscriptHead>(head: Head | undefined, event: ConversationEvent): Head {
  if (head && event.number <= head.number) return head;
  const expected = (head?.number ?? 0) + 1;
  if (event.number !== expected) throw new GapError(event.key, expected, event.number);
  return {
    ...(next(head ?? blank(event), event) as Head),
    number: event.number,
    updatedAt: event.type === 'messages-read' ? (head?.updatedAt ?? event.time) : event.time,
  };
}

function blank(event: ConversationEvent): TranscriptHead {
  return {
    conversation: event.key,
    site: event.site,
    number: 0,
    status: 'waiting',
    visitor: '',
    contact: {},
    language: 'en',
    participants: {},
    startedAt: event.time,
    updatedAt: event.time,
    unanswered: 0,
    read: { visitor: 0, agent: 0 },
    lastOf: { visitor: 0, agent: 0 },
    messageCount: 0,
  };
}

/** Both ways to be answered later; of each only its own fields are there. */
type Asking = DataOf<'offline-message-left'> & DataOf<'callback-requested'>;

function next(head: TranscriptHead, event: ConversationEvent): TranscriptHead {
  switch (event.type) {
    case 'conversation-started': {
      const { visitor, language, page, contact } = event.data;
      return said({ ...head, visitor, language, ...(page && { page }), contact: contact ?? {} }, event, event.data);
    }
    case 'message-sent':
      return said(reopened(head, event.data.reopens !== undefined), event, event.data);
    case 'offline-message-left':
    case 'callback-requested': {
      const { visitor, language, page, reopens, author, text, email, phone } = event.data as Asking;
      const base = {
        ...reopened(head, reopens !== undefined),
        visitor,
        language,
        ...(page && { page }),
        contact: { ...head.contact, ...(email && { email }), ...(phone && { phone }) },
      };
      return text ? said(base, event, { author, text }) : base;
    }
    case 'messages-read': {
      const side = event.data.by.kind === 'visitor' ? 'visitor' : 'agent';
      return { ...head, read: { ...head.read, [side]: Math.max(head.read[side], event.data.upTo) } };
    }
    case 'agent-assigned':
      return {
        ...head,
        status: head.status === 'closed' ? 'closed' : 'open',
        agent: event.data.agent,
        slot: event.data.slot,
      };
    case 'agent-released': {
      if (head.slot !== event.data.slot) return head;
      const { agent: _agent, slot: _slot, ...rest } = head;
      return { ...rest, status: head.status === 'closed' ? 'closed' : 'waiting' };
    }
    case 'contact-identified':
      return { ...head, contact: { ...head.contact, ...event.data.contact } };
    case 'rating-given':
      return { ...head, rating: ratingOf(event) };
    case 'conversation-closed': {
      const { agent: _agent, slot: _slot, waitingSince: _since, ...rest } = head;
      return { ...rest, status: 'closed', closedAt: event.time, unanswered: 0 };
    }
    case 'conversation-missed':
    case 'task-done':
    case 'survey-answered':
    case 'transcript-requested':
      return head;
    default:
      return unknown(event);
  }
}

function reopened(head: TranscriptHead, reopens: boolean): TranscriptHead {
  if (!reopens) return head;
  const { closedAt: _closedAt, ...rest } = head;
  return { ...rest, status: head.agent ? 'open' : 'waiting' };
}

interface Said {
  author: Author;
  text: string;
  files?: AttachedFile[] | undefined;
}

function said(head: TranscriptHead, event: ConversationEvent, { author, text, files }: Said): TranscriptHead {
  const side = author.kind === 'visitor' ? 'visitor' : 'agent';
  const answered = author.kind === 'agent';
  const { waitingSince, ...rest } = head;
  return {
    ...rest,
    participants: { ...head.participants, [author.id]: author },
    lastOf: { ...head.lastOf, [side]: event.number },
    // Who writes has seen what stood before.
    read: { ...head.read, [side]: Math.max(head.read[side], event.number) },
    messageCount: head.messageCount + 1,
    unanswered: answered ? 0 : head.unanswered + (author.kind === 'visitor' ? 1 : 0),
    ...(!answered && { waitingSince: waitingSince ?? event.time }),
    last: { number: event.number, author: author.kind, text: shortened(text || namesOf(files)), at: event.time },
  };
}

function ratingOf({ number, time, data: { score, comment } }: Stored<'rating-given'>): Rating {
  return { number, at: time, score, ...(comment !== undefined && { comment }) };
}

function itemOf(before: Transcript | undefined, event: ConversationEvent): TranscriptItem | undefined {
  const at = event.time;
  const number = event.number;
  switch (event.type) {
    case 'conversation-started':
    case 'message-sent':
    case 'offline-message-left': {
      const { text, files, card, survey, pressed, reopens } = event.data as Partial<DataOf<'message-sent'>> & {
        text: string;
      };
      const message: TranscriptMessage = {
        kind: 'message',
        number,
        id: event.id,
        cause: event.cause,
        author: event.data.author,
        text,
        ...(files && { files }),
        ...(card && { card }),
        ...(survey && { survey }),
        ...(pressed && { pressed }),
        at,
        channel: event.type === 'offline-message-left' ? 'chat' : event.data.channel,
        ...(event.type === 'offline-message-left' && { offline: true as const }),
        ...(reopens && { reopened: { from: reopens, closedAt: before?.closedAt ?? at } }),
      };
      return message;
    }
    case 'agent-assigned':
      return { kind: 'assigned', number, at, agent: event.data.agent };
    case 'agent-released':
      return { kind: 'released', number, at, agent: event.data.agent, why: event.data.why };
    case 'conversation-closed':
      return { kind: 'closed', number, at, by: event.data.by, reason: event.data.reason };
    case 'contact-identified':
      return { kind: 'identified', number, at, contact: event.data.contact };
    case 'callback-requested':
    case 'conversation-missed':
    case 'task-done':
    case 'survey-answered':
    case 'transcript-requested':
      return { kind: event.type, number, at, data: event.data } as TranscriptItem;
    case 'rating-given':
      return { kind: 'rated', by: event.data.by, ...ratingOf(event) };
    case 'messages-read':
      return undefined;
    default:
      return unknown(event);
  }
}

/** What a list shows of a conversation. */
export function summarise(head: Listed): ConversationSummary {
  const {
    conversation,
    number,
    status,
    visitor,
    contact,
    language,
    page,
    agent,
    startedAt,
    updatedAt,
    waitingSince,
    unanswered,
    last,
    tasks,
  } = head;
  return {
    conversation,
    number,
    status,
    visitor,
    contact,
    language,
    startedAt,
    updatedAt,
    unanswered,
    ...(page && { page }),
    ...(agent && { agent }),
    ...(waitingSince !== undefined && { waitingSince }),
    ...(last && { last }),
    ...(tasks && { tasks }),
  };
}

export const messagesOf = (transcript: Transcript): TranscriptMessage[] =>
  transcript.items.filter((item) => item.kind === 'message');

/** What a message of files alone is called where there is room for words only. */
export const namesOf = (files: readonly AttachedFile[] = []): string => files.map(({ name }) => name).join(', ');

const shortened = (text: string): string =>
  text.length <= SUMMARY_LENGTH ? text : `${[...text.slice(0, SUMMARY_LENGTH)].slice(0, -1).join('')}…`;

function unknown(event: never): never {
  throw new TypeError(`no fold for the event ${(event as { type: string }).type}`);
}
