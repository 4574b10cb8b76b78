// A visitor asks to be called, as soon as somebody can or in a window inside the working hours. The number was read by the phone library before: what it
// could not read comes as it was typed, and does not fit. Asking is the visitor's own choice, so it is taken whoever is there.
import { type CommandData, contact as contactSchema, isWithin } from '@continuo/contracts';
import { decided, nothing, refused } from '../../decision.ts';
import type { Decide } from '../decide.ts';
import { authorOf, cleaned, conversationUnknown, isItsVisitor } from '../participants.ts';

const LONGEST_WINDOW_MS = 24 * 3_600_000;
/** Nobody remembers a call that was asked for longer ago. */
const FURTHEST_MS = 31 * 24 * 3_600_000;

export const requestCallback: Decide<CommandData<'request-callback'>> = (
  { head, commands },
  { conversation, phone, window, topic = '', language, page },
  context,
) => {
  const { actor, site, now } = context;
  if (actor.kind !== 'visitor') return refused('not-allowed', 'Only a visitor asks to be called.');
  if (conversation !== undefined && !head) return conversationUnknown;
  if (head && !isItsVisitor(head, context)) return conversationUnknown;
  const before = commands.get(context.id);
  if (before !== undefined) return nothing(before);
  if (!site?.callback) return refused('not-offered', 'This site does not call back. Write instead.');
  const number = contactSchema.shape.phone.safeParse(phone);
  if (!number.success || number.data === undefined)
    return refused(
      'invalid-phone',
      'This number cannot be called. With + and the country it can, for example +374 77 123456.',
    );
  if (window) {
    const { from, until } = window;
    const sensible = from < until && until > now && until - from <= LONGEST_WINDOW_MS && from - now <= FURTHEST_MS;
    if (!sensible || (site.hours && !isWithin(site.hours, window)))
      return refused('outside-hours', 'Nobody calls at that time. Choose another one.');
  }
  const about = cleaned(topic);
  return decided('callback-requested', {
    visitor: actor.id,
    author: authorOf(context, head?.contact.name),
    phone: number.data,
    ...(window && { window }),
    ...(about && { topic: about }),
    language,
    ...(page && { page }),
    ...(head?.status === 'closed' && { reopens: 'widget' as const }),
  });
};
