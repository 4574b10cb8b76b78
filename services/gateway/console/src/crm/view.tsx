// The CRM page: the site's CRMs, and of one of them how the connection stands, what needs a person, the journal, and beside it what the CRM holds of one dialogue now.
import { useEffect, useState } from 'react';
import { seesParked } from '../dead-letters/asking.ts';
import { useTexts } from '../locales/use-texts.ts';
import { Loading } from '../parts/loading.tsx';
import { useFocusKept } from '../parts/modal.ts';
import { hrefOf } from '../route.ts';
import { useConsole, useWorkplace } from '../session/use-workplace.ts';
import { CompareView } from './compare-view.tsx';
import { isListed } from './connections.ts';
import { EditDialog } from './edit-dialog.tsx';
import { type Editing, OpenEditing } from './editing.ts';
import { Figures } from './figures.tsx';
import { JournalCard } from './journal.tsx';
import { ConnectionList, showsList } from './list.tsx';
import { NeedsPerson } from './needs-person.tsx';
import { PageHead } from './page-head.tsx';
import { CrmParked } from './parked.tsx';
import { ShownCrm, useCrm, useCrmDesk } from './shown.ts';
import { Standing } from './standing.tsx';
import { type CrmState, nameOf } from './state.ts';

export function CrmView({ connection, shown }: { connection: string | undefined; shown: string | undefined }) {
  const first = useConsole(({ crms }) => crms.first);
  // Its own address and the one without an id are the same place.
  const id = connection === first ? undefined : connection;
  const gone = useConsole(({ crms }) => id !== undefined && crms.list !== undefined && !isListed(crms, id));
  const listed = useConsole(showsList);
  const link = useConsole((state) => state.session.connection.state);
  const [editing, setEditing] = useState<Editing>();
  const key = gone ? 'gone' : (id ?? first);
  useFocusKept(`${key} ${editing ? 'edited' : ''}`);
  const classes = [listed && 'has-list', shown && !gone && 'has-compare', link === 'lost' && 'stale'];
  return (
    <ShownCrm value={id}>
      <OpenEditing value={setEditing}>
        <div className={['k-crmpage', ...classes].filter(Boolean).join(' ')}>
          <ConnectionList shown={id ?? first} />
          {gone ? <Gone key={key} /> : <Shown key={key} shown={shown} />}
        </div>
        {editing && <EditDialog {...editing} onClose={() => setEditing(undefined)} />}
      </OpenEditing>
    </ShownCrm>
  );
}

/** Taken away, or there was never one at this address. */
function Gone() {
  const { t } = useTexts();
  const { crms } = useWorkplace();
  // Unless what is listed here is older than the connection.
  useEffect(() => void crms.load(), [crms]);
  return (
    <main className="mn" data-pane tabIndex={-1}>
      <div className="k-ph">
        <h1 tabIndex={-1}>{t.crm.connections.gone}</h1>
      </div>
      <section className="k-card pad gone">
        <p className="smt q2">{t.crm.connections.goneText}</p>
        <a className="k-btn" href={hrefOf({ page: 'crm' })}>
          {t.crm.connections.toList}
        </a>
      </section>
    </main>
  );
}

function Shown({ shown }: { shown: string | undefined }) {
  const { t } = useTexts();
  const desk = useCrmDesk();
  const crm = useCrm((one) => one);
  const role = useConsole(({ session }) => session.me?.role);
  const link = useConsole((state) => state.session.connection.state);
  const name = nameOf(crm) ?? t.crm.theCrm;
  useEffect(() => {
    if (link === 'live') desk.refresh();
  }, [desk, link]);

  return (
    <>
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
    </>
  );
}

function Page({ crm, name, shown }: { crm: CrmState; name: string; shown: string | undefined }) {
  const { t } = useTexts();
  const desk = useCrmDesk();
  const sees = useConsole(({ session }) => seesParked(session.me?.role));
  if (crm.trouble)
    return (
      <section className="k-card pad" role="alert">
        <p className="bad">{t.refusals[crm.trouble.refusal] ?? crm.trouble.words}</p>
        <p className="smt q2">{t.crm.troubleText}</p>
        <button type="button" className="k-btn sm" onClick={() => desk.refresh()}>
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
