// What the conversation service writes: conversations and the desk; and what it is asked and told.
import { z } from 'zod';
import { card, pressedButton } from './card.ts';
import { crmFieldsMapping, crmLeadRule, crmTaskKind, crmTemplates } from './crm-settings.ts';
import { files } from './files.ts';
import { agentRef, author, contact, email, id, language, page, phone, role, storedEmail, timestamp } from './people.ts';
import { MAX_QUESTIONS, survey, surveyAnswer, surveys } from './survey.ts';
import { workingHours } from './working-hours.ts';

/** Characters (UTF-16 units) of one message. Longer ones are refused as `too-long`, never cut. */
export const MAX_TEXT = 5000;
export const DEFAULT_CAPACITY = 5;
/** Whoever waits further behind is not told his place. */
export const MOST_PLACES_TOLD = 50;

const text = z.string().min(1).max(MAX_TEXT);
const textOrFiles = z.string().max(MAX_TEXT).describe('empty only where something else is said, e.g. by files');
export const resumedFrom = z.enum(['widget', 'console', 'crm-link', 'mail']);
export const closeReason = z.enum(['solved', 'left', 'idle', 'spam']);
export const slotReason = z.enum(['routed', 'taken', 'assigned', 'resumed', 'gone', 'closed']);

// --- events of a conversation -------------------------------------------------------------------------------------
export const conversationStarted = z.strictObject({
  visitor: id,
  author,
  text: textOrFiles,
  files: files.optional(),
  language,
  page: page.optional(),
  contact: contact.optional(),
  channel: z.enum(['chat', 'mail']),
});
export const messageSent = z.strictObject({
  author,
  text: textOrFiles,
  files: files.optional(),
  card: card.optional().describe('of an employee: his words with a title, a picture or buttons'),
  survey: survey.optional().describe('of an employee: his words with questions, as they were when he sent them'),
  pressed: pressedButton.optional().describe('of the visitor: he answered by a button, whose label is the text'),
  channel: z.enum(['chat', 'mail']),
  reopens: resumedFrom.optional().describe('the conversation was closed: this message opens it again, from there'),
});
export const offlineMessageLeft = z.strictObject({
  visitor: id,
  author,
  text,
  email,
  phone: phone.optional(),
  language,
  page: page.optional(),
  reopens: resumedFrom.optional(),
});
export const messagesRead = z.strictObject({ by: author, upTo: z.int().positive() });
export const agentAssigned = z.strictObject({ agent: agentRef, slot: id, why: slotReason });
export const agentReleased = z.strictObject({ agent: agentRef, slot: id, why: slotReason });
export const contactIdentified = z.strictObject({
  contact,
  how: z.enum(['visitor-said', 'agent-said', 'signed', 'crm']),
});
export const conversationClosed = z.strictObject({ by: author, reason: closeReason });
export const callbackWindow = z.strictObject({ from: timestamp, until: timestamp });
export const callbackRequested = z.strictObject({
  visitor: id,
  author,
  phone,
  window: callbackWindow.optional().describe('when to call; without it as soon as somebody can'),
  topic: z.string().min(1).max(500).optional(),
  language,
  page: page.optional(),
  reopens: resumedFrom.optional(),
});
export const missedCause = z.enum(['nobody-online', 'all-at-capacity', 'not-accepted', 'visitor-left']);
export const conversationMissed = z.strictObject({
  since: z.int().positive().describe('number of the first message that nobody answered'),
  cause: missedCause,
});
export const taskKind = crmTaskKind;
export const taskDone = z.strictObject({
  task: z.int().positive().describe('number of the event that it comes from'),
  kind: taskKind,
  by: author,
});
export const score = z.int().min(1).max(5);
export const ratingGiven = z.strictObject({
  by: author,
  score: score.describe('5 is best'),
  comment: z.string().min(1).max(1000).optional(),
});
export const surveyAnswered = z.strictObject({
  by: author,
  message: z.int().positive().describe('number of the message that has the survey'),
  title: survey.shape.title,
  answers: z
    .array(surveyAnswer)
    .max(MAX_QUESTIONS)
    .describe('in the order of the questions, without those that he left out; none: he did not want to answer'),
});
export const transcriptRequested = z.strictObject({
  by: author,
  email: email.describe('where the dialogue up to here goes, once; it does not become the contact’s'),
});

