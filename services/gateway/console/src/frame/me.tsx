// The agent himself: availability, load, language, theme, logging out. A menu on the rail, a page on phones.
import type { AgentState } from '@continuo/contracts';
import { useEffect, useId, useRef, useState } from 'react';
import { useTexts } from '../locales/use-texts.ts';
import { Face } from '../parts/face.tsx';
import { Icon } from '../parts/icon.tsx';
import { Load, Presence } from '../parts/presence.tsx';
import { prefer, useTheme } from '../preferences.ts';
import { myDesk } from '../session/state.ts';
import { useConsole, useWorkplace } from '../session/use-workplace.ts';

const STATES: readonly AgentState[] = ['online', 'busy', 'away', 'offline'];

/** How the agent's desk looks at the moment. */
export function useMyDesk() {
  const session = useConsole((state) => state.session);
  return { me: session.me, ...myDesk(session) };
}

export function MeButton({ onLogout }: { onLogout: () => Promise<void> }) {
  const { t } = useTexts();
  const { me, state, load, capacity } = useMyDesk();
  const [open, setOpen] = useState(false);
  const menu = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const id = useId();
  useEffect(() => {
    if (!open) return;
    menu.current?.querySelector<HTMLElement>('[aria-checked="true"]')?.focus();
    const away = (event: Event): void => {
      if (!menu.current?.parentElement?.contains(event.target as Node)) setOpen(false);
    };
    const onEscape = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape') return;
      setOpen(false);
      button.current?.focus();
    };
    addEventListener('pointerdown', away);
    addEventListener('keydown', onEscape);
    return () => {
      removeEventListener('pointerdown', away);
      removeEventListener('keydown', onEscape);
    };
  }, [open]);

  const words = t.availability[state];
  return (
    <div className="k-mine">
      <button
        ref={button}
        type="button"
        className="k-nav tall"
        aria-label={t.availability.label(words, load, capacity)}
        aria-expanded={open}
        aria-controls={id}
        onClick={() => setOpen(!open)}
      >
        <span className="k-me">
          <Face id={me?.id ?? ''} name={me?.name} photo={me?.photo} size="s32" />
          <Presence state={state} />
        </span>
        <span>{words}</span>
        <Load load={load} capacity={capacity} label={t.availability.load(load, capacity)} />
      </button>
      {open && (
        <div ref={menu} id={id} className="k-pop">
          <Mine onLogout={onLogout} onChosen={() => setOpen(false)} />
        </div>
      )}
    </div>
  );
}

export function MePage({ onLogout }: { onLogout: () => Promise<void> }) {
  const { t } = useTexts();
  const { load, capacity } = useMyDesk();
  return (
    <main className="k-mepage">
      <div className="fx">
        <h1 className="gr">{t.nav.me}</h1>
        <Load load={load} capacity={capacity} label={t.availability.load(load, capacity)} />
        <span className="xs q2 num">
          {load}/{capacity}
        </span>
      </div>
      <Mine onLogout={onLogout} onChosen={() => undefined} />
    </main>
  );
}

function Mine({ onLogout, onChosen }: { onLogout: () => Promise<void>; onChosen: () => void }) {
  const { t, language } = useTexts();
  const theme = useTheme();
  const { me, state } = useMyDesk();
  const workplace = useWorkplace();
  const [leaving, setLeaving] = useState(false);
  return (
    <>
      <div className="who fx">
        <Face id={me?.id ?? ''} name={me?.name} photo={me?.photo} />
        <div className="gr">
          <div className="str el">{me?.name}</div>
          <div className="xs q2 el">{me?.email}</div>
        </div>
      </div>
      <div className="states" role="radiogroup" aria-label={t.availability.title}>
        {STATES.map((choice, place) => (
          // biome-ignore lint/a11y/useSemanticElements: a button that is one of four states and acts at once
          <button
            key={choice}
            type="button"
            role="radio"
            aria-checked={choice === state}
            onClick={() => {
              onChosen();
              void workplace.setAvailability(choice);
            }}
          >
            <Presence state={choice} />
            <span className="gr">
              <b>{t.availability[choice]}</b>
              <small>{t.availability.hints[choice]}</small>
            </span>
            <kbd>Alt {place + 1}</kbd>
          </button>
        ))}
      </div>
      <Choice
        label={t.availability.language}
        value={language}
        choices={{ en: 'English', ru: 'Русский' }}
        choose={(chosen) => prefer({ language: chosen })}
      />
      <Choice
        label={t.availability.theme}
        value={theme}
        choices={{ light: t.availability.light, dark: t.availability.dark }}
        choose={(chosen) => prefer({ theme: chosen })}
      />
      <button
        type="button"
        className="k-btn out leave"
        disabled={leaving}
        onClick={() => {
          setLeaving(true);
          void onLogout();
        }}
      >
        <Icon name="leave" size="sm" />
        {leaving ? t.availability.loggingOut : t.availability.logout}
      </button>
    </>
  );
}

function Choice<Value extends string>(props: {
  label: string;
  value: Value;
  choices: Record<Value, string>;
  choose: (value: Value) => void;
}) {
  const values = Object.keys(props.choices) as Value[];
  return (
    <div className="choice fx">
      <span className="gr smt q2">{props.label}</span>
      <fieldset className="k-seg" aria-label={props.label}>
        {values.map((value) => (
          <button
            key={value}
            type="button"
            className={value === props.value ? 'on' : ''}
            aria-pressed={value === props.value}
            onClick={() => props.choose(value)}
          >
            {props.choices[value]}
          </button>
        ))}
      </fieldset>
    </div>
  );
}
