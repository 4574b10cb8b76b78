// The page of what could not be handled.
import { useCallback, useEffect, useState } from 'react';
import { useTexts } from '../locales/use-texts.ts';
import { Icon } from '../parts/icon.tsx';
import { Loading } from '../parts/loading.tsx';
import { hrefOf } from '../route.ts';
import { type Listed, listParked } from './asking.ts';
import { Letter } from './letter.tsx';

export function DeadLettersView() {
  const { t } = useTexts();
  const [listed, setListed] = useState<Listed>();
  const load = useCallback(async () => setListed(await listParked()), []);
  useEffect(() => void load(), [load]);

  return (
    <div className="k-crmpage">
      <main className="mn" data-pane tabIndex={-1}>
        <div className="k-ph">
          <h1>{t.parked.title}</h1>
          <a className="k-btn sm" href={hrefOf({ page: 'crm' })}>
            <Icon name="back" size="xs" />
            {t.nav.crm}
          </a>
        </div>
        <Letters listed={listed} onSettled={load} />
        <p className="xs q once">{t.parked.about}</p>
      </main>
    </div>
  );
}

function Letters({ listed, onSettled }: { listed: Listed | undefined; onSettled: () => Promise<void> }) {
  const { t } = useTexts();
  if (listed?.kind === 'letters' && listed.letters.length > 0)
    return (
      <section className="k-card needs">
        {listed.letters.map((letter) => (
          <Letter key={letter.id} letter={letter} onSettled={onSettled} />
        ))}
        {listed.more && (
          <p className="smt q2 pad" role="status">
            {t.parked.more(listed.letters.length)}
          </p>
        )}
      </section>
    );
  return (
    <section className="k-card pad">
      {!listed && <Loading bars={3} words={t.parked.loadingLong} />}
      {listed?.kind === 'letters' && <p className="smt q2">{t.parked.empty}</p>}
      {listed?.kind === 'trouble' && (
        <p className="smt bad" role="alert">
          {t.parked.trouble}{' '}
          <button type="button" className="k-btn sm" onClick={() => void onSettled()}>
            {t.retry}
          </button>
        </p>
      )}
    </section>
  );
}
