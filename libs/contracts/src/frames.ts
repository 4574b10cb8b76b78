// The socket protocol, version 1: what browsers and the gateway say to each other. docs/protocol.md explains it to a stranger.
// Frames from a browser have a schema here; frames to a browser are types only, since the gateway makes them.
import { z } from 'zod';
import type { CommandName, ConversationEvent, QueryName, Stored } from './message.ts';
import type { Availability, ConversationSummary, DeskSummary } from './schemas/conversation.ts';
import { MAX_TEXT } from './schemas/conversation.ts';
import type { AgentRef, Contact, Role } from './schemas/people.ts';
import { id, language, page } from './schemas/people.ts';
import type { Survey } from './schemas/survey.ts';
import { pageFact } from './schemas/tracking.ts';
import type { WorkingHours } from './working-hours.ts';

export const PROTOCOL_VERSION = 1;
/** Bytes of one frame from a browser; a larger one ends the socket with code 1009. */
export const MAX_FRAME_BYTES = 64 * 1024;
/** Both sides send `ping` after at most so many milliseconds of silence and give the socket up after three times that. */
export const HEARTBEAT_MS = 20_000;

const commandFrame = <const Names extends readonly [string, ...string[]]>(names: Names) =>
  z.strictObject({ t: z.literal('command'), id, name: z.enum(names), data: z.record(z.string(), z.unknown()) });
const ping = z.strictObject({ t: z.literal('ping'), n: z.int() });
const pong = z.strictObject({ t: z.literal('pong'), n: z.int() });
const typing = z.strictObject({ t: z.literal('typing'), conversation: id, text: z.string().max(MAX_TEXT).optional() });
const delivered = z.strictObject({ t: z.literal('delivered'), conversation: id, upTo: z.int().positive() });

export const VISITOR_COMMANDS = [
  'start-conversation',
  'send-message',
  'leave-offline-message',
  'request-callback',
  'mark-read',
  'identify-contact',
  'close',
  'rate',
  'answer-survey',
  'request-transcript',
] as const satisfies readonly CommandName[];
export const AGENT_COMMANDS = [
  'send-message',
  'mark-read',
  'take',
  'assign',
  'close',
  'identify-contact',
  'finish-task',
  'set-availability',
  'retry-crm-writes',
  'choose-crm-contact',
  'test-crm',
  'pause-crm',
  'resume-crm',
  'resync-crm',
  'make-crm-field',
  'save-crm-connection',
  'rename-crm-connection',
  'remove-crm-connection',
] as const satisfies readonly CommandName[];
export const AGENT_QUERIES = [
  'inbox',
  'visitor-card',
  'crm-journal',
  'crm-connections',
  'crm-connectors',
  'crm-connection',
  'crm-link',
  'crm-deliveries',
  'crm-holds',
] as const satisfies readonly QueryName[];

/** First frame of a visitor. `token` is what an earlier `welcome` gave; without one a new visitor is made. */
const visitorHello = z.strictObject({
  t: z.literal('hello'),
  v: z.literal(PROTOCOL_VERSION),
  site: id,
  token: z.string().max(500).optional(),
  language,
  /** The conversation this device shows and the last event number it has. */
  conversation: z.strictObject({ id, number: z.int().nonnegative() }).optional(),
});
export const visitorFrame = z.discriminatedUnion('t', [
  visitorHello,
  commandFrame(VISITOR_COMMANDS),
  z.strictObject({ t: z.literal('page'), page }),
  /** What the site's page tells of its visitor; the id is made before the first try, so that a repeat is one fact. */
  z.strictObject({ t: z.literal('fact'), id, fact: pageFact }),
  /** A token that the site's server signed with the site's key: who its visitor is. */
  z.strictObject({ t: z.literal('identify'), id, token: z.string().max(4000) }),
  typing,
  delivered,
  ping,
  pong,
]);

/** First frame of an agent; who he is follows from his session cookie. */
const agentHello = z.strictObject({ t: z.literal('hello'), v: z.literal(PROTOCOL_VERSION) });
export const agentFrame = z.discriminatedUnion('t', [
  agentHello,
  /** Shows a conversation and keeps it live; `number` is the last event known, 0 for all. `more` continues a long backfill. */
  z.strictObject({ t: z.literal('open'), conversation: id, number: z.int().nonnegative() }),
  z.strictObject({ t: z.literal('leave'), conversation: id }),
  commandFrame(AGENT_COMMANDS),
  z.strictObject({ t: z.literal('query'), id, name: z.enum(AGENT_QUERIES), data: z.record(z.string(), z.unknown()) }),
  typing,
  delivered,
  ping,
  pong,
]);
export type VisitorFrame = z.infer<typeof visitorFrame>;
export type AgentFrame = z.infer<typeof agentFrame>;

