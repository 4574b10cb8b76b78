// What crm-sync reports and is asked. Link records are its own documents; these only tell of them.
import { z } from 'zod';
import { id, timestamp } from './people.ts';

export const crmRecord = z.strictObject({
  kind: z.enum(['lead', 'contact']),
  id: z.string().min(1).max(200),
  url: z.string().max(2048).optional().describe('opens the record in the CRM'),
});
/** Somebody in the CRM who may be the visitor. */
export const crmCandidate = z.strictObject({
  ...crmRecord.shape,
  name: z.string().optional(),
  email: z.string().optional(),
  phone: z.string().optional(),
});
/** Classes of failure an administrator can act on. */
export const crmFailure = z.enum([
  'unreachable',
  'refused-access',
  'rate-limited',
  'invalid',
  'record-gone',
  'ambiguous',
  'server-error',
  'mapping-faulty',
]);

/** What the CRM said of a visitor's name, e-mail or phone that it did not take. */
export const crmContactRefused = z.strictObject({
  because: z
    .enum(['invalid', 'taken'])
    .describe(
      '`invalid`: it broke a rule of the CRM; `taken`: another record has the e-mail, and it is not shown to us',
    ),
  words: z.string().max(500).describe('what the CRM said'),
  at: timestamp,
});
const contactRefused = crmContactRefused
  .optional()
  .describe('the dialogue stands on a lead that lacks what is known of the visitor');

/** Names one of a site's connections in commands, addresses and keys: shorter than any other id, so that the two are never taken for each other. */
export const crmConnectionId = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9-]{0,18}[a-z0-9])?$/, 'is 1 to 20 small letters, digits and hyphens, as in hubspot');
/** Of a site whose only connection was made without an id. */
export const DEFAULT_CRM_CONNECTION = 'crm';
export const crmConnectionName = z.string().trim().min(1).max(60);
const ofConnection = crmConnectionId.optional().describe('which of the site’s connections; absent: `crm`');
/** For whom it is meant: may be left out where a site has one. */
export const oneCrm = {
  connection: crmConnectionId.optional().describe('which of the site’s connections; without it the first'),
};

export const crmRecordWritten = z.strictObject({
  connector: z.string(),
  connection: ofConnection,
  record: crmRecord,
  contactRefused,
  upTo: z.int().positive().describe('number of the last event that stands in the CRM'),
  lagMs: z.int().nonnegative().optional().describe('since the first event of this write was stored'),
});
export const crmWriteFailed = z.strictObject({
  connector: z.string(),
  connection: ofConnection,
  failure: crmFailure,
  words: z.string().max(500),
  retryAt: timestamp.optional(),
});

const sealed = z
  .literal(true)
  .optional()
  .describe('the stored credentials open with no key that crm-sync has: whoever runs it has to restore the key');

