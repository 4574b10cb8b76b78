// What anyone knows of one conversation: the shape that widget, console, MongoDB view, CRM note and mail share.
import type {
  AgentRef,
  AttachedFile,
  Author,
  Card,
  Contact,
  DataOf,
  Page,
  PressedButton,
  ResumedFrom,
  Survey,
} from '@continuo/contracts';

export type ConversationStatus = 'waiting' | 'open' | 'closed';

export interface TranscriptMessage {
  kind: 'message';
  /** Number of its event; numbers of messages have gaps where other events stand. */
  number: number;
  id: string;
  /** Id of the command that sent it: the sender knows his own message by it. */
  cause: string;
  author: Author;
  /** Empty only beside files. */
  text: string;
  files?: AttachedFile[];
  card?: Card;
  /** Questions as they were when they were asked. */
  survey?: Survey;
  /** The visitor answered by this button. */
  pressed?: PressedButton;
  at: number;
  channel: 'chat' | 'mail';
  /** Left while nobody was available. */
  offline?: true;
  /** It opened the closed conversation again. */
  reopened?: { from: ResumedFrom; closedAt: number };
}
/** What stands between messages. */
export type TranscriptMark =
  | { kind: 'assigned'; number: number; at: number; agent: AgentRef }
  | { kind: 'released'; number: number; at: number; agent: AgentRef; why: string }
  | { kind: 'closed'; number: number; at: number; by: Author; reason: string }
  | { kind: 'identified'; number: number; at: number; contact: Contact }
  | { kind: 'callback-requested'; number: number; at: number; data: DataOf<'callback-requested'> }
  | { kind: 'conversation-missed'; number: number; at: number; data: DataOf<'conversation-missed'> }
  | { kind: 'transcript-requested'; number: number; at: number; data: DataOf<'transcript-requested'> }
  | { kind: 'survey-answered'; number: number; at: number; data: DataOf<'survey-answered'> }
  | { kind: 'task-done'; number: number; at: number; data: DataOf<'task-done'> }
  | ({ kind: 'rated'; by: Author } & Rating);
export type TranscriptItem = TranscriptMessage | TranscriptMark;

/** How well the visitor says he was helped: 1 to 5, and 5 is best. */
export interface Rating {
  number: number;
  at: number;
  score: number;
  comment?: string;
}

/** Everything but the items: small whatever the length of the dialogue. */
export interface TranscriptHead {
  conversation: string;
  site: string;
  /** Of the last event folded. */
  number: number;
  status: ConversationStatus;
  visitor: string;
  contact: Contact;
  language: string;
  page?: Page;
  agent?: AgentRef;
  slot?: string;
  /** Everybody who wrote, by id. */
  participants: Record<string, Author>;
  startedAt: number;
  updatedAt: number;
  closedAt?: number;
  /** Since when a visitor's message has no answer. */
  waitingSince?: number;
  unanswered: number;
  /** Number up to which either side has seen everything. */
  read: { visitor: number; agent: number };
  /** Number of the last message of either side. */
  lastOf: { visitor: number; agent: number };
  messageCount: number;
  /** The last one. */
  rating?: Rating;
  last?: { number: number; author: 'visitor' | 'agent' | 'system'; text: string; at: number };
}
export interface Transcript extends TranscriptHead {
  items: TranscriptItem[];
}
