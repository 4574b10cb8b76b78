// Ids that follow from what they name: the same parts always give the same id, so a repeated command meets its own first result.
import { createHash } from 'node:crypto';
import { type ConversationId, type Id, idFromBytes } from '@continuo/contracts/ids';

/** 22 characters out of SHA-256 over the parts, which are kept apart by a byte that no part can hold. */
export function deriveId<Kind extends string = string>(...parts: string[]): Id<Kind> {
  return idFromBytes<Kind>(createHash('sha256').update(parts.join('\u0000')).digest());
}

/** Of the conversation that this command of a visitor begins, so that a repeat meets its own first event. */
export const conversationIdOf = (site: string, visitor: string, command: string): ConversationId =>
  deriveId<'conversation'>('conversation', site, visitor, command);
