// Who may do what in a conversation, and how he is shown. Visitors see and touch their own conversations only; employees those of their site.
import { type Author, isBlank } from '@continuo/contracts';
import type { TranscriptHead } from '@continuo/transcript';
import { type Refusal, refused } from '../decision.ts';
import type { DecideContext } from './decide.ts';

export const conversationUnknown: Refusal = refused('conversation-unknown', 'There is no such conversation.');
export const notAParticipant: Refusal = refused('not-a-participant', 'This conversation belongs to somebody else.');

/** The visitor whose conversation it is. A stranger learns nothing: to him it does not exist. */
export const isItsVisitor = (head: TranscriptHead, { actor }: DecideContext): boolean =>
  actor.kind === 'visitor' && actor.id === head.visitor;

export const isEmployee = ({ actor, agent }: DecideContext): boolean => actor.kind === 'agent' && agent !== undefined;

export function authorOf({ actor, agent }: DecideContext, name?: string): Author {
  if (actor.kind === 'agent' && agent)
    return { kind: 'agent', id: agent.id, name: agent.name, ...(agent.photo !== undefined && { photo: agent.photo }) };
  if (actor.kind === 'visitor') return { kind: 'visitor', id: actor.id, ...(name !== undefined && { name }) };
  return { kind: 'system', id: actor.id };
}

const CONTROLS_AND_DIRECTION = /[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu;

/** Text as it may be stored: well-formed, without NUL, line ends as `\n`, no blank edges. Empty when nothing of it could be seen. */
export function cleaned(text: string): string {
  const whole = text.toWellFormed().replaceAll('\u0000', '').replace(/\r\n?/g, '\n').trim();
  return isBlank(whole) ? '' : whole;
}

/** A name as it may stand in the middle of a line of somebody else's system: one line, nothing that turns its direction. */
export const cleanedName = (name: string): string =>
  cleaned(name.replace(CONTROLS_AND_DIRECTION, ' ').replace(/\s+/g, ' '));
