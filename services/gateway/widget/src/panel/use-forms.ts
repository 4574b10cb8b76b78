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
    let over = false;
    fetchForms(language)
      .then((came) => over || setFetched({ language, forms: came }))
      .catch(() => setTimeout(setFetched, AGAIN_AFTER_MS, (now: typeof fetched) => ({ ...now })));
    return () => {
      over = true;
    };
  }, [language, wanted, fetched]);
  return forms;
}
