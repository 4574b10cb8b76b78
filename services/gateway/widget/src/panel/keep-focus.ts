// The keyboard keeps a place in the panel: when what had it goes off the screen (a form that was sent, a button that was pressed), the next thing
// to write in takes over. Never while the keyboard is elsewhere on the page.

/** A finger: a field would raise the keyboard of the screen over what the visitor looks at. */
const TOUCH = matchMedia('(pointer: coarse)').matches;
const WRITTEN_IN = 'textarea,input:not([type=radio])';

export function keepFocus(root: HTMLElement): void {
  let had: HTMLElement | undefined;
  root.addEventListener('focusin', ({ target }) => {
    had = target as HTMLElement;
  });
  root.addEventListener('focusout', () => {
    const left = had;
    // Some browsers tell of it also while they take the element away: that is seen only after.
    queueMicrotask(() => {
      if (left?.isConnected && left === had) had = undefined;
    });
  });
  new MutationObserver(() => {
    if (!had || had.isConnected || document.activeElement !== document.body || !document.hasFocus()) return;
    focusField(root, TOUCH && !had.matches(WRITTEN_IN));
  }).observe(root, { childList: true, subtree: true });
}

/** Where the visitor writes, or else reads. */
export function focusField(root: ParentNode, toRead = false): void {
  const place = root.querySelector<HTMLElement>(toRead ? '.co-log,.co-form' : '.ta,.co-form textarea');
  place?.focus({ preventScroll: true });
}

/** To the first field that is found wrong, once that is drawn. */
export function toWrong(form: HTMLElement | null): void {
  setTimeout(() => form?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus());
}