// --- events of a desk: each tells which dialogues it assigned, and how the desk looks after it ----------------------
export const availability = z.enum(['free', 'busy', 'away', 'offline']);
export const agentState = z.enum(['online', 'busy', 'away', 'offline']);
export const assignment = z.strictObject({ conversation: id, agent: id, slot: id });
export const deskSummary = z.strictObject({
  availability,
  waiting: z.int().nonnegative(),
  agents: z.array(
    z.strictObject({ id, state: agentState, load: z.int().nonnegative(), capacity: z.int().nonnegative() }),
  ),
  queue: z.array(id).min(1).max(MOST_PLACES_TOLD).optional().describe('the first of those who wait, in their order'),
  turnMs: z
    .int()
    .positive()
    .optional()
    .describe('how long the queue takes for one step, as it went lately; not there while that was not measured'),
});
const deskChange = { assigned: z.array(assignment), after: deskSummary };
export const dialogueQueued = z.strictObject({ conversation: id, ...deskChange });
export const dialogueTaken = z.strictObject({
  conversation: id,
  agent: id,
  capacity: z.int().nonnegative(),
  slot: id,
  why: slotReason,
  from: id.optional(),
  ...deskChange,
});
export const slotFreed = z.strictObject({ conversation: id, ...deskChange });
export const agentStateChanged = z.strictObject({
  agent: id,
  state: agentState,
  capacity: z.int().nonnegative(),
  requeued: z.array(z.strictObject({ conversation: id, slot: id })),
  ...deskChange,
});
export const deskSnapshot = z.strictObject({
  agents: z.array(z.strictObject({ id, state: agentState, capacity: z.int().nonnegative(), freeSince: timestamp })),
  slots: z.array(z.strictObject({ conversation: id, agent: id, slot: id, since: timestamp, why: slotReason })),
  queue: z.array(z.strictObject({ conversation: id, since: timestamp })),
  commands: z.array(z.string()).describe('ids of the last commands decided, for repeats'),
  pace: z
    .strictObject({
      since: timestamp.describe('since when the queue has stood as it does'),
      turns: z.array(z.strictObject({ at: timestamp, ms: z.int().nonnegative() })),
    })
    .optional()
    .describe('how fast the queue went lately'),
  after: deskSummary,
});

/** What the widget speaks. */
export const WIDGET_LANGUAGES = ['ar', 'de', 'en', 'es', 'fr', 'hy', 'pt', 'ru', 'tr', 'zh'] as const;

const between = (least: number, most: number, what: string) => {
  const words = `${what} from ${least} to ${most} is expected`;
  return z.int(words).min(least, words).max(most, words);
};
const ownWords = (most: number) => {
  const words = `a text of 1 to ${most} characters is expected`;
  return z.string(words).trim().min(1, words).max(most, words);
};

/** How a site's widget stands on its pages, in pixels and words; whatever is left out is as everywhere. */
export const widgetSettings = z.strictObject({
  side: z.enum(['left', 'right'], 'it stands `left` or `right`').optional(),
  offset: z
    .strictObject({ x: between(0, 400, 'a number of pixels'), y: between(0, 400, 'a number of pixels') })
    .optional()
    .describe('of the launcher from its side and from the bottom; without it 20 each'),
  zIndex: between(1, 2_147_483_647, 'a whole number').optional(),
  avatar: z
    .string()
    .max(200)
    .regex(
      /^\/photos(?:\/[\w-][\w.-]*)+\.(?:png|jpe?g|webp|avif|svg)$/i,
      'a picture of the gateway’s photos is expected, as `/photos/nordhem.webp`: png, jpg, webp, avif or svg',
    )
    .optional()
    .describe('stands where no employee’s photo does; without it the headset'),
  launcher: z
    .enum(['sign', 'face'], 'the launcher shows `sign` or `face`')
    .optional()
    .describe('`face`: the picture `avatar` on the launcher; without it, and where that does not load, the sign'),
  openAfterSeconds: between(1, 3_600, 'a whole number of seconds')
    .optional()
    .describe(
      'so long after the page the panel opens by itself, once for a visitor and never on touch screens; without it never',
    ),
  words: z
    .partialRecord(
      z.enum(WIDGET_LANGUAGES),
      z.strictObject({
        launcher: ownWords(30).optional().describe('beside the sign; without it the sign alone'),
        greeting: ownWords(300).optional().describe('before the first word'),
      }),
      {
        error: (issue) =>
          'keys' in issue
            ? `is not spoken by the widget; it speaks ${WIDGET_LANGUAGES.join(', ')}`
            : 'words by language are expected',
      },
    )
    .optional()
    .describe('by language'),
});

