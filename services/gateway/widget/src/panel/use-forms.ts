// Fetches the forms and their words when they are wanted; what could not be fetched is tried again when the line is back.
import { useEffect, useState } from 'preact/hooks';
import type { Forms } from './forms/forms.tsx';

export const fetchForms = (language: string): Promise<Forms> =>
  import('./forms/forms.tsx').then(({ openForms }) => openForms(language));

/** @param first those that were fetched before the panel was shown */
export function useForms(language: string, wanted: boolean, line: string, first: Forms | undefined): Forms | undefined {
  const [fetched, setFetched] = useState({ language, forms: first });
  const forms = fetched.language === language ? fetched.forms : undefined;
  useEffect(() => {
    if (!wanted || forms) return;
    let over = false;
    fetchForms(language)
      .then((came) => over || setFetched({ language, forms: came }))
      .catch(() => {});
    return () => {
      over = true;
    };
  }, [language, wanted, line, forms]);
  return forms;
}
