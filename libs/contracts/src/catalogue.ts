// THE table: every event, command, query, signal and timer of Continuo, one line each. Types of handlers, validators, subjects, broker
// permissions and docs/events.md derive from it. A name is never used again with another meaning.
import { z } from 'zod';
import { command, event, query, signal, timer } from './message.ts';
import * as c from './schemas/conversation.ts';
import * as crm from './schemas/crm.ts';
import * as mail from './schemas/mail.ts';
import * as p from './schemas/people.ts';
import * as s from './schemas/survey.ts';
import * as t from './schemas/tracking.ts';

export const events = {
  // conversation.<site>.<conversation>
  'conversation-started': event(
    'conversation',
    'CONVERSATION',
    1,
    c.conversationStarted,
    ['gateway', 'conversation-views', 'conversation-routing', 'crm-sync', 'email-fallback'],
    'A visitor wrote his first message; it is number 1.',
  ),
  'message-sent': event(
    'conversation',
    'CONVERSATION',
    1,
    c.messageSent,
    ['gateway', 'conversation-views', 'conversation-routing', 'crm-sync', 'email-fallback'],
    'A participant’s message has been stored and numbered; it may open a closed conversation again.',
  ),
  'offline-message-left': event(
    'conversation',
    'CONVERSATION',
    1,
    c.offlineMessageLeft,
    ['gateway', 'conversation-views', 'conversation-routing', 'crm-sync', 'email-fallback'],
    'With nobody available, a visitor left a message and his e-mail.',
  ),
  'messages-read': event(
    'conversation',
    'CONVERSATION',
    1,
    c.messagesRead,
    ['gateway', 'conversation-views', 'email-fallback'],
    'A participant has seen everything up to a number.',
  ),
  'agent-assigned': event(
    'conversation',
    'CONVERSATION',
    1,
    c.agentAssigned,
    ['gateway', 'conversation-views', 'crm-sync'],
    'The desk gave the dialogue to an agent.',
  ),
  'agent-released': event(
    'conversation',
    'CONVERSATION',
    1,
    c.agentReleased,
    ['gateway', 'conversation-views'],
    'The agent no longer has the dialogue.',
  ),
  'contact-identified': event(
    'conversation',
    'CONVERSATION',
    1,
    c.contactIdentified,
    ['gateway', 'conversation-views', 'crm-sync', 'email-fallback'],
    'It became known who the visitor is.',
  ),
  'conversation-closed': event(
    'conversation',
    'CONVERSATION',
    1,
    c.conversationClosed,
    ['gateway', 'conversation-views', 'conversation-routing', 'crm-sync'],
    'The dialogue ended; whoever writes opens it again.',
  ),
  'callback-requested': event(
    'conversation',
    'CONVERSATION',
    1,
    c.callbackRequested,
    ['gateway', 'conversation-views', 'conversation-routing', 'crm-sync'],
    'A visitor wants to be called.',
  ),
  'conversation-missed': event(
    'conversation',
    'CONVERSATION',
    1,
    c.conversationMissed,
    ['gateway', 'conversation-views', 'crm-sync'],
    'Nobody answered the visitor in time.',
  ),
  'task-done': event(
    'conversation',
    'CONVERSATION',
    1,
    c.taskDone,
    ['gateway', 'conversation-views', 'crm-sync'],
    'An employee has done what a visitor waited for, e.g. called him.',
  ),
  'rating-given': event(
    'conversation',
    'CONVERSATION',
    1,
    c.ratingGiven,
    ['gateway', 'conversation-views', 'crm-sync'],
    'The visitor said how well he was helped; the last word counts.',
  ),
  'survey-answered': event(
    'conversation',
    'CONVERSATION',
    1,
    c.surveyAnswered,
    ['gateway', 'conversation-views', 'crm-sync'],
    'The visitor answered the questions on a message, all or some of them; once.',
  ),
  'transcript-requested': event(
    'conversation',
    'CONVERSATION',
    1,
    c.transcriptRequested,
    ['gateway', 'conversation-views', 'crm-sync', 'email-fallback'],
    'The visitor wants the dialogue so far by mail.',
  ),

  // desk.<site>
  'dialogue-queued': event(
    'conversation',
    'DESK',
    1,
    c.dialogueQueued,
    ['gateway', 'conversation-assignment'],
    'A dialogue wants an agent; if one is free he has it at once.',
  ),
  'dialogue-taken': event(
    'conversation',
    'DESK',
    1,
    c.dialogueTaken,
    ['gateway', 'conversation-assignment'],
    'An agent took a dialogue himself or was given it by a person.',
  ),
  'slot-freed': event(
    'conversation',
    'DESK',
    1,
    c.slotFreed,
    ['gateway', 'conversation-assignment'],
    'A dialogue left the desk; the longest waiting one may take its place.',
  ),
  'agent-state-changed': event(
    'conversation',
    'DESK',
    1,
    c.agentStateChanged,
    ['gateway', 'conversation-assignment'],
    'An agent came, left or changed his availability.',
  ),
  'desk-snapshot': event(
    'conversation',
    'DESK',
    1,
    c.deskSnapshot,
    ['gateway', 'conversation-assignment'],
    'The whole desk, in place of all events before.',
  ),

  // tracking.<site>.<visitor>
  'page-viewed': event(
    'gateway',
    'TRACKING',
    1,
    t.pageViewed,
    ['gateway', 'visitor-tracking'],
    'A visitor opened a page.',
  ),
  'fact-reported': event(
    'gateway',
    'TRACKING',
    1,
    t.factReported,
    ['gateway', 'visitor-tracking'],
    'The site’s page told something of its visitor: an event, a goal, his cart, or who he is proved to be.',
  ),

  // crm.<site>.<conversation>
  'crm-record-written': event(
    'crm-sync',
    'CRM',
    1,
    crm.crmRecordWritten,
    ['gateway'],
    'The CRM holds the transcript up to a number.',
  ),
  'crm-write-failed': event(
    'crm-sync',
    'CRM',
    1,
    crm.crmWriteFailed,
    ['gateway'],
    'The CRM did not take it; it is tried again.',
  ),
  // crm.<site>.<site>
  'crm-connection-changed': event(
    'crm-sync',
    'CRM',
    1,
    crm.crmConnectionState,
    ['gateway'],
    'The connection to the CRM works, waits, was stopped or paused; or a re-sync went on.',
  ),

  // mail.<site>.<conversation>
  'mail-sent': event(
    'email-fallback',
    'MAIL',
    1,
    mail.mailSent,
    ['gateway'],
    'Unseen answers, or the dialogue that was asked for, went out by mail.',
  ),
  'mail-failed': event(
    'email-fallback',
    'MAIL',
    1,
    mail.mailFailed,
    ['gateway'],
    'The mail server refused the mail for good.',
  ),
} as const;

