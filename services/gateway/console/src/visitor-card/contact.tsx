// Who the visitor is, and the place where an agent writes down what he learned. Only what was changed is sent.
import type { Contact } from '@continuo/contracts';
import type { TranscriptHead } from '@continuo/transcript';
import { type FormEvent, useId, useState } from 'react';
import { useTexts } from '../locales/use-texts.ts';
import { Face, visitorName } from '../parts/face.tsx';
import { Icon } from '../parts/icon.tsx';
import { useConsole, useNow, useWorkplace } from '../session/use-workplace.ts';

export function ContactSection({ head }: { head: TranscriptHead }) {
  const { t } = useTexts();
  const [editing, setEditing] = useState(false);
  const { contact, visitor } = head;
  return (
    <section className="k-sec">
      <div className="fx who">
        <Face id={visitor} name={contact.name ?? contact.email} size="s48" />
        <div className="gr">
          <div className="str el name">{visitorName(visitor, contact, t)}</div>
          <div className="smt q2 el">{contact.email ?? t.card.noEmail}</div>
        </div>
        {contact.email && (
          <button
            type="button"
            className="k-ib"
            aria-label={t.card.copy}
            title={t.card.copy}
            onClick={() => navigator.clipboard?.writeText(contact.email ?? '')}
          >
            <Icon name="copy" />
          </button>
        )}
        <button
          type="button"
          className={`k-ib ${editing ? 'on' : ''}`}
          aria-label={t.card.edit}
          title={t.card.edit}
          aria-expanded={editing}
          onClick={() => setEditing(!editing)}
        >
          <Icon name="edit" />
        </button>
      </div>
      {editing ? <ContactForm head={head} onDone={() => setEditing(false)} /> : <Known head={head} />}
    </section>
  );
}

function Known({ head }: { head: TranscriptHead }) {
  const { t, f } = useTexts();
  const now = useNow();
  const card = useConsole((state) => state.cards[head.visitor]);
  return (
    <div className="k-kv known">
      {head.contact.phone && (
        <>
          <Icon name="phone" />
          <span className="num">{head.contact.phone}</span>
        </>
      )}
      <Icon name="language" />
      <span>{t.card.speaks(f.language(head.language))}</span>
      {card?.identity && (
        <>
          <Icon name="check" />
          <span>{t.card.signedIn(identityName(card.identity))}</span>
        </>
      )}
      {card?.firstSeenAt !== undefined && (
        <>
          <Icon name="calendar" />
          <span>{t.card.firstSeen(f.dayAndTime(card.firstSeenAt, now))}</span>
        </>
      )}
    </div>
  );
}

const identityName = ({ name, email, externalId }: Contact): string =>
  [name ?? email, externalId].filter(Boolean).join(' · ');

const FIELDS = ['name', 'email', 'phone'] as const;
type Field = (typeof FIELDS)[number];
const KIND: Record<Field, string> = { name: 'text', email: 'email', phone: 'tel' };

function ContactForm({ head, onDone }: { head: TranscriptHead; onDone: () => void }) {
  const { t } = useTexts();
  const workplace = useWorkplace();
  const id = useId();
  const [trouble, setTrouble] = useState<{ field?: Field; words: string }>();
  const [saving, setSaving] = useState(false);

  async function save(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const changed = FIELDS.map((field) => [field, String(form.get(field)).trim()] as const).filter(
      ([field, value]) => value !== '' && value !== (head.contact[field] ?? ''),
    );
    if (changed.length === 0) return onDone();
    setSaving(true);
    const outcome = await workplace.command('identify-contact', {
      conversation: head.conversation,
      ...Object.fromEntries(changed),
    });
    setSaving(false);
    if (outcome.ok) return onDone();
    if (outcome.refusal === 'invalid-email') setTrouble({ field: 'email', words: t.card.invalidEmail });
    else if (outcome.refusal === 'invalid-phone') setTrouble({ field: 'phone', words: t.card.invalidPhone });
    else setTrouble({ words: t.refusals[outcome.refusal] ?? outcome.words });
  }
  return (
    <form className="k-edit" onSubmit={save} noValidate>
      {FIELDS.map((field) => (
        <label key={field}>
          <span className="xs q2">{t.card[field]}</span>
          <input
            className="k-in"
            name={field}
            type={KIND[field]}
            defaultValue={head.contact[field] ?? ''}
            maxLength={120}
            autoComplete="off"
            aria-invalid={trouble?.field === field || undefined}
            aria-describedby={trouble ? id : undefined}
          />
        </label>
      ))}
      <p id={id} className="xs bad" role="alert">
        {trouble?.words}
      </p>
      <div className="fx">
        <button type="submit" className="k-btn sm pri" disabled={saving}>
          {t.save}
        </button>
        <button type="button" className="k-btn sm" onClick={onDone}>
          {t.cancel}
        </button>
      </div>
    </form>
  );
}
