// Does what the keys mean, on the page that is shown.
import { useEffect, useRef } from 'react';
import { mayClose } from '../conversation/hint.ts';
import { crmOf } from '../crm/connections.ts';
import { arrange, neighbour, rowsOf } from '../inbox/arrange.ts';
import { summariesOf } from '../inbox/state.ts';
import { singleKeysNow } from '../preferences.ts';
import { go, type Route } from '../route.ts';
import { useWorkplace } from '../session/use-workplace.ts';
import type { Workplace } from '../session/workplace.ts';
import { type Shortcut, shortcutOf } from './shortcuts.ts';

const SECOND_KEY_MS = 1500;

export function useShortcuts(route: Route, visibleRows: () => readonly string[], toggleKeys: () => void): void {
  const workplace = useWorkplace();
  const gAt = useRef(0);
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      if (event.isComposing || document.querySelector('dialog[open]')) return;
      const shortcut = shortcutOf(
        {
          key: event.key,
          code: event.code,
          alt: event.altKey,
          ctrl: event.ctrlKey || event.metaKey,
          shift: event.shiftKey,
        },
        { inField: takesKeys(event), singleKeys: singleKeysNow(), afterG: Date.now() - gAt.current < SECOND_KEY_MS },
      );
      gAt.current = shortcut?.do === 'await' ? Date.now() : 0;
      if (!shortcut || (shortcut.do === 'field' && (event.target as HTMLElement).closest('a, button'))) return;
      if (shortcut.do !== 'out') event.preventDefault();
      act(shortcut, { workplace, route, rows: visibleRows(), toggleKeys });
    };
    addEventListener('keydown', listen);
    return () => removeEventListener('keydown', listen);
  }, [workplace, route, visibleRows, toggleKeys]);
}

/** Fields take letters; open menus take Escape for themselves. */
const takesKeys = ({ target }: KeyboardEvent): boolean =>
  target instanceof HTMLElement && target.closest('input, textarea, select, [contenteditable]') !== null;

interface Around {
  workplace: Workplace;
  route: Route;
  rows: readonly string[];
  toggleKeys: () => void;
}

function act(shortcut: Shortcut, { workplace, route, rows, toggleKeys }: Around): void {
  const shown = route.page === 'conversation' ? route.conversation : undefined;
  const show = (conversation: string | undefined): void => {
    if (conversation) go({ page: 'conversation', conversation, fromCrm: false, card: false });
  };
  const mine = (): string[] => {
    const { inbox, session } = workplace.store.get();
    return rowsOf(arrange(summariesOf(inbox), { tab: 'mine', me: session.me?.id ?? '' }));
  };
  const focus = (id: string): void => document.getElementById(id)?.focus();
  const end = (): void => {
    const { dialogues, session } = workplace.store.get();
    const transcript = shown && dialogues[shown]?.transcript;
    if (transcript && mayClose(transcript, session.me)) workplace.closing.close(transcript.conversation);
  };
  const openCrm = (): void => {
    const url = shown && crmOf(workplace.store.get().crms).rows[shown]?.record?.url;
    if (url) open(url, '_blank', 'noopener,noreferrer');
  };
  const actions: { [K in Shortcut['do']]: (shortcut: Extract<Shortcut, { do: K }>) => void } = {
    next: () => show(neighbour(rows, shown, 1)),
    previous: () => show(neighbour(rows, shown, -1)),
    mine: ({ place }) => show(mine()[place]),
    longest: () => show(mine()[0]),
    field: () => focus('composer'),
    search: () => focus('search'),
    out: () => (document.activeElement as HTMLElement | null)?.blur(),
    end,
    take: () => shown && workplace.command('take', { conversation: shown }),
    'open-crm': openCrm,
    pane: nextPane,
    go: ({ page }) => go({ page }),
    state: ({ state }) => workplace.setAvailability(state),
    keys: toggleKeys,
    await: () => undefined,
  };
  (actions[shortcut.do] as (shortcut: Shortcut) => void)(shortcut);
}

function nextPane(): void {
  const panes = [...document.querySelectorAll<HTMLElement>('[data-pane]')].filter((pane) => pane.offsetParent !== null);
  const at = panes.findIndex((pane) => pane.contains(document.activeElement));
  panes[(at + 1) % panes.length]?.focus();
}