const accepted = z.strictObject({ conversation: p.id, number: z.int().nonnegative(), seq: z.int().nonnegative() });
const nothing = z.strictObject({});
const inConversation = { conversation: p.id };
const typedPhone = z.string().max(40).describe('as it was typed; it is checked and stored as E.164');
const country = z
  .string()
  .regex(/^[A-Z]{2}$/)
  .optional()
  .describe('where a number without + is meant to be, ISO 3166');

export const commands = {
  'start-conversation': command(
    'conversation',
    z.strictObject({
      text: c.conversationStarted.shape.text,
      files: c.conversationStarted.shape.files,
      language: p.language,
      page: p.page.optional(),
      name: p.contact.shape.name,
    }),
    accepted,
    ['too-long', 'file-unknown'],
    ['gateway'],
    'Begins a conversation with its first message; its id follows from site, visitor and command id.',
  ),
  'leave-offline-message': command(
    'conversation',
    z.strictObject({
      conversation: p.id.optional(),
      text: c.offlineMessageLeft.shape.text,
      email: z.string().max(254),
      phone: typedPhone.optional(),
      country,
      language: p.language,
      page: p.page.optional(),
    }),
    accepted,
    ['invalid-email', 'agent-available', 'conversation-unknown'],
    ['gateway'],
    'Leaves a message while nobody is available. A phone that cannot be called is left out: the words matter more.',
  ),
  'request-callback': command(
    'conversation',
    z.strictObject({
      conversation: p.id.optional(),
      phone: typedPhone,
      country,
      window: c.callbackWindow.optional().describe('when to call; without it as soon as somebody can'),
      topic: z.string().max(500).optional(),
      language: p.language,
      page: p.page.optional(),
    }),
    accepted,
    ['invalid-phone', 'outside-hours', 'not-offered', 'conversation-unknown'],
    ['gateway'],
    'Asks to be called; without a conversation it begins one.',
  ),
  'finish-task': command(
    'conversation',
    z.strictObject({ ...inConversation, task: z.int().positive().describe('number of the event that it comes from') }),
    accepted,
    ['conversation-unknown', 'task-unknown'],
    ['gateway'],
    'An employee says that he has done what the visitor waited for.',
  ),
  'send-message': command(
    'conversation',
    z.strictObject({
      ...inConversation,
      text: c.messageSent.shape.text,
      files: c.messageSent.shape.files,
      card: c.messageSent.shape.card,
      survey: s.survey.shape.id.optional().describe('of an employee: one of his site’s surveys, by its id'),
      pressed: c.messageSent.shape.pressed,
      from: c.resumedFrom.optional(),
    }),
    accepted,
    [
      'conversation-unknown',
      'not-a-participant',
      'agent-at-capacity',
      'file-unknown',
      'button-unknown',
      'survey-unknown',
    ],
    ['gateway', 'email-fallback'],
    'Adds a message, from an employee also with a card or a survey, from the visitor also by a button of one; on a closed conversation it opens it again.',
  ),
  'mark-read': command(
    'conversation',
    z.strictObject({ ...inConversation, upTo: z.int().positive() }),
    accepted,
    ['conversation-unknown', 'not-a-participant'],
    ['gateway'],
    'Says that everything up to a number has been seen.',
  ),
  take: command(
    'conversation',
    z.strictObject({ ...inConversation }),
    accepted,
    ['conversation-unknown', 'agent-at-capacity', 'already-taken', 'conversation-closed'],
    ['gateway'],
    'An agent takes a waiting dialogue, within his capacity.',
  ),
  assign: command(
    'conversation',
    z.strictObject({ ...inConversation, agent: p.id }),
    accepted,
    ['conversation-unknown', 'agent-unknown', 'agent-at-capacity', 'conversation-closed'],
    ['gateway'],
    'A supervisor gives a dialogue to an agent.',
  ),
  close: command(
    'conversation',
    z.strictObject({ ...inConversation, reason: c.closeReason }),
    accepted,
    ['conversation-unknown', 'not-a-participant'],
    ['gateway'],
    'Ends the dialogue.',
  ),
  rate: command(
    'conversation',
    z.strictObject({ ...inConversation, score: c.score, comment: z.string().max(1000).optional() }),
    accepted,
    ['conversation-unknown', 'not-a-participant', 'not-answered'],
    ['gateway'],
    'The visitor says how well he was helped, from 1 to 5.',
  ),
  'answer-survey': command(
    'conversation',
    z.strictObject({
      ...inConversation,
      message: z.int().positive().describe('number of the message that has the survey'),
      answers: z
        .array(s.givenAnswer)
        .max(s.MAX_QUESTIONS)
        .describe('without what he left out; none: he does not want to'),
    }),
    accepted,
    ['conversation-unknown', 'not-a-participant', 'survey-unknown', 'already-answered'],
    ['gateway'],
    'The visitor answers the questions on a message, once, also after the end of the dialogue.',
  ),
  'request-transcript': command(
    'conversation',
    z.strictObject({ ...inConversation, email: z.string().max(254) }),
    accepted,
    ['conversation-unknown', 'not-a-participant', 'not-answered', 'invalid-email', 'enough-mails'],
    ['gateway'],
    'The visitor asks for the dialogue so far by mail: once somebody has answered him, and a few times a day.',
  ),
  'identify-contact': command(
    'conversation',
    z.strictObject({
      ...inConversation,
      name: z.string().max(120).optional(),
      email: z.string().max(254).optional(),
      phone: z.string().max(40).optional(),
      country,
      externalId: z.string().max(128).optional(),
    }),
    accepted,
    ['conversation-unknown', 'not-a-participant', 'invalid-email', 'invalid-phone'],
    ['gateway', 'crm-sync'],
    'Tells who the visitor is. With a country a phone that cannot be called is left out, as in a message that was left.',
  ),
  'set-availability': command(
    'conversation',
    z.strictObject({ agent: p.id, state: c.agentState }),
    nothing,
    ['agent-unknown'],
    ['gateway'],
    'An agent comes, goes or pauses.',
  ),
  'save-site': command(
    'conversation',
    z.strictObject({ settings: c.siteSettings }),
    nothing,
    [],
    ['operator'],
    'Stores the settings of a site.',
  ),
  'save-agent': command(
    'conversation',
    z.strictObject({ settings: c.agentSettings }),
    nothing,
    ['site-unknown'],
    ['operator'],
    'Stores an employee and his role.',
  ),
  'save-login': command(
    'gateway',
    z.strictObject({
      agent: p.id,
      email: p.email,
      onlyIfNone: z.boolean().optional().describe('leaves a login that stands as it is: a first password'),
      passwordHash: z.string().max(500).describe('argon2id, in PHC form'),
    }),
    nothing,
    [],
    ['operator'],
    'Stores how an employee logs in.',
  ),
  'save-crm-connection': command(
    'crm-sync',
    z.strictObject({
      connection: crm.crmConnection,
      onlyIfNone: z.literal(true).optional().describe('refused when the site has a connection with this id already'),
      keep: z
        .literal(true)
        .optional()
        .describe(
          'credentials that are not named stay as they are, as long as connector and address do; one given empty is forgotten',
        ),
    }),
    nothing,
    ['connector-unknown', 'connection-taken', 'too-many-connections'],
    ['gateway', 'operator'],
    'Stores a CRM that a site’s transcripts go to, one of several or the only one; credentials are encrypted at rest.',
  ),
  'rename-crm-connection': command(
    'crm-sync',
    z.strictObject({ connection: crm.crmConnectionId, name: crm.crmConnectionName }),
    nothing,
    ['connection-missing'],
    ['gateway', 'operator'],
    'Changes what people call a connection.',
  ),
  'remove-crm-connection': command(
    'crm-sync',
    z.strictObject({ connection: crm.crmConnectionId }),
    nothing,
    ['connection-missing'],
    ['gateway', 'operator'],
    'Takes a connection from a site and forgets its credentials; what stands in the CRM stays there.',
  ),
  'retry-crm-writes': command(
    'crm-sync',
    z.strictObject({ ...crm.oneCrm, conversation: p.id.optional() }),
    z.strictObject({ scheduled: z.int() }),
    ['conversation-unknown', 'connection-missing', 'connection-paused', ...crm.crmFailure.options],
    ['gateway', 'operator'],
    'Tries one failed or pending conversation again, or all of a connection. A connection that was stopped is tested first.',
  ),
  'choose-crm-contact': command(
    'crm-sync',
    z.strictObject({
      ...crm.oneCrm,
      ...inConversation,
      record: crm.crmRecord
        .pick({ kind: true, id: true })
        .optional()
        .describe('one of the candidates in the journal; without it a new lead'),
    }),
    nothing,
    ['conversation-unknown', 'nothing-to-choose', 'choice-unknown'],
    ['gateway', 'operator'],
    'Says to whom a dialogue belongs when several people in the CRM fit; it is written there.',
  ),
  'test-crm': command(
    'crm-sync',
    z.strictObject(crm.oneCrm),
    nothing,
    ['connection-missing', 'contacts-unread', ...crm.crmFailure.options],
    ['gateway', 'operator'],
    'Tries a connection of a site once; when it works, everything that waits goes.',
  ),
  'pause-crm': command(
    'crm-sync',
    z.strictObject(crm.oneCrm),
    nothing,
    ['connection-missing'],
    ['gateway', 'operator'],
    'Leaves one CRM of a site alone until somebody resumes; what is said meanwhile waits.',
  ),
  'resume-crm': command(
    'crm-sync',
    z.strictObject(crm.oneCrm),
    z.strictObject({ scheduled: z.int() }),
    ['connection-missing'],
    ['gateway', 'operator'],
    'Goes on where a pause began.',
  ),
  'make-crm-field': command(
    'crm-sync',
    z.strictObject({ ...crm.oneCrm, ...inConversation }),
    nothing,
    ['nothing-lacking', 'connection-missing', 'connection-paused', 'not-made-from-here', ...crm.crmFailure.options],
    ['gateway', 'operator'],
    'Makes the field in the CRM that the site fills and that the journal says is lacking; whoever waits for it goes on.',
  ),
  'resync-crm': command(
    'crm-sync',
    z.strictObject({ ...crm.oneCrm, from: p.timestamp, to: p.timestamp }),
    z.strictObject({ dialogues: z.int() }),
    ['connection-missing'],
    ['gateway', 'operator'],
    'Has every dialogue of a period compared with the CRM; what is missing there is written, also what was said before it was connected.',
  ),
} as const;

