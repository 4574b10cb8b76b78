// One dialogue here and in the CRM, side by side: the facts first, then the verdict in one sentence, then both texts.
// The right side is read from the CRM at this moment, not from what we believe we wrote.
import type { JournalRow } from '@continuo/contracts';
import type { Transcript } from '@continuo/transcript';
import { useCallback, useEffect, useState } from 'react';
import { useTexts } from '../locales/use-texts.ts';
import { Face, visitorName } from '../parts/face.tsx';
import { Icon } from '../parts/icon.tsx';
import { Loading } from '../parts/loading.tsx';
import { conversationHref, hrefOf } from '../route.ts';
import { useConsole, useNow, useWorkplace } from '../session/use-workplace.ts';
import type { Holds } from './asking.ts';
import { type Comparison, compare } from './compare.ts';
import { DeliveriesView } from './deliveries.tsx';
import { contactWords } from './failure-words.ts';
import { Said } from './said.tsx';
import { useCrm, useCrmDesk, useWhich } from './shown.ts';
import { runsTheCrm } from './state.ts';

type Reading =
  | { kind: 'reading' }
  | { kind: 'read'; holds: Holds; at: number }
  | { kind: 'failed'; refusal: string; words: string };

export function CompareView({ conversation, crm }: { conversation: string; crm: string }) {
  const { t, f } = useTexts();
  const workplace = useWorkplace();
  const desk = useCrmDesk();
  const which = useWhich();
  const now = useNow();
  const transcript = useConsole((state) => state.dialogues[conversation]?.transcript);
  const row = useCrm(({ rows }) => rows[conversation]);
  // Until it is known whether the CRM can be asked at all, it is not.
  const pushes = useCrm(({ loaded, connection }) => (loaded ? (connection?.pushes ?? false) : undefined));
  const { reading, read } = useReading(conversation, pushes === false, row?.lastPushedAt);
  useEffect(() => workplace.show(conversation), [workplace, conversation]);
  const url = (reading.kind === 'read' && reading.holds.record?.url) || row?.record?.url;
  const comparison = reading.kind === 'read' && transcript ? compare(transcript, reading.holds.notes) : undefined;
  const title = pushes ? t.crm.deliveries.title(crm) : t.crm.compare(crm);

  return (
    <aside className="k-cmp" aria-label={title} data-pane tabIndex={-1}>
      <div className="fx">
        <h2 className="gr">{title}</h2>
        {!pushes && (
          <button type="button" className="k-ib" aria-label={t.crm.readAgain} title={t.crm.readAgain} onClick={read}>
            <Icon name="retry" />
          </button>
        )}
        {url && (
          <a
            className="k-ib"
            href={url}
            target="_blank"
            rel="noopener noreferrer"
            aria-label={t.crm.open(crm)}
            title={t.crm.open(crm)}
          >
            <Icon name="out" />
          </a>
        )}
        <a className="k-ib" href={hrefOf({ page: 'crm', ...which })} aria-label={t.close} title={t.close}>
          <Icon name="cross" />
        </a>
      </div>
      <div className="fx smt q2 whose">
        {transcript && (
          <Face id={transcript.visitor} name={transcript.contact.name ?? transcript.contact.email} size="s24" />
        )}
        <span className="el">
          {transcript && visitorName(transcript.visitor, transcript.contact, t)}
          {!pushes && reading.kind === 'read' && ` · ${t.crm.readNow(crm, f.ago(reading.at, now))}`}
        </span>
      </div>
      {row?.held && <KeptOut because={row.held} conversation={conversation} />}
      {row?.contactRefused && <ContactRefused row={row} refused={row.contactRefused} crm={crm} />}
      {pushes && <DeliveriesView conversation={conversation} crm={crm} fresh={row} />}
      {!pushes && reading.kind === 'reading' && <Loading bars={4} words={t.crm.reading(crm)} />}
      {!pushes && reading.kind === 'failed' && (
        <div className="verdict bad" role="alert">
          <p className="smt str">{t.crm.notRead[reading.refusal]?.(crm) ?? t.crm.notRead['crm-unreachable']?.(crm)}</p>
          <div className="smt">
            <Said words={reading.words} />
          </div>
          <button type="button" className="k-btn sm" onClick={read}>
            <Icon name="retry" size="xs" />
            {t.crm.readAgain}
          </button>
        </div>
      )}
      {!pushes && !row?.held && reading.kind === 'read' && transcript && comparison && (
        <>
          <Facts
            transcript={transcript}
            parts={row?.parts ?? 0}
            holds={reading.holds}
            comparison={comparison}
            crm={crm}
          />
          <Verdict comparison={comparison} onRetry={() => desk.retry(conversation)} />
          <Texts comparison={comparison} holds={reading.holds} crm={crm} />
        </>
      )}
      {row && pushes === false && <HowItGotThere row={row} crm={crm} />}
      <a className="smt" href={conversationHref(conversation)}>
        {t.crm.openDialogue}
      </a>
    </aside>
  );
}

/** Nothing is missing there: the site wants it so, and who disagrees finds here what to do. */
function KeptOut({ because, conversation }: { because: NonNullable<JournalRow['held']>; conversation: string }) {
  const { t } = useTexts();
  const { title, advice } = t.crm.held[because];
  return (
    <div className="verdict">
      <p className="smt str">{title}</p>
      <p className="smt">{advice}</p>
      <a className="k-btn sm" href={conversationHref(conversation)}>
        {t.crm.openDialogue}
      </a>
    </div>
  );
}

