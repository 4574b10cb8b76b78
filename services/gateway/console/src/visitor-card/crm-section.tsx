// Where the dialogue stands in the CRM: one line, solid when it is there, dashed while it waits, broken when a person is needed.

import type { JournalRow } from '@continuo/contracts';
import type { TranscriptHead } from '@continuo/transcript';
import { crmOf } from '../crm/connections.ts';
import { contactWords, failureWords } from '../crm/failure-words.ts';
import { isStopped, nameOf, runsTheCrm, shownAs } from '../crm/state.ts';
import { useTexts } from '../locales/use-texts.ts';
import { Icon } from '../parts/icon.tsx';
import { hrefOf } from '../route.ts';
import { useConsole, useWorkplace } from '../session/use-workplace.ts';

export function CrmSection({ head, now }: { head: TranscriptHead; now: number }) {
  const { t } = useTexts();
  const row = useConsole((state) => crmOf(state.crms).rows[head.conversation]);
  const connector = useConsole((state) => crmOf(state.crms).connector);
  const crm = useConsole((state) => nameOf(crmOf(state.crms))) ?? t.crm.theCrm;
  return (
    <section className="k-sec crm">
      <h3>
        {t.crm.title}
        {row && <a href={hrefOf({ page: 'crm', conversation: head.conversation })}>{t.crm.compareLink}</a>}
      </h3>
      {row ? (
        <Standing row={row} crm={crm} now={now} />
      ) : (
        <p className="smt q">{connector ? t.crm.soon : t.crm.none}</p>
      )}
    </section>
  );
}

function Standing({ row, crm, now }: { row: JournalRow; crm: string; now: number }) {
  const { t, f } = useTexts();
  const workplace = useWorkplace();
  const mayRetry = useConsole(({ session }) => runsTheCrm(session.me?.role));
  const { failure, record, lastPushedAt, held, contactRefused } = row;
  const wrong = failure
    ? failureWords(failure, crm, { t })
    : contactRefused && contactWords(contactRefused, crm, { t });
  const stopped = useConsole((console) => isStopped(crmOf(console.crms)));
  const state = shownAs(row, stopped);
  return (
    <div className="k-crm">
      <div className="ln">
        <span>{t.crm.dialogue}</span>
        <i className={state === 'pending' || state === 'held' ? 'wait' : state === 'failed' ? 'broken' : ''} />
        {state === 'pushed' && (
          <span className="ok str fx">
            <Icon name="check" size="xs" />
            {t.crm.inCrm(crm, f.ago(lastPushedAt ?? now, now))}
          </span>
        )}
        {state === 'pending' && (
          <span className="warn str fx">
            <Icon name="clock" size="xs" />
            {t.crm.waits(crm)}
          </span>
        )}
        {held && (
          <span className="q2 str fx">
            <Icon name="info" size="xs" />
            {t.crm.held[held].state}
          </span>
        )}
        {state === 'failed' && (
          <span className="bad str fx">
            <Icon name="warning" size="xs" />
            {t.crm.notIn(crm)}
          </span>
        )}
      </div>
      {held && <p className="smt q2">{t.crm.held[held].advice}</p>}
      {wrong && (
        <div className="failure smt">
          <p className="str">{wrong.title}</p>
          <p className="q2">{wrong.advice}</p>
          {mayRetry && (
            <button type="button" className="k-btn sm" onClick={() => workplace.crm.retry(row.conversation)}>
              <Icon name="retry" size="xs" />
              {t.retry}
            </button>
          )}
        </div>
      )}
      {record && (
        <div className="k-kv">
          <Icon name="person" />
          <span>
            {record.url ? (
              <a href={record.url} target="_blank" rel="noopener noreferrer">
                {t.crm.recordIn(t.crm.record[record.kind], crm)}
              </a>
            ) : (
              t.crm.recordIn(t.crm.record[record.kind], crm)
            )}
          </span>
        </div>
      )}
    </div>
  );
}
