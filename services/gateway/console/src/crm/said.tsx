// What only the CRM can say, or who speaks with it: it is English. A page in another language says in its own words what happened, and opens this on demand.
import { useTexts } from '../locales/use-texts.ts';

export function Said({ words }: { words: string }) {
  const { language, t } = useTexts();
  if (words === '') return null;
  if (language === 'en')
    return (
      <span className="words" lang="en">
        {words}
      </span>
    );
  return (
    <details className="words">
      <summary className="q2">{t.crm.connections.details}</summary>
      <span lang="en">{words}</span>
    </details>
  );
}