/** Events of a conversation as stored. For the sender of a command the event whose `cause` is the command's id *is* the acknowledgement. */
export interface EventFrame {
  t: 'event';
  event: ConversationEvent;
}
/** A command that led to no new event: a repeat, or nothing to do. `number` is the event it led to the first time (0: none). */
export interface DoneFrame {
  t: 'done';
  id: string;
  conversation?: string;
  number: number;
}
export interface RefusedFrame {
  t: 'refused';
  id: string;
  refusal: string;
  words: string;
  retryAfterMs?: number;
}
/** The backfill: events after the number asked for. `head` is the last number that exists; when `more`, the next piece follows by itself. */
export interface TranscriptFrame {
  t: 'transcript';
  conversation: string;
  events: ConversationEvent[];
  head: number;
  more: boolean;
}
export interface TypingFrame {
  t: 'typing';
  conversation: string;
  by: { kind: 'visitor' | 'agent'; id: string; name?: string | undefined; photo?: string | undefined };
  text?: string;
}
export interface DeliveredFrame {
  t: 'delivered';
  conversation: string;
  to: 'visitor' | 'agent';
  upTo: number;
}
export interface PingFrame {
  t: 'ping';
  n: number;
}
export interface PongFrame {
  t: 'pong';
  n: number;
}
/** Reconnect elsewhere after so many milliseconds (the gateway is being replaced). */
export interface MoveFrame {
  t: 'move';
  afterMs: number;
}
/** Something was wrong with a frame or the session. `fatal`: the socket closes and the client must not try the same again. */
export interface ErrorFrame {
  t: 'error';
  code: 'bad-frame' | 'too-many' | 'not-logged-in' | 'site-unknown' | 'origin-refused' | 'version' | 'unavailable';
  words: string;
  fatal: boolean;
  retryAfterMs?: number;
}
/** Whether writing leads anywhere at the moment: the message bus does not answer, or does again. */
export interface ServiceFrame {
  t: 'service';
  up: boolean;
}

export interface VisitorWelcome {
  t: 'welcome';
  visitor: string;
  /** Keep it and send it in the next `hello`. */
  token: string;
  site: {
    id: string;
    name: string;
    accent?: string;
    typingPreview: boolean;
    /** When somebody is usually there; of who is there now it says nothing. */
    hours?: WorkingHours;
    /** Visitors may ask to be called. */
    callback?: boolean;
    /** The largest file that is taken; without it none is. */
    fileBytes?: number;
  };
  availability: Availability;
  /** Faces of those who are on line, at most three. */
  agents: AgentRef[];
  /** The visitor's latest conversation, if any; its backfill follows as `transcript` frames. */
  conversation?: { id: string; head: number };
  time: number;
}
/** The site's key has proved who the visitor is. */
export interface IdentifiedFrame {
  t: 'identified';
  id: string;
  contact: Contact;
}
/** A fact is stored: it need not be told again. */
export interface NotedFrame {
  t: 'noted';
  id: string;
}
export interface AvailabilityFrame {
  t: 'availability';
  availability: Availability;
  agents: AgentRef[];
  /** While all are busy and the visitor’s dialogue waits: how many are served up to and with him, and how long that takes, where it was measured. */
  queue?: { place: number; waitMs?: number };
}
export type ToVisitor =
  | VisitorWelcome
  | EventFrame
  | DoneFrame
  | RefusedFrame
  | TranscriptFrame
  | TypingFrame
  | DeliveredFrame
  | AvailabilityFrame
  | IdentifiedFrame
  | NotedFrame
  | ServiceFrame
  | PingFrame
  | PongFrame
  | MoveFrame
  | ErrorFrame;

export interface AgentWelcome {
  t: 'welcome';
  me: {
    id: string;
    site: string;
    name: string;
    photo?: string | undefined;
    role: Role;
    email: string;
    capacity: number;
  };
  site: {
    id: string;
    name: string;
    fileBytes?: number;
    /** What visitors may be asked by. */
    surveys?: Survey[];
  };
  agents: (AgentRef & { role: Role })[];
  desk: DeskSummary;
  /** The newest conversations of the site; the rest by the query `inbox`. Every later event of the site follows live. */
  inbox: ConversationSummary[];
  time: number;
}
export interface DeskFrame {
  t: 'desk';
  desk: DeskSummary;
}
export interface AnswerFrame {
  t: 'answer';
  id: string;
  ok: boolean;
  answer?: unknown;
  refusal?: string;
  words?: string;
}
/** What crm-sync and email-fallback report about a conversation. */
export interface ReportFrame {
  t: 'report';
  event: Stored<'crm-record-written' | 'crm-write-failed' | 'crm-connection-changed' | 'mail-sent' | 'mail-failed'>;
}
/** A visitor opened a page. */
export interface PageFrame {
  t: 'page';
  event: Stored<'page-viewed'>;
}
/** A page told something of its visitor. */
export interface FactFrame {
  t: 'fact';
  event: Stored<'fact-reported'>;
}
/** Visitors of the site that have a socket: presence as this gateway's bus knows it. */
export interface PresenceFrame {
  t: 'presence';
  visitor: string;
  online: boolean;
}
export type ToAgent =
  | AgentWelcome
  | EventFrame
  | DoneFrame
  | RefusedFrame
  | TranscriptFrame
  | TypingFrame
  | DeliveredFrame
  | DeskFrame
  | AnswerFrame
  | ReportFrame
  | PageFrame
  | FactFrame
  | PresenceFrame
  | ServiceFrame
  | PingFrame
  | PongFrame
  | MoveFrame
  | ErrorFrame;