export const queries = {
  transcript: query(
    'conversation',
    z.strictObject({ ...inConversation, after: z.int().nonnegative() }),
    z.strictObject({
      events: z.array(z.custom<import('./message.ts').ConversationEvent>()),
      head: z.int(),
      more: z.boolean(),
    }),
    ['conversation-unknown'],
    ['gateway'],
    'Events after a number, up to the head; at most some 500 KB at once.',
  ),
  inbox: query(
    'conversation',
    z.strictObject({ filter: c.inboxFilter, before: p.timestamp.optional(), limit: z.int().min(1).max(200) }),
    z.strictObject({ conversations: z.array(c.conversationSummary), more: z.boolean() }),
    [],
    ['gateway'],
    'A page of the inbox, latest first.',
  ),
  'visitor-conversation': query(
    'conversation',
    z.strictObject({ visitor: p.id }),
    z.strictObject({ conversation: p.id.optional(), number: z.int().nonnegative() }),
    [],
    ['gateway'],
    'The latest conversation of a visitor.',
  ),
  desk: query(
    'conversation',
    nothing,
    c.deskSummary,
    [],
    ['gateway'],
    'Availability, queue length and load of a site.',
  ),
  'visitor-card': query(
    'visitor-tracking',
    z.strictObject({ visitor: p.id }),
    t.visitorCard,
    [],
    ['gateway', 'crm-sync'],
    'Pages, referrer and visits of a visitor, and what the site’s pages told of him.',
  ),
  'crm-journal': query(
    'crm-sync',
    z.strictObject({
      ...crm.oneCrm,
      state: z.enum(['all', 'pushed', 'pending', 'failed']),
      before: p.timestamp.optional(),
      limit: z.int().min(1).max(200),
    }),
    z.strictObject({
      connector: z.string().optional(),
      rows: z.array(crm.journalRow),
      counts: z.strictObject({ pushed: z.int(), pending: z.int(), failed: z.int() }),
      more: z.boolean(),
    }),
    ['connection-missing'],
    ['gateway'],
    'What was pushed to the CRM, what waits, what failed and why.',
  ),
  'crm-connections': query(
    'crm-sync',
    nothing,
    z.strictObject({ connections: z.array(crm.crmConnectionLine) }),
    [],
    ['gateway', 'operator'],
    'All connections of a site in a line each; what is said of a dialogue elsewhere is about the first.',
  ),
  'crm-connectors': query(
    'crm-sync',
    z.strictObject(crm.oneCrm),
    z.strictObject({
      connectors: z.array(crm.crmConnector),
      baseUrl: z
        .string()
        .optional()
        .describe('address of the connection that was named, for whoever may change it: an address may hold a secret'),
      stored: z.array(z.string()).optional().describe('names of the credentials that are stored for it, for the same'),
    }),
    [],
    ['gateway', 'operator'],
    'Which CRMs can be connected, and what each wants to be told.',
  ),
  'crm-connection': query(
    'crm-sync',
    z.strictObject(crm.oneCrm),
    z.strictObject({ connection: crm.crmConnectionState.optional(), figures: crm.crmFigures }),
    ['connection-missing'],
    ['gateway', 'operator'],
    'How a connection to a CRM stands, and how far it is behind.',
  ),
  'crm-link': query(
    'crm-sync',
    z.strictObject({ ...crm.oneCrm, ...inConversation }),
    z.strictObject({ row: crm.journalRow.optional() }),
    ['connection-missing'],
    ['gateway'],
    'What the CRM record of a conversation is.',
  ),
  'crm-deliveries': query(
    'crm-sync',
    z.strictObject({ ...crm.oneCrm, ...inConversation }),
    z.strictObject({ deliveries: z.array(crm.crmDelivery) }),
    ['connection-missing'],
    ['gateway'],
    'What was sent of a conversation by a connector that pushes, and what came of each attempt.',
  ),
  'crm-holds': query(
    'crm-sync',
    z.strictObject({ ...crm.oneCrm, ...inConversation }),
    z.strictObject({
      record: crm.crmRecord.optional(),
      notes: z.array(z.strictObject({ id: z.string(), part: z.int(), text: z.string() })),
    }),
    ['connection-missing', 'crm-unreachable', 'record-gone'],
    ['gateway'],
    'What the CRM holds of a conversation right now, read from it.',
  ),
} as const;

