// What an employee chose for this browser: theme, language, single keys. Applied to the page's root, so styles and screen readers follow.
import { keep } from './session/kept.ts';
import { createStore, useSelected } from './session/store.ts';

export type Theme = 'light' | 'dark';
export type Language = 'en' | 'ru';
interface Preferences {
  /** Without a choice the system's. */
  theme?: Theme;
  language?: Language;
  /** Keys without Ctrl or Alt; who dictates or trembles turns them off (WCAG 2.1.4). */
  singleKeys: boolean;
}

const kept = keep<Preferences>('continuo.preferences', { singleKeys: true }, (raw) => {
  if (typeof raw !== 'object' || raw === null) return undefined;
  const { theme, language, singleKeys } = raw as Partial<Preferences>;
  return {
    singleKeys: singleKeys !== false,
    ...((theme === 'light' || theme === 'dark') && { theme }),
    ...((language === 'en' || language === 'ru') && { language }),
  };
});
const store = createStore(kept.read());
const systemDark = matchMedia('(prefers-color-scheme: dark)');

export function prefer(change: Partial<Preferences>): void {
  kept.update((before) => ({ ...before, ...change }));
  store.update((before) => ({ ...before, ...change }));
  apply();
}

export const themeNow = (): Theme => store.get().theme ?? (systemDark.matches ? 'dark' : 'light');
export const languageNow = (): Language => store.get().language ?? (navigator.language.startsWith('ru') ? 'ru' : 'en');
export const singleKeysNow = (): boolean => store.get().singleKeys;

export const useTheme = (): Theme => useSelected(store, themeNow);
export const useLanguage = (): Language => useSelected(store, languageNow);
export const useSingleKeys = (): boolean => useSelected(store, singleKeysNow);

/** Call once before the first picture. */
export function applyPreferences(): void {
  systemDark.addEventListener('change', apply);
  apply();
}

function apply(): void {
  const root = document.documentElement;
  root.dataset.theme = themeNow();
  root.lang = languageNow();
}
