// Which key means what. Pure. Letters are read by their place on the keyboard, so they work in Russian layout as well.
import type { AgentState } from '@continuo/contracts';

export type Shortcut =
  | { do: 'next' | 'previous' | 'field' | 'out' | 'end' | 'search' | 'keys' | 'take' | 'open-crm' | 'pane' | 'longest' }
  | { do: 'mine'; place: number }
  | { do: 'go'; page: 'inbox' | 'crm' }
  | { do: 'state'; state: AgentState }
  /** First key of two. */
  | { do: 'await' };

export interface Key {
  key: string;
  code: string;
  alt: boolean;
  ctrl: boolean;
  shift: boolean;
}
export interface KeyPlace {
  /** The key is pressed in a field, where letters are text. */
  inField: boolean;
  singleKeys: boolean;
  /** `G` was pressed just before. */
  afterG: boolean;
}

const STATES: readonly AgentState[] = ['online', 'busy', 'away', 'offline'];
const LETTERS: Record<string, Shortcut> = {
  KeyJ: { do: 'next' },
  KeyK: { do: 'previous' },
  KeyE: { do: 'end' },
  KeyA: { do: 'take' },
  KeyC: { do: 'open-crm' },
  KeyG: { do: 'await' },
  Enter: { do: 'field' },
};

export function shortcutOf(key: Key, place: KeyPlace): Shortcut | undefined {
  if (key.key === 'Escape') return { do: 'out' };
  if (key.key === 'F6') return { do: 'pane' };
  const digit = /^(?:Digit|Numpad)([1-5])$/.exec(key.code)?.[1];
  if (key.ctrl) return undefined;
  if (key.alt) {
    if (key.code === 'ArrowUp') return { do: 'longest' };
    const state = digit && STATES[Number(digit) - 1];
    return state ? { do: 'state', state } : undefined;
  }
  if (place.inField || !place.singleKeys) return undefined;
  if (place.afterG) {
    if (key.code === 'KeyI') return { do: 'go', page: 'inbox' };
    if (key.code === 'KeyC') return { do: 'go', page: 'crm' };
  }
  if (key.key === '?') return { do: 'keys' };
  if (key.key === '/' || (key.code === 'Slash' && !key.shift)) return { do: 'search' };
  if (key.shift) return undefined;
  return digit ? { do: 'mine', place: Number(digit) - 1 } : LETTERS[key.code];
}
