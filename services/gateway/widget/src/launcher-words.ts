// The few words that are needed before the visitor shows interest: they name the launcher and its frame for screen readers. The gateway writes
// those of the visitor's language into the frame's document, so that no other language weighs on the page.
import type { LauncherLook } from './wire.ts';

/** `{count}` and `{site}` are filled in; no plural forms, so that a language is four lines of data. */
export interface LauncherWords {
  open: string;
  unread: string;
  close: string;
  panel: string;
  /** Beside the sign; the site’s own. */
  label?: string;
}

export const panelName = ({ panel }: LauncherWords, site: string): string => panel.replace('{site}', () => site);

export const launcherLook = (
  words: LauncherWords,
  unread: number,
  site: string,
): Pick<LauncherLook, 'unread' | 'label' | 'open' | 'close' | 'panel'> => ({
  ...words,
  unread,
  open: unread ? words.unread.replace('{count}', `${unread}`) : words.open,
  panel: panelName(words, site),
});

/** The same with what the site has written on its launcher: what is seen is part of the name. */
export const labelled = (words: LauncherWords, label: string | undefined): LauncherWords =>
  label ? { ...words, label, open: `${label} · ${words.open}`, unread: `${label} · ${words.unread}` } : words;

/** The first of the wanted languages that the widget speaks, as its two letters, and the tag it was wanted by. */
export function chooseLanguage(wanted: readonly string[], spoken: readonly string[]): { spoken: string; tag: string } {
  for (const tag of wanted) {
    const [first = ''] = tag.toLowerCase().split(/[-_]/);
    if (spoken.includes(first)) return { spoken: first, tag: tidy(tag) };
  }
  return { spoken: 'en', tag: tidy(wanted.find(Boolean) ?? 'en') };
}

/** Browsers may say `RU` or `zh_Hant`; the protocol wants `ru`, `zh-Hant`. Of what is no tag to the browser itself, which would throw at it later, the language is left. */
function tidy(tag: string): string {
  const language = /^[a-z]{2,3}(?![a-z])/i.exec(tag)?.[0].toLowerCase();
  try {
    return language ? `${new Intl.Locale(tag.replaceAll('_', '-').replace(/-\w-.*/, ''))}` : 'en';
  } catch {
    return language as string;
  }
}