export const signals = {
  typing: signal(
    z.strictObject({
      by: p.author,
      text: z
        .string()
        .max(c.MAX_TEXT)
        .optional()
        .describe('the visitor’s text so far; reaches agents only, never stored'),
    }),
    'Somebody is typing.',
  ),
  delivered: signal(
    z.strictObject({ to: z.enum(['visitor', 'agent']), upTo: z.int().positive() }),
    'A screen shows everything up to a number.',
  ),
  'conversation-begun': signal(
    z.strictObject({ visitor: p.id }),
    'A visitor’s first message made a conversation: his other tabs show it, whichever gateway they are on.',
  ),
  'visitors-here': signal(
    z.strictObject({
      gateway: p.id,
      came: z.array(p.id).describe('visitors with a socket on this gateway; all of them are said again and again'),
      gone: z.array(p.id),
      asks: z.boolean().optional().describe('whoever holds visitors of the site, say so now'),
    }),
    'Which visitors of a site are on a gateway; the last token of its subject is the gateway.',
  ),
  'sessions-ended': signal(
    z.strictObject({}),
    'Sessions of an employee have ended: every gateway looks which of his sockets go on. The last token of its subject is the employee.',
  ),
} as const;

const oneConversation = z.strictObject({ site: p.id, conversation: p.id });
const oneConnection = { connection: crm.crmConnectionId.optional() };
export const timers = {
  'answer-overdue': timer(
    'conversation',
    oneConversation,
    'A visitor has waited for as long as his site allows: a missed chat, if nobody has answered.',
  ),
  'sync-due': timer(
    'crm-sync',
    z.strictObject({ ...oneConversation.shape, ...oneConnection }),
    'The gathering window of a conversation is over: bring the site’s CRMs up to date, or one of them.',
  ),
  'resync-due': timer(
    'crm-sync',
    z.strictObject({ site: p.id, ...oneConnection }),
    'A re-sync was asked for: have the next of its dialogues looked through.',
  ),
  'transcript-due': timer(
    'email-fallback',
    z.strictObject({ ...oneConversation.shape, number: z.int().positive().describe('of the event that asks for it') }),
    'A visitor has asked for his dialogue: mail it.',
  ),
  'unread-answer-due': timer(
    'email-fallback',
    oneConversation,
    'An answer has waited for the visitor: mail it if it is still unseen.',
  ),
} as const;
