// What an administrator changes of a connection: its name, or what it is let in with; or he takes it away, after he was told what that means.
import { type FormEvent, useEffect, useId, useRef, useState } from 'react';
import { type Spoken, useTexts } from '../locales/use-texts.ts';
import { Icon } from '../parts/icon.tsx';
import { go } from '../route.ts';
import type { Outcome } from '../session/requests.ts';
import { useWorkplace } from '../session/use-workplace.ts';
import { SignIn } from './sign-in.tsx';

type Step = 'name' | 'signIn' | 'remove';

/** @param first where it begins */
export function EditDialog({
  connection,
  name,
  first = 'name',
  onClose,
}: {
  connection: string;
  name: string;
  first?: Step;
  onClose: () => void;
}) {
  const { t } = useTexts();
  const { crms } = useWorkplace();
  const dialog = useRef<HTMLDialogElement>(null);
  const title = useId();
  const [called, setCalled] = useState(name);
  const [step, setStep] = useState<Step>(first);
  const [busy, setBusy] = useState(false);
  useEffect(() => dialog.current?.showModal(), []);
  const run = async (act: () => Promise<Outcome>, then = () => {}): Promise<void> => {
    setBusy(true);
    const outcome = await act();
    setBusy(false);
    if (!outcome.ok) return;
    dialog.current?.close();
    then();
  };
  const rename = (event: FormEvent): void => {
    event.preventDefault();
    void run(() => crms.rename(connection, called.trim()));
  };
  return (
    <dialog ref={dialog} className="k-dialog resync connecting" aria-labelledby={title} onClose={onClose}>
      <div className="fx">
        <h2 id={title} className="gr">
          {titleOf(step, name, t)}
        </h2>
        <button type="button" className="k-ib" aria-label={t.close} onClick={() => dialog.current?.close()}>
          <Icon name="cross" />
        </button>
      </div>
      {step === 'signIn' && <SignIn connection={connection} close={() => dialog.current?.close()} />}
      {step === 'remove' && (
        <>
          <p className="smt q2">{t.crm.connections.removeText(name, connection)}</p>
          <div className="fx foot">
            <button type="button" className="k-btn" onClick={() => setStep('name')}>
              {t.cancel}
            </button>
            <button
              type="button"
              className="k-btn pri"
              disabled={busy}
              onClick={() =>
                void run(
                  () => crms.remove(connection),
                  () => go({ page: 'crm' }),
                )
              }
            >
              {t.crm.connections.remove}
            </button>
          </div>
        </>
      )}
      {step === 'name' && (
        <form onSubmit={rename}>
          <label>
            <span className="xs q2">{t.crm.connections.name}</span>
            <input required maxLength={60} value={called} onChange={(event) => setCalled(event.target.value)} />
          </label>
          <div className="fx foot">
            <button type="button" className="k-btn" onClick={() => setStep('remove')}>
              {t.crm.connections.remove}
            </button>
            <button type="button" className="k-btn" onClick={() => setStep('signIn')}>
              {t.crm.connections.signInButton}
            </button>
            <span className="gr" />
            <button type="submit" className="k-btn pri" disabled={busy || called.trim() === ''}>
              {t.crm.connections.save}
            </button>
          </div>
        </form>
      )}
    </dialog>
  );
}

function titleOf(step: Step, name: string, t: Spoken['t']): string {
  if (step === 'remove') return t.crm.connections.removeTitle(name);
  return step === 'signIn' ? t.crm.connections.signInTitle(name) : t.crm.connections.editTitle;
}
