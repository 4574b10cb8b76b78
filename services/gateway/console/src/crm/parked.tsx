// Records of the CRM's part that could not be handled at all: on the CRM page, because whoever looks after it should not have to look elsewhere.
import { useCallback, useEffect, useState } from 'react';
import { listParked, type ParkedLetter } from '../dead-letters/asking.ts';
import { Letter } from '../dead-letters/letter.tsx';
import { useTexts } from '../locales/use-texts.ts';
import { useConsole } from '../session/use-workplace.ts';

/** @param news grows when something happened in the CRM: what was parked may be gone, or more */
export function CrmParked({ news }: { news: number }) {
  const { t } = useTexts();
  const live = useConsole((state) => state.session.connection.state === 'live');
  const [letters, setLetters] = useState<ParkedLetter[]>([]);
  const load = useCallback(async () => {
    const listed = await listParked();
    if (listed.kind === 'letters') setLetters(listed.letters.filter(({ consumer }) => consumer.startsWith('crm-sync')));
  }, []);
  useEffect(() => {
    if (!live) return;
    const timer = setTimeout(() => void load(), news === 0 ? 0 : GATHER_MS);
    return () => clearTimeout(timer);
  }, [live, load, news]);
  if (letters.length === 0) return null;
  return (
    <section className="k-card needs" aria-labelledby="crm-parked">
      <div className="fx top">
        <h2 id="crm-parked">
          {t.parked.title} <span className="q">{t.crm.parked}</span>
        </h2>
      </div>
      {letters.map((letter) => (
        <Letter key={letter.id} letter={letter} onSettled={load} />
      ))}
    </section>
  );
}

const GATHER_MS = 5_000;
