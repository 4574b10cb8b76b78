// One mail of a conversation, as the journal keeps it. Its states go one way:
//
//   prepared ──► handing-over ──► sent
//      ▲              ├─────────► failed        the server refused it for good
//      └── not now ───┤
//                     └─────────► unconfirmed   the server’s answer never came; never handed over again
export type MailState = 'prepared' | 'handing-over' | 'sent' | 'failed' | 'unconfirmed';

export interface MailRecord {
  /** `<conversation>:<ordinal>`: no two mails can be the n-th of a conversation. */
  _id: string;
  site: string;
  conversation: string;
  /** 1 for the first mail with answers; below 0 the dialogue that was asked for by the event with that number. */
  ordinal: number;
  /** Numbers of the answers in it; `upTo` is the last of them. */
  answers: number[];
  upTo: number;
  to: string;
  messageId: string;
  state: MailState;
  preparedAt: number;
  /** Times the server said “not now” to this mail; an unreachable server is no attempt. */
  attempts: number;
  notBefore?: number;
  /** On the machine’s clock, since it is a lease. */
  handedOverAt?: number;
  /** Names the one try that may hand the mail over. */
  claim?: string;
  settledAt?: number;
  /** What became of it, for a person. */
  words?: string;
  /** The MAIL stream tells of the outcome. */
  reported: boolean;
}

/** Mails the visitor has, or may have: a later one answers to them. */
export const mayHaveArrived = ({ state }: MailRecord): boolean => state === 'sent' || state === 'unconfirmed';
export const isSettled = ({ state }: MailRecord): boolean => state !== 'prepared' && state !== 'handing-over';
