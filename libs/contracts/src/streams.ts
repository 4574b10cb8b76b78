// The JetStream streams, their subjects and limits, and the durable consumers on them. `provision` makes them from this table; nobody else may.

const GiB = 1024 ** 3;
const DAY = 24 * 3600 * 1000;

export interface StreamLine {
  subjects: readonly string[];
  /** Age in milliseconds after which a message goes; 0 = never. */
  maxAge: number;
  /** −1: no limit of its own (a stream with schedules cannot refuse when full, and may not drop). */
  maxBytes: number;
  /** `new` refuses the append when full (nothing is dropped silently); `old` drops the oldest. */
  discard: 'new' | 'old';
  allowRollup?: boolean;
  allowSchedules?: boolean;
  /** A message may carry an end of its own. */
  allowExpiry?: boolean;
  says: string;
}

export const streams = {
  CONVERSATION: {
    subjects: ['conversation.*.*'],
    maxAge: 0,
    maxBytes: 8 * GiB,
    discard: 'new',
    says: 'Every conversation, event by event; kept until erased.',
  },
  DESK: {
    subjects: ['desk.*'],
    maxAge: 0,
    maxBytes: GiB,
    discard: 'new',
    allowRollup: true,
    says: 'Queue, agents and assignments of each site; rolled up to snapshots.',
  },
  TRACKING: {
    subjects: ['tracking.*.*'],
    maxAge: 7 * DAY,
    maxBytes: 2 * GiB,
    discard: 'old',
    says: 'Page views on their way to the visitor’s card.',
  },
  CRM: {
    subjects: ['crm.*.*'],
    maxAge: 90 * DAY,
    maxBytes: GiB,
    discard: 'old',
    says: 'What was written to the CRM; reports only, the link records are the truth.',
  },
  MAIL: {
    subjects: ['mail.*.*'],
    maxAge: 90 * DAY,
    maxBytes: GiB,
    discard: 'old',
    says: 'What was mailed; reports only, the mail journal is the truth.',
  },
  TIMERS: {
    subjects: ['timer.set.*.*.*', 'timer.due.*.*.*', 'timer.cancel.*.*.*'],
    maxAge: 0,
    maxBytes: -1,
    discard: 'old',
    allowSchedules: true,
    says: 'Durable timers; a due message is a hint, never a fact.',
  },
  DEAD_LETTERS: {
    subjects: ['parked.*.*.*'],
    maxAge: 0,
    maxBytes: GiB,
    discard: 'new',
    allowRollup: true,
    allowExpiry: true,
    says: 'Records that a handler could not digest, until an operator decides.',
  },
} as const satisfies Record<string, StreamLine>;

export type StreamName = keyof typeof streams;

export interface ConsumerLine {
  stream: StreamName;
  filter?: string;
  service: string;
  /** Messages in hand at once, per replica. */
  inHand: number;
  says: string;
}

/** Durable pull consumers with explicit acks. The name is the listener of the catalogue, or `<service>-timers`. */
export const consumers = {
  'conversation-views': {
    stream: 'CONVERSATION',
    service: 'conversation',
    inHand: 500,
    says: 'transcripts and inbox in MongoDB',
  },
  'conversation-routing': {
    stream: 'CONVERSATION',
    service: 'conversation',
    inHand: 100,
    says: 'new and closed dialogues go to the desk',
  },
  'conversation-assignment': {
    stream: 'DESK',
    service: 'conversation',
    inHand: 100,
    says: 'what the desk assigned is written into the conversation',
  },
  'conversation-timers': {
    stream: 'TIMERS',
    filter: 'timer.due.conversation.*.*',
    service: 'conversation',
    inHand: 20,
    says: 'looks whether a visitor still waits for an answer',
  },
  'visitor-tracking': { stream: 'TRACKING', service: 'visitor-tracking', inHand: 500, says: 'the visitor’s card' },
  'crm-sync': {
    stream: 'CONVERSATION',
    service: 'crm-sync',
    inHand: 200,
    says: 'marks conversations whose CRM record is behind',
  },
  'crm-sync-timers': {
    stream: 'TIMERS',
    filter: 'timer.due.crm-sync.*.*',
    service: 'crm-sync',
    inHand: 20,
    says: 'runs the reconciliation',
  },
  'email-fallback': {
    stream: 'CONVERSATION',
    service: 'email-fallback',
    inHand: 100,
    says: 'answers that may have to go by mail',
  },
  'email-fallback-timers': {
    stream: 'TIMERS',
    filter: 'timer.due.email-fallback.*.*',
    service: 'email-fallback',
    inHand: 20,
    says: 'mails the unseen answers',
  },
} as const satisfies Record<string, ConsumerLine>;

export type ConsumerName = keyof typeof consumers;

export interface BucketLine {
  owner: string;
  readBy: 'all' | readonly string[];
  history: number;
  /** Keys may expire by themselves; whoever watches sees it. */
  expires: boolean;
  says: string;
}

export const buckets = {
  settings: {
    owner: 'conversation',
    readBy: 'all',
    history: 5,
    expires: false,
    says: 'Sites and agents, as every service may read them; master copy in the conversation service’s MongoDB.',
  },
  presence: {
    owner: 'gateway',
    readBy: ['conversation'],
    history: 1,
    expires: true,
    says: 'A lease for each socket of an agent, renewed by the gateway that holds it: `agent.<site>.<agent>.<socket>`.',
  },
} as const satisfies Record<string, BucketLine>;
