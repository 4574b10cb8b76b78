// The page of what could not be handled: each record with its reason, to be handled again once the cause is mended, or to be taken away.
import { useCallback, useEffect, useState } from 'react';
import { useTexts } from '../locales/use-texts.ts';
import { Icon } from '../parts/icon.tsx';
import { Loading } from '../parts/loading.tsx';
import { hrefOf } from '../route.ts';
import { useNow } from '../session/use-workplace.ts';
import { type Listed, listParked, type ParkedLetter, type Settled, settleParked } from './asking.ts';

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

export function Letter({ letter, onSettled }: { letter: ParkedLetter; onSettled: () => Promise<void> }) {
  const { t, f } = useTexts();
  const now = useNow();
  const [sure, setSure] = useState(false);
  const [busy, setBusy] = useState(false);
  const [said, setSaid] = useState<Settled>();
  const settle = async (verb: 'replay' | 'discard'): Promise<void> => {
    setBusy(true);
    const settled = await settleParked(verb, letter.id);
    setBusy(false);
    setSure(false);
    setSaid(settled);
    if (settled === 'done' || settled === 'gone') await onSettled();
  };
  return (
    <div className="dl">
      <span className="bad">
        <Icon name="warning" />
      </span>
      <div className="gr">
        <h2>{t.parked.concerns[letter.consumer] ?? letter.consumer}</h2>
        <p lang="en">{letter.words}</p>
        {(said === 'failed-again' || said === 'trouble') && (
          <p className="said" role="alert">
            {said === 'trouble' ? t.parked.trouble : t.parked.failedAgain}
          </p>
        )}
        <div className="fx wrap">
          <button type="button" className="k-btn sm pri" disabled={busy} onClick={() => void settle('replay')}>
            <Icon name="retry" size="xs" />
            {t.parked.replay}
          </button>
          <button
            type="button"
            className="k-btn sm ghost"
            disabled={busy}
            onClick={() => (sure ? void settle('discard') : setSure(true))}
          >
            {sure ? t.parked.discardSure : t.parked.discard}
          </button>
        </div>
      </div>
      <span className="xs q num nw">{f.dayAndTime(letter.parkedAt, now)}</span>
    </div>
  );
}
