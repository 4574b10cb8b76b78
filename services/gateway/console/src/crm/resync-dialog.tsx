// Which period is to be looked through again. What is right stays, so a long one costs time and nothing else.
import { type FormEvent, useId, useState } from 'react';
import { useTexts } from '../locales/use-texts.ts';
import { Icon } from '../parts/icon.tsx';
import { useModal } from '../parts/modal.ts';
import { useWorkplace } from '../session/use-workplace.ts';
import { CHOICES, type Choice, dayOf, periodOf } from './period.ts';
import { useCrmDesk } from './shown.ts';

export function ResyncDialog({ name, onClose }: { name: string; onClose: () => void }) {
  const { t } = useTexts();
  const crm = useCrmDesk();
  const { now } = useWorkplace();
  const dialog = useModal();
  const title = useId();
  const [choice, setChoice] = useState<Choice>('day');
  const [from, setFrom] = useState(() => dayOf(now() - 7 * 86_400_000));
  const [to, setTo] = useState(() => dayOf(now()));
  const [busy, setBusy] = useState(false);
  const period = periodOf(choice, { from, to }, now());
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (!period) return;
    setBusy(true);
    const outcome = await crm.resync(period);
    setBusy(false);
    if (outcome.ok) dialog.current?.close();
  };
  return (
    <dialog ref={dialog} className="k-dialog resync" aria-labelledby={title} onClose={onClose}>
      <form onSubmit={(event) => void submit(event)}>
        <div className="fx">
          <h2 id={title} className="gr">
            {t.crm.resync.button}
          </h2>
          <button type="button" className="k-ib" aria-label={t.close} onClick={() => dialog.current?.close()}>
            <Icon name="cross" />
          </button>
        </div>
        <p className="smt q2">{t.crm.resync.text(name)}</p>
        <fieldset>
          <legend className="xs q2">{t.crm.resync.which}</legend>
          {CHOICES.map((one) => (
            <label key={one} className="choice">
              <input type="radio" name="period" checked={choice === one} onChange={() => setChoice(one)} />
              {t.crm.resync.choices[one]}
            </label>
          ))}
          {choice === 'days' && (
            <div className="days">
              <label>
                <span className="xs q2">{t.crm.resync.from}</span>
                <input type="date" required value={from} max={to} onChange={(event) => setFrom(event.target.value)} />
              </label>
              <label>
                <span className="xs q2">{t.crm.resync.to}</span>
                <input type="date" required value={to} min={from} onChange={(event) => setTo(event.target.value)} />
              </label>
            </div>
          )}
        </fieldset>
        {!period && (
          <p className="smt bad" role="alert">
            {t.crm.resync.wrong}
          </p>
        )}
        <div className="fx foot">
          <button type="button" className="k-btn" onClick={() => dialog.current?.close()}>
            {t.cancel}
          </button>
          <button type="submit" className="k-btn pri" disabled={busy || !period}>
            {t.crm.resync.go}
          </button>
        </div>
      </form>
    </dialog>
  );
}
