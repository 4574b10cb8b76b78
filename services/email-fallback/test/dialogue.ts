// Writes a dialogue down for tests: events with numbers and times, as the conversation service stores them.
import type { Author, ConversationEvent, SiteSettings } from '@continuo/contracts';
import { fold, type Transcript } from '@continuo/transcript';

export const SITE = 'site'.padEnd(22, '0');
export const site: SiteSettings = {
  id: SITE,
  name: 'Nordhem',
  origins: ['https://nordhem.example'],
  language: 'ru',
  consoleUrl: 'https://chat.example',
  typingPreview: true,
  mail: { fromAddress: 'chat@nordhem.example', answerDelaySeconds: 60 },
  crm: { windowSeconds: 5 },
};
export const CONVERSATION = '4k7q2m9x'.padEnd(22, 'a');
export const VISITOR: Author = { kind: 'visitor', id: 'visitor'.padEnd(22, '0') };
export const ANNA: Author = { kind: 'agent', id: 'anna'.padEnd(22, '0'), name: 'Анна Петрова' };
export const IVO: Author = { kind: 'agent', id: 'ivo'.padEnd(22, '0'), name: 'Ivo' };

export type Line = Pick<ConversationEvent, 'type' | 'data'> & { at?: number };

export const started = (
  text: string,
  { email, language = 'ru', page }: { email?: string; language?: string; page?: string } = {},
): Line => ({
  type: 'conversation-started',
  data: {
    visitor: VISITOR.id,
    author: VISITOR,
    text,
    language,
    channel: 'chat',
    ...(page !== undefined && { page: { url: page } }),
    ...(email !== undefined && { contact: { email } }),
  },
});
export const asked = (text: string): Line => ({
  type: 'message-sent',
  data: { author: VISITOR, text, channel: 'chat' },
});
export const answered = (text: string, by: Author = ANNA): Line => ({
  type: 'message-sent',
  data: { author: by, text, channel: 'chat' },
});
export const seen = (upTo: number, by: Author = VISITOR): Line => ({ type: 'messages-read', data: { by, upTo } });
export const identified = (email?: string): Line => ({
  type: 'contact-identified',
  data: { contact: email === undefined ? { name: 'Elena' } : { email }, how: 'visitor-said' },
});
export const wanted = (email: string): Line => ({ type: 'transcript-requested', data: { by: VISITOR, email } });
export const leftOffline = (text: string, email: string): Line => ({
  type: 'offline-message-left',
  data: { visitor: VISITOR.id, author: VISITOR, text, email, language: 'en' },
});

/** Numbered from 1, one second apart, beginning at second 1. */
export function events(...lines: Line[]): ConversationEvent[] {
  return lines.map(
    ({ type, data, at }, index) =>
      ({
        type,
        data,
        id: `event${index + 1}`,
        v: 1,
        time: at ?? (index + 1) * 1000,
        actor: { kind: 'system', id: 'test' },
        cause: `command${index + 1}`,
        site: SITE,
        key: CONVERSATION,
        number: index + 1,
        seq: index + 1,
      }) as ConversationEvent,
  );
}

export const dialogue = (...lines: Line[]): Transcript => fold(events(...lines)) as Transcript;
