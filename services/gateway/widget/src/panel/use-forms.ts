// Fetches the forms and their words when they are wanted; what could not be fetched is tried again.
import { useEffect, useState } from 'preact/hooks';
import type { Forms } from './forms/forms.tsx';

const AGAIN_AFTER_MS = 5_000;

export const fetchForms = (language: string): Promise<Forms> =>
  import('./forms/forms.tsx').then(({ openForms }) => openForms(language));

/** @param first those that were fetched before the panel was shown */
export function useForms(language: string, wanted: boolean, first: Forms | undefined): Forms | undefined {
  const [fetched, setFetched] = useState({ language, forms: first });
  const forms = fetched.language === language ? fetched.forms : undefined;
  useEffect(() => {
    if (!wanted || forms) return;
    // Those of a language that is spoken no more count as none: they are fetched anew.
    fetchForms(language).then(
      (came) => setFetched({ language, forms: came }),
      () => setTimeout(setFetched, AGAIN_AFTER_MS, (now: typeof fetched) => ({ ...now })),
    );
  }, [language, wanted, fetched]);
  return forms;
}
