// The head of the CRM page: which CRM, how the connection stands, and what those who run it may do with it.
import { useState } from 'react';
import { useTexts } from '../locales/use-texts.ts';
import { Icon } from '../parts/icon.tsx';
import type { Outcome } from '../session/requests.ts';
import { useConsole } from '../session/use-workplace.ts';
import { DEFAULT } from './connections.ts';
import { useOpenEditing } from './editing.ts';
import { testedWords } from './refused-words.ts';
import { ResyncDialog } from './resync-dialog.tsx';
import { Said } from './said.tsx';
import { useCrmDesk } from './shown.ts';
import { STANDS, standsWords } from './stands.ts';
import { type CrmState, connectsCrms, runsTheCrm } from './state.ts';

export function PageHead({ crm, name }: { crm: CrmState; name: string }) {
  const { t, f } = useTexts();
  const role = useConsole(({ session }) => session.me?.role);
  const link = useConsole(({ session }) => session.connection);
  const { connection } = crm;
  const stands = connection && STANDS[connection.state];
  return (
    <div className="k-ph crm-head">
      <div className="gr">
        <div className="fx">
          <h1 tabIndex={-1}>{crm.connector ? name : t.crm.title}</h1>
          {connection && stands && (
            <span className={`k-tag ${stands.tone}`} role="status">
              <Icon name={stands.icon} />
              {standsWords(connection, t)}
            </span>
          )}
        </div>
        {connection && stands && (
          <p className="fx xs q where">
            <i className={`way ${stands.line}`} aria-hidden="true" />
            <span className="el">{connection.host}</span>
            {link.state === 'lost' && <span className="warn nw">{t.crm.asOf(f.time(link.since))}</span>}
          </p>
        )}
      </div>
      {connection && runsTheCrm(role) && (
        <Actions
          paused={connection.state === 'paused'}
          live={link.state === 'live'}
          name={name}
          edits={connectsCrms(role) ? (connection.connection ?? DEFAULT) : undefined}
        />
      )}
    </div>
  );
}

/** @param edits its id, for whoever may rename and remove it */
function Actions({
  paused,
  live,
  name,
  edits,
}: {
  paused: boolean;
  live: boolean;
  name: string;
  edits: string | undefined;
}) {
  const { t } = useTexts();
  const crm = useCrmDesk();
  const [busy, setBusy] = useState<'test' | 'pause'>();
  const [tested, setTested] = useState<Outcome>();
  const [choosing, setChoosing] = useState(false);
  const edit = useOpenEditing();
  const run = async (what: 'test' | 'pause', act: () => Promise<Outcome>): Promise<void> => {
    setBusy(what);
    setTested(undefined);
    const outcome = await act();
    setBusy(undefined);
    if (what === 'test') setTested(outcome);
  };
  return (
    <>
      <div className="fx acts">
        <button
          type="button"
          className="k-btn out"
          disabled={!live || busy !== undefined}
          onClick={() => void run('test', crm.test)}
        >
          {busy === 'test' ? t.crm.testing : t.crm.test}
        </button>
        <button type="button" className="k-btn out" disabled={!live} onClick={() => setChoosing(true)}>
          {t.crm.resync.button}
        </button>
        <button
          type="button"
          className={`k-btn ${paused ? 'pri' : 'out'}`}
          disabled={!live || busy !== undefined}
          onClick={() => void run('pause', paused ? crm.resume : crm.pause)}
        >
          <Icon name={paused ? 'play' : 'pause'} size="sm" />
          {paused ? t.crm.resume : t.crm.pause}
        </button>
        {edits !== undefined && (
          <button
            type="button"
            className="k-btn out"
            disabled={!live}
            onClick={() => edit({ connection: edits, name, first: 'name' })}
          >
            <Icon name="edit" size="sm" />
            {t.crm.connections.edit}
          </button>
        )}
      </div>
      {tested && (
        <div className={`tested smt ${tested.ok ? 'ok' : 'bad'}`} role="status">
          <Icon name={tested.ok ? 'check' : 'warning'} size="sm" />
          <div className="gr">
            <b>{tested.ok ? t.crm.tested(name) : testedWords(tested, name, t)}</b>{' '}
            {!tested.ok && <Said words={tested.words} />}
          </div>
          <button type="button" className="k-ib" aria-label={t.close} onClick={() => setTested(undefined)}>
            <Icon name="cross" size="sm" />
          </button>
        </div>
      )}
      {choosing && <ResyncDialog name={name} onClose={() => setChoosing(false)} />}
    </>
  );
}
