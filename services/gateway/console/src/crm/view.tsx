// The CRM page: how the connection stands, what needs a person, the journal, and beside it what the CRM holds of one dialogue now.
import { useEffect } from 'react';
import { seesParked } from '../dead-letters/asking.ts';
import { useTexts } from '../locales/use-texts.ts';
import { Loading } from '../parts/loading.tsx';
import { hrefOf } from '../route.ts';
import { useConsole, useWorkplace } from '../session/use-workplace.ts';
import { CompareView } from './compare-view.tsx';
import { Figures } from './figures.tsx';
import { JournalCard } from './journal.tsx';
import { NeedsPerson } from './needs-person.tsx';
import { PageHead } from './page-head.tsx';
import { CrmParked } from './parked.tsx';
import { Standing } from './standing.tsx';
import { type CrmState, crmName } from './state.ts';

export function CrmView({ shown }: { shown: string | undefined }) {
  const { t } = useTexts();
  const workplace = useWorkplace();
  const crm = useConsole((state) => state.crm);
  const role = useConsole(({ session }) => session.me?.role);
  const link = useConsole((state) => state.session.connection.state);
  const name = crm.connection?.name ?? crmName(crm.connector) ?? t.crm.theCrm;
  useEffect(() => {
    if (link === 'live') workplace.crm.refresh();
  }, [workplace, link]);

  return (
    <div className={`k-crmpage ${shown ? 'has-compare' : ''} ${link === 'lost' ? 'stale' : ''}`}>
      <main className="mn" data-pane tabIndex={-1}>
        <PageHead crm={crm} name={name} />
        {crm.loaded ? (
          <Page crm={crm} name={name} shown={shown} />
        ) : (
          <section className="k-card pad">
            <Loading bars={6} words={t.crm.loadingLong} />
          </section>
        )}
        <div className="once fx xs q">
          <p className="gr">{t.crm.once}</p>
          {seesParked(role) && <a href={hrefOf({ page: 'parked' })}>{t.parked.link}</a>}
        </div>
      </main>
      {shown && <CompareView key={shown} conversation={shown} crm={name} />}
    </div>
  );
}

function Page({ crm, name, shown }: { crm: CrmState; name: string; shown: string | undefined }) {
  const { t } = useTexts();
  const workplace = useWorkplace();
  const sees = useConsole(({ session }) => seesParked(session.me?.role));
  if (crm.trouble)
    return (
      <section className="k-card pad" role="alert">
        <p className="bad">{crm.trouble}</p>
        <p className="smt q2">{t.crm.troubleText}</p>
        <button type="button" className="k-btn sm" onClick={() => workplace.crm.refresh()}>
          {t.retry}
        </button>
      </section>
    );
  return (
    <>
      {crm.connector ? (
        <>
          <Figures crm={crm} name={name} />
          <Standing crm={crm} name={name} />
          <NeedsPerson crm={crm} name={name} />
        </>
      ) : (
        <section className="k-card pad">
          <h2>{t.crm.notConnected}</h2>
          <p className="smt q2">{t.crm.notConnectedText}</p>
        </section>
      )}
      {sees && <CrmParked news={crm.news} />}
      <JournalCard crm={crm} shown={shown} />
    </>
  );
}