// --- settings (owner: conversation; every service may read them) ----------------------------------------------------
export const siteSettings = z.strictObject({
  id,
  name: z.string().min(1).max(120),
  origins: z
    .array(z.string().max(300))
    .min(1)
    .describe('where the widget may be embedded: scheme, host and port; no wildcard'),
  language,
  accent: z
    .string()
    .regex(/^#[0-9a-f]{6}$/i, 'a colour as `#0b6b5d` is expected')
    .optional(),
  widget: widgetSettings.optional(),
  surveys: surveys.optional().describe('what employees may ask visitors by; each is sent by its id'),
  consoleUrl: z.string().max(300).describe('public address of the gateway, for links in CRM and mail'),
  typingPreview: z.boolean(),
  hours: workingHours
    .optional()
    .describe(
      'when somebody is usually there: says when he is back, and when a call may be asked for; who is there now is not decided by it. Times in CRM and mails are written in its time zone',
    ),
  callback: z.boolean().optional().describe('whether visitors may ask to be called; without it they may not'),
  missedAfterSeconds: z
    .int()
    .min(10)
    .max(86_400)
    .optional()
    .describe('a message that nobody answered for so long makes the chat a missed one; without it none is'),
  mail: z.strictObject({
    fromAddress: storedEmail,
    answerDelaySeconds: z.int().positive().describe('how long an unseen answer waits before it goes out by mail'),
  }),
  crm: z.strictObject({
    windowSeconds: z.int().positive().describe('writes to the CRM are gathered for so long'),
    lead: crmLeadRule
      .optional()
      .describe('when a visitor whom the CRM does not know becomes a lead; without it at his first message'),
    deal: crmLeadRule
      .optional()
      .describe('when a dialogue becomes a deal besides, where the CRM has deals; without it never'),
    tasks: z
      .array(crmTaskKind)
      .optional()
      .describe('what becomes a task in the CRM; without it all kinds do, with an empty list none'),
    fields: crmFieldsMapping.optional(),
    templates: crmTemplates.optional(),
  }),
});
export const agentSettings = z.strictObject({
  id,
  site: id,
  name: z.string().min(1).max(120),
  photo: z.string().max(2048).optional(),
  email,
  role,
  capacity: z.int().min(1).max(50),
});

// --- queries --------------------------------------------------------------------------------------------------------
/** Something that an employee has to do besides answering in the dialogue. */
export const dialogueTask = z.strictObject({
  kind: taskKind,
  number: z.int().positive().describe('of the event that it comes from'),
  at: timestamp,
  phone: phone.optional(),
  window: callbackWindow.optional(),
  topic: z.string().optional(),
  cause: missedCause.optional(),
  done: z.strictObject({ at: timestamp, by: author }).optional(),
});
export const conversationSummary = z.strictObject({
  conversation: id,
  number: z.int().positive(),
  status: z.enum(['waiting', 'open', 'closed']),
  visitor: id,
  contact,
  language,
  page: page.optional(),
  agent: agentRef.optional(),
  startedAt: timestamp,
  updatedAt: timestamp,
  waitingSince: timestamp.optional().describe('since when a visitor’s message has no answer'),
  unanswered: z.int().nonnegative().describe('visitor’s messages since the last answer'),
  tasks: z
    .array(dialogueTask)
    .optional()
    .describe(
      'calls that were asked for, chats that were missed, messages left while nobody was there; not there when none',
    ),
  last: z
    .strictObject({
      number: z.int(),
      author: z.enum(['visitor', 'agent', 'system']),
      text: z.string().describe('first 160 characters'),
      at: timestamp,
    })
    .optional(),
});
export const inboxFilter = z.enum(['mine', 'unassigned', 'all', 'closed', 'tasks', 'tasks-done']);

export type CallbackWindow = z.infer<typeof callbackWindow>;
export type DialogueTask = z.infer<typeof dialogueTask>;
export type MissedCause = z.infer<typeof missedCause>;
export type ResumedFrom = z.infer<typeof resumedFrom>;
export type DeskSummary = z.infer<typeof deskSummary>;
export type Availability = z.infer<typeof availability>;
export type AgentState = z.infer<typeof agentState>;
export type Assignment = z.infer<typeof assignment>;
export type SiteSettings = z.infer<typeof siteSettings>;
export type WidgetSettings = z.infer<typeof widgetSettings>;
export type AgentSettings = z.infer<typeof agentSettings>;
export type ConversationSummary = z.infer<typeof conversationSummary>;
export type InboxFilter = z.infer<typeof inboxFilter>;