/** The dialogue is there, its visitor is not: what the CRM said, and what to do. */
function ContactRefused({
  row,
  refused,
  crm,
}: {
  row: JournalRow;
  refused: NonNullable<JournalRow['contactRefused']>;
  crm: string;
}) {
  const { t } = useTexts();
  const desk = useCrmDesk();
  const mine = useConsole(({ session }) => runsTheCrm(session.me?.role));
  const { title, advice } = contactWords(refused, crm, { t });
  return (
    <div className="verdict bad">
      <p className="smt str">{title}</p>
      <p className="smt">{advice}</p>
      <div className="smt">
        <Said words={refused.words} />
      </div>
      {mine && (
        <button type="button" className="k-btn sm" onClick={() => desk.retry(row.conversation)}>
          <Icon name="retry" size="xs" />
          {t.retry}
        </button>
      )}
    </div>
  );
}

function HowItGotThere({ row, crm }: { row: JournalRow; crm: string }) {
  const { t, f } = useTexts();
  const { lastPushedAt, lagMs } = row;
  if (lastPushedAt === undefined || lagMs === undefined) return null;
  return (
    <section className="got">
      <h3>{t.crm.got.title}</h3>
      <ol className="k-path">
        <li className="now">
          <span className="gr">{t.crm.got.there(crm)}</span>
          <time dateTime={new Date(lastPushedAt).toISOString()}>{f.timeWithSeconds(lastPushedAt)}</time>
        </li>
        <li>
          <span className="gr">{t.crm.got.took(f.brief(lagMs))}</span>
        </li>
        <li>
          <span className="gr">{t.crm.got.stored}</span>
          <time dateTime={new Date(lastPushedAt - lagMs).toISOString()}>{f.timeWithSeconds(lastPushedAt - lagMs)}</time>
        </li>
      </ol>
    </section>
  );
}

/** @param fresh changes when something was written: read again */
function useReading(
  conversation: string,
  asks: boolean,
  fresh: number | undefined,
): { reading: Reading; read: () => void } {
  const crm = useCrmDesk();
  const { now } = useWorkplace();
  const [reading, setReading] = useState<Reading>({ kind: 'reading' });
  const read = useCallback(() => {
    if (!asks) return;
    setReading({ kind: 'reading' });
    void crm
      .holds(conversation)
      .then((reply) =>
        setReading(
          reply.ok
            ? { kind: 'read', holds: reply.answer, at: now() }
            : { kind: 'failed', refusal: reply.refusal, words: reply.words },
        ),
      );
  }, [crm, now, conversation, asks]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: read anew after something was written
  useEffect(read, [read, fresh]);
  return { reading, read };
}

function Facts(props: { transcript: Transcript; parts: number; holds: Holds; comparison: Comparison; crm: string }) {
  const { t } = useTexts();
  const { transcript, parts, holds, comparison, crm } = props;
  const all = comparison.messages.length;
  const found = all - comparison.missing;
  const last = comparison.messages.at(-1);
  const rows: [words: string, here: string, there: string, same: boolean][] = [
    [t.crm.rows.messages, t.crm.messages(all), t.crm.found(found, all), found === all],
    [t.crm.rows.last, last?.message.text ?? '', last?.held ? last.message.text : '–', last?.held ?? true],
    [
      t.crm.rows.record,
      transcript.contact.email ?? transcript.contact.name ?? '–',
      holds.record ? `${t.crm.record[holds.record.kind]} ${holds.record.id.slice(0, 8)}` : '–',
      true,
    ],
    [t.crm.rows.parts, String(parts), String(holds.notes.length), holds.notes.length >= parts],
  ];
  return (
    <table className="dt">
      <thead>
        <tr>
          <td />
          <th>{t.crm.here}</th>
          <th>{crm}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(([words, here, there, same]) => (
          <tr key={words} className={same ? '' : 'df'}>
            <td>{words}</td>
            <td>
              <span className="clip">{here}</span>
            </td>
            <td>
              <span className="clip">{there}</span>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Verdict({ comparison, onRetry }: { comparison: Comparison; onRetry: () => void }) {
  const { t } = useTexts();
  const mine = useConsole(({ session }) => runsTheCrm(session.me?.role));
  const { missing } = comparison;
  return (
    <div className="verdict" role="status">
      <div className="smt str">{missing === 0 ? t.crm.same : t.crm.missing(missing)}</div>
      <p className="smt q2">{missing === 0 ? t.crm.sameText : t.crm.missingText}</p>
      {missing > 0 && mine && (
        <button type="button" className="k-btn sm pri" onClick={onRetry}>
          <Icon name="retry" size="xs" />
          {t.crm.writeMissing}
        </button>
      )}
    </div>
  );
}

function Texts({ comparison, holds, crm }: { comparison: Comparison; holds: Holds; crm: string }) {
  const { t, f } = useTexts();
  return (
    <div className="texts">
      <section>
        <h3>{t.crm.ourText}</h3>
        {comparison.messages.map(({ message, held }) => (
          <p key={message.number} className={held ? '' : 'df'} dir="auto">
            <span className="q num">
              {f.time(message.at)} {message.author.name}:
            </span>{' '}
            {message.text}
          </p>
        ))}
      </section>
      <section>
        <h3>{t.crm.itsText(crm)}</h3>
        {holds.notes.length === 0 && <p className="q">{t.crm.holdsNothing}</p>}
        {holds.notes.map((note) => (
          <div key={note.id}>
            {holds.notes.length > 1 && <p className="q xs">{t.crm.note(note.part)}</p>}
            <p className="held" dir="auto">
              {note.text}
            </p>
          </div>
        ))}
      </section>
    </div>
  );
}
