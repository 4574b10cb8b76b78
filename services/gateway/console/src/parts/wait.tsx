// How long a visitor has waited for an answer, against the target: a ring that fills, always with the time beside it.
import { stopwatch } from '../locales/format.ts';
import { useTexts } from '../locales/use-texts.ts';

export const TARGET_MS = 5 * 60_000;
const AROUND = 37.7;

/** Calm to 60 % of the target, warm to 100 %, then late. */
export const urgency = (waited: number): '' | 'due' | 'late' =>
  waited >= TARGET_MS ? 'late' : waited >= TARGET_MS * 0.6 ? 'due' : '';

export function Wait({ since, now, withTarget = false }: { since: number; now: number; withTarget?: boolean }) {
  const { t } = useTexts();
  const waited = Math.max(0, now - since);
  const state = urgency(waited);
  const time = stopwatch(waited);
  const target = stopwatch(TARGET_MS);
  const filled = (Math.min(1, waited / TARGET_MS) * AROUND).toFixed(1);
  const spoken = state === 'late' ? t.inbox.waitsLate(time, target) : t.inbox.waits(time, target);
  return (
    <span className={`k-wait ${state}`} title={spoken}>
      <svg viewBox="0 0 16 16" fill="none" strokeWidth="3" aria-hidden="true">
        <circle className="tr" cx="8" cy="8" r="6" />
        <circle
          className="ar"
          cx="8"
          cy="8"
          r="6"
          strokeDasharray={`${filled} ${AROUND}`}
          transform="rotate(-90 8 8)"
        />
      </svg>
      {withTarget ? (
        <>
          <span className="wide">{t.inbox.ofTarget(time, target)}</span>
          <span className="narrow">{time}</span>
        </>
      ) : (
        time
      )}
    </span>
  );
}

/** The line under the head of a dialogue fills with the wait; calm and whole when nobody waits. */
export function WaitLine({ since, now, broken }: { since: number | undefined; now: number; broken: boolean }) {
  const waited = since === undefined ? 0 : now - since;
  const width = since === undefined ? 0 : Math.min(100, (waited / TARGET_MS) * 100);
  return (
    <div className={`k-line ${urgency(waited)} ${broken ? 'broken' : ''}`} aria-hidden="true">
      <i style={{ width: `${width}%` }} />
    </div>
  );
}
