// What an administrator changes of a connection: its name, or what it is let in with; or he takes it away, after he was told what that means.
import { type FormEvent, useId, useState } from 'react';
import { type Spoken, useTexts } from '../locales/use-texts.ts';
import { Icon } from '../parts/icon.tsx';
import { useModal } from '../parts/modal.ts';
import { go } from '../route.ts';
import type { Outcome } from '../session/requests.ts';
import { useConsole, useWorkplace } from '../session/use-workplace.ts';
import { isListed } from './connections.ts';
import type { Editing, EditStep } from './editing.ts';
import { Name } from './name-field.tsx';
import { SignIn } from './sign-in.tsx';

export function EditDialog({ connection, name, first, onClose }: Editing & { onClose: () => void }) {
  const { t } = useTexts();
  const { crms } = useWorkplace();
  const id = useId();
  const [called, setCalled] = useState(name);
  const [wanted, setStep] = useState<EditStep>(first);
  const [busy, setBusy] = useState(false);
  const listed = useConsole((state) => state.crms.list === undefined || isListed(state.crms, connection));
  // What is taken away from here needs no word.
  const step = listed || busy ? wanted : 'gone';
  const dialog = useModal(step);
  const close = () => dialog.current?.close();
  const run = async (act: () => Promise<Outcome>, then = () => {}): Promise<void> => {
    setBusy(true);
    const outcome = await act();
    if (!outcome.ok) return setBusy(false);
    close();
    then();
  };
  const rename = (event: FormEvent): void => {
    event.preventDefault();
    void run(() => crms.rename(connection, called.trim()));
  };
  const home = () => go({ page: 'crm' });
  return (
    <dialog ref={dialog} className="k-dialog resync connecting" aria-labelledby={`${id}-title`} onClose={onClose}>
      <div className="fx">
        <h2 id={`${id}-title`} className="gr" tabIndex={-1} aria-describedby={`${id}-text`}>
          {titleOf(step, name, t)}
        </h2>
        <button type="button" className="k-ib" aria-label={t.close} onClick={close}>
          <Icon name="cross" />
        </button>
      </div>
      {step === 'gone' && (
        <>
          <p id={`${id}-text`} className="smt q2">
            {t.crm.connections.goneMeanwhile}
          </p>
          <div className="fx foot">
            <button
              type="button"
              className="k-btn pri"
              onClick={() => {
                close();
                home();
              }}
            >
              {t.crm.connections.toList}
            </button>
          </div>
        </>
      )}
      {step === 'signIn' && <SignIn connection={connection} close={close} />}
      {step === 'remove' && (
        <>
          <p id={`${id}-text`} className="smt q2">
            {t.crm.connections.removeText(name, connection)}
          </p>
          <div className="fx foot">
            <button type="button" className="k-btn" onClick={() => setStep('name')}>
              {t.cancel}
            </button>
            <button
              type="button"
              className="k-btn pri"
              disabled={busy}
              onClick={() => void run(() => crms.remove(connection), home)}
            >
              {t.crm.connections.remove}
            </button>
          </div>
        </>
      )}
      {step === 'name' && (
        <form onSubmit={rename}>
          <Name value={called} onChange={setCalled} connection={connection} />
          <p className="xs q2">{t.crm.connections.idIs(connection)}</p>
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

function titleOf(step: EditStep | 'gone', name: string, t: Spoken['t']): string {
  const words = t.crm.connections;
  if (step === 'gone') return words.goneTitle(name);
  if (step === 'remove') return words.removeTitle(name);
  return step === 'signIn' ? words.signInTitle(name) : words.editTitle;
}
