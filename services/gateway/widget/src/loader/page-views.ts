// Which pages the visitor opens, also where a site navigates by script. It looks at the address once a second and patches nothing.
import type { Page } from '@continuo/contracts';

const LOOK_EVERY = 1_000;
const TITLE_AFTER = 300;

export function watchPages(viewed: (page: Page) => void): void {
  let last = '';
  const look = () => {
    // Of the part after `#` only what names a page: `#/path` and `#!path` do, `#anchor` does not.
    const url = location.href.replace(/#(?![/!]).*/, '');
    if (url === last) return;
    const referrer = last || document.referrer;
    last = url;
    // Pages that navigate by script set their title after the address.
    setTimeout(() => viewed({ url, title: document.title, referrer }), TITLE_AFTER);
  };
  look();
  setInterval(look, LOOK_EVERY);
  // Shown again from the browser's memory: viewed again.
  addEventListener('pageshow', (event) => {
    if (event.persisted) last = '';
  });
}
