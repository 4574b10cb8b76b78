// What becomes known of the visitor: said by himself, entered by an employee, or known to the CRM. Only what is new is told.
import { type CommandData, type Contact, contact as contactSchema, email as emailSchema } from '@continuo/contracts';
import { decided, nothing, refused } from '../../decision.ts';
import type { Decide } from '../decide.ts';
import { cleanedName, conversationUnknown, isEmployee, isItsVisitor, notAParticipant } from '../participants.ts';

export const identifyContact: Decide<CommandData<'identify-contact'>> = ({ head }, data, context) => {
  if (!head) return conversationUnknown;
  const visitor = isItsVisitor(head, context);
  const crm = context.actor.kind === 'system' && context.actor.id === 'crm-sync';
  if (!visitor && !crm && !isEmployee(context))
    return context.actor.kind === 'visitor' ? conversationUnknown : notAParticipant;

  const said: Contact = {};
  const name = cleanedName(data.name ?? '');
  if (name) said.name = name;
  if (data.email !== undefined) {
    const email = emailSchema.safeParse(data.email.trim());
    if (!email.success) return refused('invalid-email', 'This does not look like an e-mail.');
    said.email = email.data;
  }
  if (data.phone !== undefined) {
    const phone = contactSchema.shape.phone.safeParse(data.phone.replace(/[\s().-]/g, '').replace(/^00/, '+'));
    if (!phone.success || phone.data === undefined)
      return refused('invalid-phone', 'A phone number begins with + and the country, for example +374 91 234 567.');
    said.phone = phone.data;
  }
  // A visitor could name anybody's customer number: an external id counts only from an employee, until sites sign it.
  if (data.externalId !== undefined && !visitor) said.externalId = data.externalId;

  const news = Object.fromEntries(
    Object.entries(said).filter(([field, value]) => head.contact[field as keyof Contact] !== value),
  );
  if (Object.keys(news).length === 0) return nothing(head.number);
  return decided('contact-identified', { contact: news, how: visitor ? 'visitor-said' : crm ? 'crm' : 'agent-said' });
};
