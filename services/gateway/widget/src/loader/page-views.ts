// Which pages the visitor opens, also where a site navigates by script. It patches nothing: the browser tells of each
// change where it can, else the address is looked at once a second.
import type { Page } from '@continuo/contracts';

const LOOK_EVERY = 1_000;
const TITLE_AFTER = 300;

/**
 * @param looked at each look
 * @param over when the watching ends
 */
export function watchPages(viewed: (page: Page) => void, looked: () => void, over: AbortSignal): void {
  let last = '';
  const look = () => {
    looked();
    // Of the part after `#` only what names a page: `#/path` and `#!path` do, `#anchor` does not.
    const url = location.href.replace(/#(?![/!]).*/, '');
    if (url === last) return;
    const referrer = last || document.referrer;
    last = url;
    // Pages that navigate by script set their title after the address.
    setTimeout(() => over.aborted || viewed({ url, title: document.title, referrer }), TITLE_AFTER);
  };
  look();
  const timer = setInterval(look, LOOK_EVERY);
  over.onabort = () => clearInterval(timer);
  (window as { navigation?: EventTarget }).navigation?.addEventListener('currententrychange', look, { signal: over });
  // Shown again from the browser's memory: viewed again.
  addEventListener(
    'pageshow',
    (event) => {
      if (event.persisted) last = '';
    },
    { signal: over },
  );
}