export const journalRow = z.strictObject({
  conversation: id,
  state: z.enum(['pushed', 'pending', 'failed']),
  held: z
    .enum(['spam', 'few-messages', 'nobody-answered'])
    .optional()
    .describe(
      'nothing waits: the CRM does not know the visitor, and this keeps the site’s rule from making a lead of him',
    ),
  contact: z.string().optional().describe('name or e-mail, for the eye'),
  record: crmRecord.optional(),
  contactRefused,
  parts: z.int().nonnegative(),
  writtenUpTo: z.int().nonnegative(),
  wantedUpTo: z.int().nonnegative(),
  lastPushedAt: timestamp.optional(),
  lagMs: z.int().nonnegative().optional().describe('of the last push: since its first event was stored'),
  changedAt: timestamp.optional().describe('of the row; `before` of the next page'),
  failure: z
    .strictObject({
      failure: crmFailure,
      words: z.string(),
      at: timestamp,
      attempts: z.int(),
      retryAt: timestamp.optional(),
      field: z
        .string()
        .max(300)
        .optional()
        .describe('the CRM’s own name of a field that the site fills and the CRM lacks'),
      unbound: z.string().max(300).optional().describe('the routing key that no queue of the broker is bound for'),
      sealed,
    })
    .optional(),
  choice: z
    .strictObject({ phone: z.string().optional().describe('that they share'), candidates: z.array(crmCandidate) })
    .optional()
    .describe('several people in the CRM fit: a person has to choose; at `failure.retryAt` a new lead is made instead'),
});
/** How one of a site's connections stands, as people are told. */
export const crmConnectionState = z.strictObject({
  connector: z.string(),
  connection: ofConnection,
  name: z.string().describe('as the site calls it, else of the CRM as its makers write it'),
  host: z.string().describe('where it is reached'),
  state: z.enum(['works', 'waiting', 'stopped', 'paused']),
  failure: crmFailure.optional().describe('why it waits or stopped'),
  words: z.string().max(500).optional().describe('what the CRM said'),
  sealed,
  retryAt: timestamp.optional().describe('when it is tried again by itself'),
  unread: z
    .string()
    .max(500)
    .optional()
    .describe('contacts are not read back, whatever becomes of what is written: why, and what to grant'),
  paused: z.strictObject({ at: timestamp, by: z.string() }).optional(),
  pushes: z.boolean().describe('it is only told and never asked: there is a delivery log and nothing to compare'),
  makesFields: z.boolean().optional().describe('a field that the site fills and the CRM lacks can be made from here'),
  checking: z.int().nonnegative().describe('dialogues still to be looked through after a re-sync was asked for'),
  removed: z.literal(true).optional().describe('it is a connection of the site no more'),
});
/** One line of the list of a site's connections. */
export const crmConnectionLine = z.strictObject({
  ...crmConnectionState.shape,
  connection: crmConnectionId,
  counts: z.strictObject({ pending: z.int().nonnegative(), failed: z.int().nonnegative() }),
  lag95Ms: z.int().nonnegative().optional(),
});
/** What a CRM can be connected with, for whoever fills in a form. */
export const crmConnector = z.strictObject({
  connector: z.string(),
  name: z.string(),
  schemes: z.array(z.string()).describe('how its address may begin'),
  credentials: z.array(
    z.strictObject({ name: z.string(), required: z.boolean(), says: z.string().optional().describe('what it is') }),
  ),
});
export const crmFigures = z.strictObject({
  waiting: z.int().nonnegative(),
  oldestSince: timestamp.optional().describe('when the oldest event was stored that the CRM lacks'),
  written: z.int().nonnegative().describe('writes in the last 24 hours'),
  lag95Ms: z
    .int()
    .nonnegative()
    .optional()
    .describe('95 of 100 writes of the last 24 hours took no longer, from stored to in the CRM'),
  callsPerMessage: z
    .number()
    .nonnegative()
    .optional()
    .describe('requests sent to the CRM in the last 24 hours, for each message written there'),
  lags: z
    .array(z.strictObject({ at: timestamp, ms: z.int().nonnegative() }))
    .describe('the longest of each quarter of an hour that had a write, oldest first'),
});
/** One line of the delivery log of a connector that pushes. */
export const crmDelivery = z.strictObject({
  part: z.int().positive().optional().describe('part of the transcript; without it, a task and a deal, it is the lead'),
  task: z.int().positive().optional().describe('number of the event that somebody has to see to'),
  deal: z.literal(true).optional().describe('what the dialogue became in the company’s pipeline'),
  id: id.describe('of the message that was sent last'),
  version: z.int().positive(),
  state: z.enum(['waiting', 'delivered', 'given-up']),
  failingSince: timestamp.optional(),
  attempts: z.array(
    z.strictObject({
      at: timestamp,
      milliseconds: z.int().nonnegative(),
      version: z.int().positive(),
      outcome: z.string().describe('`delivered`, or a class of failure'),
      words: z.string().optional(),
    }),
  ),
});
export const crmConnection = z.strictObject({
  id: crmConnectionId
    .optional()
    .describe(
      'tells the connections of a site apart and never changes; without it the first connection is meant, `crm` where there is none',
    ),
  name: crmConnectionName.optional().describe('what people call it; without it the CRM’s own name'),
  connector: z.string().min(1).describe('name of a connector, e.g. "bottlecrm"'),
  baseUrl: z.url(),
  credentials: z.record(z.string(), z.string()),
});
export type CrmRecord = z.infer<typeof crmRecord>;
export type CrmCandidate = z.infer<typeof crmCandidate>;
export type CrmFailure = z.infer<typeof crmFailure>;
export type CrmContactRefused = z.infer<typeof crmContactRefused>;
export type JournalRow = z.infer<typeof journalRow>;
export type CrmConnectionState = z.infer<typeof crmConnectionState>;
export type CrmConnectionLine = z.infer<typeof crmConnectionLine>;
export type CrmConnector = z.infer<typeof crmConnector>;
export type CrmFigures = z.infer<typeof crmFigures>;
export type CrmConnection = z.infer<typeof crmConnection>;
