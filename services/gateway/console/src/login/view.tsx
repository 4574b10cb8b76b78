// The login page. It never says which of e-mail and password was wrong; too many tries are answered with the time of the next one.
import { type FormEvent, useEffect, useId, useState } from 'react';
import { stopwatch } from '../locales/format.ts';
import { useTexts } from '../locales/use-texts.ts';
import { Icon } from '../parts/icon.tsx';
import { prefer } from '../preferences.ts';
import { useRoute } from '../route.ts';
import { afterAnswer, type LoginForm, logIn, secondsLocked } from './state.ts';

export function LoginPage({ ended, onLoggedIn }: { ended: boolean; onLoggedIn: () => void }) {
  const { t, language } = useTexts();
  const route = useRoute();
  const [form, setForm] = useState<LoginForm>({ kind: 'ready' });
  const [seen, setSeen] = useState(false);
  const locked = useLocked(form);
  const ids = { title: useId(), email: useId(), password: useId(), trouble: useId() };
  const trouble = troubleOf(form, locked, t.login);

  async function submit(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    setForm({ kind: 'sending' });
    const answer = await logIn(String(fields.get('email')).trim(), String(fields.get('password')));
    if (answer.kind === 'welcome') onLoggedIn();
    else setForm(afterAnswer(answer, Date.now()));
  }
  const lead = ended ? t.login.ended : route.page === 'conversation' ? t.login.toDialogue : t.login.lead;

  return (
    <main className="k-login">
      <form className="k-card" onSubmit={submit} aria-labelledby={ids.title}>
        <div className="brand">
          <Icon name="mark" />
          <span>{t.brand}</span>
        </div>
        <h1 id={ids.title}>{t.login.title}</h1>
        <p className="q2">{lead}</p>
        <label htmlFor={ids.email}>{t.login.email}</label>
        {/* biome-ignore lint/a11y/noAutofocus: the page has this one purpose */}
        <input id={ids.email} name="email" type="email" autoComplete="username" required autoFocus />
        <label htmlFor={ids.password}>{t.login.password}</label>
        <div className="pw">
          <input
            id={ids.password}
            name="password"
            type={seen ? 'text' : 'password'}
            autoComplete="current-password"
            required
            aria-describedby={trouble ? ids.trouble : undefined}
            aria-invalid={trouble ? true : undefined}
          />
          <button
            type="button"
            className="k-ib"
            aria-pressed={seen}
            aria-label={t.login.show}
            title={t.login.show}
            onClick={() => setSeen(!seen)}
          >
            <Icon name="eye" />
          </button>
        </div>
        <p id={ids.trouble} className="trouble" role="alert">
          {trouble && (
            <>
              <Icon name="warning" size="sm" />
              <span>{trouble}</span>
            </>
          )}
        </p>
        <button type="submit" className="k-btn pri" disabled={form.kind === 'sending' || locked > 0}>
          {form.kind === 'sending' ? t.login.sending : t.login.submit}
        </button>
      </form>
      <button
        type="button"
        className="k-btn ghost"
        lang={language === 'en' ? 'ru' : 'en'}
        onClick={() => prefer({ language: language === 'en' ? 'ru' : 'en' })}
      >
        {language === 'en' ? 'Русский' : 'English'}
      </button>
    </main>
  );
}

function troubleOf(
  form: LoginForm,
  locked: number,
  t: { wrong: string; unreachable: string; locked: (time: string) => string },
) {
  if (locked > 0) return t.locked(stopwatch(locked * 1000));
  return form.kind === 'ready' && form.trouble ? t[form.trouble] : undefined;
}

function useLocked(form: LoginForm): number {
  const [, tick] = useState(0);
  const locked = secondsLocked(form, Date.now());
  useEffect(() => {
    if (form.kind !== 'locked') return;
    const timer = setInterval(() => tick((n) => n + 1), 1000);
    return () => clearInterval(timer);
  }, [form]);
  return locked;
}
