// The words of leads, notes and tasks: what stands in a template file, and what a site puts in place of some of it.
import { type CrmTaskKind, missedCause, templateFault } from '@continuo/contracts';
import { z } from 'zod';

/** What the single templates know besides the facts and the person. */
const OWN = {
  leadDescription: ['said', 'consentWords'],
  noteHeading: ['part', 'consentWords'],
  moved: ['movedTo'],
  callbackSubject: ['window', 'topic'],
  missedChatSubject: ['cause'],
  taskText: ['window', 'topic', 'cause', 'message'],
} as const;

const template = (more: readonly string[] = []) =>
  z
    .string()
    .min(1)
    .superRefine((text, context) => {
      const fault = templateFault(text, more);
      if (fault !== undefined) context.addIssue({ code: 'custom', message: fault });
    });

export const crmWords = z.strictObject({
  leadTitle: template(),
  unnamed: template(),
  leadDescription: template(OWN.leadDescription),
  noteHeading: template(OWN.noteHeading).describe(
    'its first line stands in every part, the others where a dialogue begins or goes on',
  ),
  moved: template(OWN.moved),
  summary: template(),
  callbackSubject: template(OWN.callbackSubject),
  missedChatSubject: template(OWN.missedChatSubject),
  offlineMessageSubject: template(),
  taskText: template(OWN.taskText),
  consent: z.strictObject({ given: z.string(), withdrawn: z.string() }),
  causes: z.record(missedCause, z.string()),
});
export type CrmWords = z.infer<typeof crmWords>;

export const SUBJECTS = {
  callback: 'callbackSubject',
  'missed-chat': 'missedChatSubject',
  'offline-message': 'offlineMessageSubject',
} as const satisfies Record<CrmTaskKind, keyof CrmWords>;
