// Several people in the CRM fit a visitor: who they are, for whoever knows which of them it is. None of them: a new lead.
import type { CrmCandidate, JournalRow } from '@continuo/contracts';
import { type FormEvent, useId, useState } from 'react';
import { useTexts } from '../locales/use-texts.ts';
import { Icon } from '../parts/icon.tsx';
import { useModal } from '../parts/modal.ts';
import { choiceWords } from './failure-words.ts';
import { useCrmDesk } from './shown.ts';

const NEW_LEAD = 'new-lead';
const keyOf = ({ kind, id }: CrmCandidate): string => `${kind} ${id}`;

export function ChooseDialog({ row, name, onClose }: { row: JournalRow; name: string; onClose: () => void }) {
  const { t } = useTexts();
  const crm = useCrmDesk();
  const dialog = useModal();
  const title = useId();
  const [chosen, setChosen] = useState<string>();
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<string>();
  const candidates = row.choice?.candidates ?? [];
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const one = candidates.find((candidate) => keyOf(candidate) === chosen);
    if (!one && chosen !== NEW_LEAD) return;
    setBusy(true);
    const outcome = await crm.choose(row.conversation, one && { kind: one.kind, id: one.id });
    setBusy(false);
    if (outcome.ok) return dialog.current?.close();
    setRefused(t.refusals[outcome.refusal] ?? outcome.words);
    void crm.loadLink(row.conversation);
  };
  return (
    <dialog ref={dialog} className="k-dialog resync choose" aria-labelledby={title} onClose={onClose}>
      <form onSubmit={(event) => void submit(event)}>
        <div className="fx">
          <h2 id={title} className="gr">
            {t.crm.choose.button}
          </h2>
          <button type="button" className="k-ib" aria-label={t.close} onClick={() => dialog.current?.close()}>
            <Icon name="cross" />
          </button>
        </div>
        {row.choice && <p className="smt q2">{choiceWords(row.choice, name, { t })}</p>}
        <fieldset>
          <legend className="xs q2">{t.crm.choose.who}</legend>
          {candidates.map((one) => (
            <div key={keyOf(one)} className="fx">
              <label className="choice gr">
                <input
                  type="radio"
                  name="contact"
                  checked={chosen === keyOf(one)}
                  onChange={() => setChosen(keyOf(one))}
                />
                <span className="el">
                  <b dir="auto">{one.name ?? t.crm.choose.nameless}</b>{' '}
                  <span className="xs q2">
                    {[t.crm.record[one.kind], one.email, one.phone].filter(Boolean).join(' · ')}
                  </span>
                </span>
              </label>
              {one.url && (
                <a
                  className="k-ib"
                  href={one.url}
                  target="_blank"
                  rel="noopener noreferrer"
                  aria-label={`${t.crm.open(name)}: ${one.name ?? one.id}`}
                  title={t.crm.open(name)}
                >
                  <Icon name="out" />
                </a>
              )}
            </div>
          ))}
          <label className="choice">
            <input type="radio" name="contact" checked={chosen === NEW_LEAD} onChange={() => setChosen(NEW_LEAD)} />
            {t.crm.choose.newLead}
          </label>
        </fieldset>
        {refused !== undefined && (
          <p className="smt bad" role="alert">
            {refused}
          </p>
        )}
        <div className="fx foot">
          <button type="button" className="k-btn" onClick={() => dialog.current?.close()}>
            {t.cancel}
          </button>
          <button type="submit" className="k-btn pri" disabled={busy || chosen === undefined}>
            {t.crm.choose.go}
          </button>
        </div>
      </form>
    </dialog>
  );
}
