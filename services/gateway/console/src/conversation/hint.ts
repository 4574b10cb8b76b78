// What an agent should know before he answers here, and what he may do. Pure. At most one sentence, the most pressing one.
import type { Role } from '@continuo/contracts';
import type { TranscriptHead } from '@continuo/transcript';
import type { Texts } from '../locales/en.ts';

export interface Situation {
  /** Colleague who writes here at the moment. */
  writer: string | undefined;
  me: string | undefined;
  load: number;
  capacity: number;
  online: boolean | undefined;
}

export function hintOf(
  transcript: TranscriptHead,
  { writer, me, load, capacity, online }: Situation,
  t: Texts,
): string | undefined {
  if (writer) return t.dialogue.colleague(writer);
  const { agent, status, contact } = transcript;
  if (agent && agent.id !== me && status !== 'closed') return t.dialogue.withOther(agent.name);
  if (agent?.id !== me && load >= capacity) return t.dialogue.full(load, capacity);
  if (!agent && status !== 'closed') return t.dialogue.takeHint;
  if (online === false) return contact.email ? t.dialogue.gone : t.dialogue.goneNoMail;
  return status === 'closed' ? t.dialogue.resumes : undefined;
}

/** Who has the dialogue ends it; supervisors may end any. The server decides; this only leaves out what it would refuse. */
export const mayClose = (head: TranscriptHead, me: { id: string; role: Role } | undefined): boolean =>
  head.status !== 'closed' && me !== undefined && (head.agent?.id === me.id || me.role !== 'agent');
