// Dialogues for the tests of the domain: what was said and done, as a transcript.
import type { Contact, MissedCause } from '@continuo/contracts';
import type { Transcript, TranscriptItem } from '@continuo/transcript';

export type Step =
  | { say: string; by: 'visitor' | 'agent'; offline?: boolean }
  | { close: 'solved' | 'spam' }
  | { callback: string; window?: { from: number; until: number } }
  | { missed: MissedCause; since?: number }
  | { rate: number };

export const AT = Date.UTC(2026, 10, 24, 9);
const MINUTE = 60_000;
const visitor = { kind: 'visitor', id: 'v', name: 'Анна' } as const;
const agent = { kind: 'agent', id: 'a', name: 'Maria' } as const;

export function dialogue(steps: readonly Step[], more: Partial<Transcript> = {}): Transcript {
  const items = steps.map((step, index): TranscriptItem => {
    const number = index + 1;
    const at = AT + number * MINUTE;
    if ('close' in step) return { kind: 'closed', number, at, by: agent, reason: step.close };
    if ('callback' in step) {
      const { callback: phone, window } = step;
      const wanted = { visitor: 'v'.repeat(22), author: visitor, phone, language: 'ru', ...(window && { window }) };
      return { kind: 'callback-requested', number, at, data: wanted };
    }
    if ('missed' in step) {
      const { missed: cause, since = 1 } = step;
      return { kind: 'conversation-missed', number, at, data: { since, cause } };
    }
    if ('rate' in step) return { kind: 'rated', number, at, by: visitor, score: step.rate };
    return {
      kind: 'message',
      number,
      id: `e${number}`,
      cause: 'c',
      author: step.by === 'visitor' ? visitor : agent,
      text: step.say,
      at,
      channel: 'chat',
      ...(step.offline && { offline: true as const }),
    };
  });
  const last = steps.at(-1);
  return {
    conversation: 'c'.repeat(22),
    site: 's'.repeat(22),
    number: steps.length,
    status: last && 'close' in last ? 'closed' : 'open',
    visitor: 'v'.repeat(22),
    contact: {} as Contact,
    language: 'ru',
    participants: {},
    startedAt: AT,
    updatedAt: AT + steps.length * MINUTE,
    unanswered: 0,
    read: { visitor: 0, agent: 0 },
    lastOf: { visitor: 0, agent: 0 },
    messageCount: 0,
    items,
    ...more,
  };
}
