// Where the focus is when something comes or goes: in the first field of a dialog, or on what is to be read there, and never nowhere at all.
import { type RefObject, useEffect, useLayoutEffect, useRef } from 'react';

const FIELD = 'input, select, textarea';

/**
 * Opens a dialog over the page. The focus begins in its first field; where there is none on its heading, so that a screen reader says what is asked.
 * @param step changes when other things stand in it: then the focus begins anew
 */
export function useModal(step?: unknown): RefObject<HTMLDialogElement | null> {
  const dialog = useRef<HTMLDialogElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: begins anew with each step
  useEffect(() => {
    const one = dialog.current;
    if (!one) return;
    if (!one.open) one.showModal();
    (one.querySelector<HTMLElement>(FIELD) ?? one.querySelector<HTMLElement>('h2'))?.focus();
  }, [step]);
  return dialog;
}

/** For what may go while somebody is at it, as a button that has done its work: the page’s heading has the focus then. */
export function useHandsFocusOn<Kind extends HTMLElement>(): RefObject<Kind | null> {
  const mine = useRef<Kind>(null);
  useLayoutEffect(() => {
    const one = mine.current;
    return () => {
      if (!one?.contains(document.activeElement)) return;
      one.querySelector<HTMLDialogElement>('dialog[open]')?.close();
      heading()?.focus({ preventScroll: true });
    };
  }, []);
  return mine;
}

/**
 * When a page shows something else, and what had the focus went with what was shown before: its heading has it then.
 * @param shown what it is
 */
export function useFocusKept(shown: string): void {
  const before = useRef(shown);
  useEffect(() => {
    if (before.current !== shown && document.activeElement === document.body) heading()?.focus({ preventScroll: true });
    before.current = shown;
  }, [shown]);
}

const heading = (): HTMLElement | null => document.querySelector('main h1');
