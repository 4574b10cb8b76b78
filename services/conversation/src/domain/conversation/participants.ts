// Who may do what in a conversation, and how he is shown. Visitors see and touch their own conversations only; employees those of their site.
import type { Author } from '@continuo/contracts';
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

/** Text as it may be stored: well-formed, without NUL, line ends as `\n`, no blank edges. Empty when nothing is left. */
export const cleaned = (text: string): string =>
  text.toWellFormed().replaceAll('\u0000', '').replace(/\r\n?/g, '\n').trim();
