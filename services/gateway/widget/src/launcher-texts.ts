// The few words that are needed before the visitor shows interest, in every language: they name the launcher for screen readers.
import type { LauncherLook } from './wire.ts';

type Words = Pick<LauncherLook, 'open' | 'close' | 'panel'>;

const WORDS: Record<string, (unread: number, site: string | undefined) => Words> = {
  en: (unread, site) => ({
    open: unread ? `Open the chat, ${unread} unread ${unread === 1 ? 'message' : 'messages'}` : 'Open the chat',
    close: 'Minimise the chat',
    panel: site ? `Chat with ${site}` : 'Chat',
  }),
  ru: (unread, site) => ({
    open: unread ? `Открыть чат, непрочитанных: ${unread}` : 'Открыть чат',
    close: 'Свернуть чат',
    panel: site ? `Чат с ${site}` : 'Чат',
  }),
};
export const LANGUAGES = Object.keys(WORDS);

export const launcherTexts = (language: string, unread: number, site: string | undefined): Words =>
  (WORDS[language] ?? WORDS.en)?.(unread, site) ?? { open: '', close: '', panel: '' };

/** The first of the wanted languages that the widget speaks, as its two letters, and the tag it was wanted by. */
export function chooseLanguage(wanted: readonly string[]): { spoken: string; tag: string } {
  for (const tag of wanted) {
    const spoken = tag.toLowerCase().split('-')[0] ?? '';
    if (LANGUAGES.includes(spoken)) return { spoken, tag: tidy(tag) };
  }
  return { spoken: 'en', tag: tidy(wanted.find(Boolean) ?? 'en') };
}

/** Browsers may say `RU` or `zh_Hant`; the protocol wants `ru`, `zh-Hant`. */
function tidy(tag: string): string {
  const [first = '', ...rest] = tag.split(/[-_]/);
  const clean = [first.toLowerCase(), ...rest.filter((part) => /^[A-Za-z0-9]{2,8}$/.test(part))];
  return /^[a-z]{2,3}$/.test(first.toLowerCase()) ? clean.join('-') : 'en';
}
