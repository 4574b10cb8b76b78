// How far the CRM is behind, in figures and over the last day.
import { useEffect, useRef } from 'react';
import { type Spoken, useTexts } from '../locales/use-texts.ts';
import { useNow } from '../session/use-workplace.ts';
import { lagLine } from './lag-line.ts';
import { useCrmDesk } from './shown.ts';
import { type CrmState, countsShown } from './state.ts';

const SHEET = { width: 656, height: 50 };
/** Reports that come together lead to one question. */
const GATHER_MS = 1_500;
/** Worth a word beside the line. */
const NOTEWORTHY_MS = 60_000;

export function Figures({ crm, name }: { crm: CrmState; name: string }) {
  const { t, f } = useTexts();
  const now = useNow();
  useFreshFigures(crm.news);
  const { figures } = crm;
  const { pending, failed } = countsShown(crm);
  // The oldest of all that is lacking there: beside what was set aside it may be one of those.
  const oldest = pending > 0 && failed === 0 ? figures?.oldestSince : undefined;
  const cells: [key: string, value: string, words: string][] = [
    ['lag', figures?.lag95Ms === undefined ? '–' : f.brief(figures.lag95Ms), t.crm.figures.lag],
    [
      'waiting',
      f.number(pending),
      oldest === undefined ? t.crm.figures.pending : t.crm.figures.oldest(f.short(Math.max(0, now - oldest))),
    ],
    ['written', f.number(figures?.written ?? 0), t.crm.figures.written],
    ['calls', callsOf(figures?.callsPerMessage, f), t.crm.figures.calls],
  ];
  return (
    <section className="k-card" aria-label={t.crm.figures.label}>
      <dl className="figures">
        {cells.map(([key, value, words]) => (
          <div key={key}>
            <dt>{words}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <Line crm={crm} now={now} name={name} />
    </section>
  );
}

const callsOf = (calls: number | undefined, f: Spoken['f']): string => (calls === undefined ? '–' : f.number(calls));

function Line({ crm, now, name }: { crm: CrmState; now: number; name: string }) {
  const { t, f } = useTexts();
  const line = lagLine(crm.figures?.lags ?? [], now, SHEET);
  if (!line) return <p className="line-none smt q">{t.crm.line.none}</p>;
  const { peak } = line;
  const longest = f.brief(peak.ms);
  const left = peak.x > SHEET.width / 2;
  return (
    <figure className="lag-line">
      <svg
        viewBox={`0 -8 ${SHEET.width} ${SHEET.height + 12}`}
        role="img"
        aria-label={t.crm.line.says(name, longest, f.dayAndTime(peak.at, now))}
        preserveAspectRatio="none"
      >
        <path className="ground" d={`M0 ${SHEET.height}H${SHEET.width}`} />
        <path className="took" d={line.path} />
      </svg>
      {peak.ms >= NOTEWORTHY_MS && (
        <div className="mark" aria-hidden="true">
          <span className={`peak ${left ? 'left' : ''}`} style={{ left: `${(peak.x / SHEET.width) * 100}%` }}>
            <i />
            <b>{t.crm.line.peak(longest, f.time(peak.at))}</b>
          </span>
        </div>
      )}
      <figcaption aria-hidden="true">
        <span>{f.dayAndTime(now - 24 * 3_600_000, now)}</span>
        <span>{t.crm.line.now}</span>
      </figcaption>
    </figure>
  );
}

/** What the reports do not carry is asked again after them: once for those that come together. */
function useFreshFigures(news: number): void {
  const desk = useCrmDesk();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => {
    if (news === 0 || timer.current !== undefined) return;
    timer.current = setTimeout(() => {
      timer.current = undefined;
      void desk.loadConnection();
    }, GATHER_MS);
  }, [desk, news]);
  useEffect(
    () => () => {
      clearTimeout(timer.current);
      timer.current = undefined;
    },
    [],
  );
}
