// Where an agent makes a card: his words, a title, a picture, buttons; beside them how the visitor will have it. What is typed stays when the dialog is closed.
import { type FormEvent, useEffect, useId, useRef, useState } from 'react';
import { useTexts } from '../locales/use-texts.ts';
import { Icon } from '../parts/icon.tsx';
import { MAX_BUTTON_LABEL, MAX_BUTTONS, MAX_CARD_TITLE, MAX_TEXT } from '../session/protocol.ts';
import { MessageCard } from './message-card.tsx';
import { type ButtonDraft, type CardDraft, type CardFault, cardOf } from './message-card-draft.ts';

interface Props {
  draft: CardDraft;
  onDraft(draft: CardDraft): void;
  words: string;
  onWords(words: string): void;
  /** The largest picture that is taken; 0: none. */
  mostBytes: number;
  newKey(): string;
  onSend(card: NonNullable<ReturnType<typeof cardOf>['card']>, picture: File | undefined): void;
  onClose(): void;
}

export function MessageCardDialog({ draft, onDraft, words, onWords, mostBytes, newKey, onSend, onClose }: Props) {
  const { t, f } = useTexts();
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  const [own, setOwn] = useState<File>();
  const [fault, setFault] = useState<CardFault | { field: 'words' | 'nothing' | 'own' }>();
  useEffect(() => dialog.current?.showModal(), []);
  const texts = t.messageCard;
  const { card } = cardOf(draft);

  const change = (to: Partial<CardDraft>): void => {
    setFault(undefined);
    onDraft({ ...draft, ...to });
  };
  const changeButton = (key: string, to: Partial<ButtonDraft>): void =>
    change({ buttons: draft.buttons.map((button) => (button.key === key ? { ...button, ...to } : button)) });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const made = cardOf(draft);
    const text = words.trim();
    if (text === '' || text.length > MAX_TEXT) return setFault({ field: 'words' });
    if (made.fault) return setFault(made.fault);
    if (own && own.size > mostBytes) return setFault({ field: 'own' });
    if (!made.card) return setFault({ field: 'nothing' });
    onSend(made.card, own);
    dialog.current?.close();
  };
  const wrong = (field: string, button?: string) => {
    const here = fault?.field === field && (!('button' in fault) || fault.button === button);
    return here ? { 'aria-invalid': true, 'aria-describedby': id } : {};
  };
  return (
    <dialog ref={dialog} className="k-dialog k-mcard" aria-labelledby={`${id}-title`} onClose={onClose}>
      <form onSubmit={submit} noValidate>
        <div className="fx">
          <h2 id={`${id}-title`} className="gr">
            {texts.title}
          </h2>
          <button type="button" className="k-ib" aria-label={t.close} onClick={() => dialog.current?.close()}>
            <Icon name="cross" />
          </button>
        </div>
        <label>
          <span className="xs q2">{texts.words}</span>
          <textarea
            className="k-in"
            rows={2}
            dir="auto"
            required
            value={words}
            onChange={(event) => {
              setFault(undefined);
              onWords(event.target.value);
            }}
            {...wrong('words')}
          />
        </label>
        <label>
          <span className="xs q2">{texts.cardTitle}</span>
          <input
            className="k-in"
            dir="auto"
            maxLength={MAX_CARD_TITLE}
            value={draft.title}
            onChange={(event) => change({ title: event.target.value })}
          />
        </label>
        <label>
          <span className="xs q2">{texts.picture}</span>
          <input
            className="k-in"
            inputMode="url"
            placeholder="https://"
            value={draft.picture}
            onChange={(event) => change({ picture: event.target.value })}
            {...wrong('picture')}
          />
        </label>
        {mostBytes > 0 && (
          <label>
            <span className="xs q2">{texts.own(f.bytes(mostBytes))}</span>
            <input
              type="file"
              accept="image/*"
              onChange={(event) => {
                setFault(undefined);
                setOwn(event.target.files?.[0]);
              }}
              {...wrong('own')}
            />
          </label>
        )}
        <fieldset>
          <legend className="xs q2">{texts.buttonsHint}</legend>
          {draft.buttons.map(({ key, label, link }, index) => (
            <div key={key} className="fx">
              <input
                className="k-in"
                dir="auto"
                maxLength={MAX_BUTTON_LABEL}
                aria-label={texts.label(index + 1)}
                placeholder={texts.label(index + 1)}
                value={label}
                onChange={(event) => changeButton(key, { label: event.target.value })}
                {...wrong('label', key)}
              />
              <input
                className="k-in"
                inputMode="url"
                aria-label={texts.link(index + 1)}
                placeholder={texts.linkHint}
                value={link}
                onChange={(event) => changeButton(key, { link: event.target.value })}
                {...wrong('link', key)}
              />
              <button
                type="button"
                className="k-ib"
                aria-label={texts.remove(index + 1)}
                onClick={() => change({ buttons: draft.buttons.filter((button) => button.key !== key) })}
              >
                <Icon name="cross" size="sm" />
              </button>
            </div>
          ))}
          {draft.buttons.length < MAX_BUTTONS && (
            <button
              type="button"
              className="k-btn sm"
              onClick={() => change({ buttons: [...draft.buttons, { key: newKey(), label: '', link: '' }] })}
            >
              {texts.add}
            </button>
          )}
        </fieldset>
        <p id={id} className="smt bad" role="alert">
          {fault && texts.faults[fault.field]}
        </p>
        {card && words.trim() !== '' && (
          <section aria-label={texts.preview}>
            <div className="xs q2">{texts.preview}</div>
            <div className="k-b me" dir="auto">
              <MessageCard card={card}>{words.trim()}</MessageCard>
            </div>
          </section>
        )}
        <div className="fx foot">
          <button type="button" className="k-btn" onClick={() => dialog.current?.close()}>
            {t.cancel}
          </button>
          <button type="submit" className="k-btn pri">
            {t.dialogue.send}
          </button>
        </div>
      </form>
    </dialog>
  );
}
