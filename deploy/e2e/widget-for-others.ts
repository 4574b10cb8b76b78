// What is wrong with the widget, as it stands, for people who see it otherwise than its makers: by a screen reader, on a dark screen, in the colours of their
// system, or twice as large.
import type { Page } from 'playwright-core';
import { accessibilityFaults, frameOf } from './browsers.ts';

const WINDOW = { width: 1366, height: 860 };
/** The same window at 200 %. */
const TWICE_AS_LARGE = { width: WINDOW.width / 2, height: WINDOW.height / 2 };

export async function faultsForOthers(page: Page, schemes: readonly ('light' | 'dark')[]): Promise<string[]> {
  const faults: string[] = [];
  const note = (how: string, found: string[]) => faults.push(...found.map((fault) => `${how}: ${fault}`));
  const open = await page.locator('continuo-chat iframe').isVisible();
  const panel = frameOf(page);
  // Beside an open panel the page is what it was.
  for (const colorScheme of schemes) {
    await page.emulateMedia({ colorScheme });
    note(colorScheme, await accessibilityFaults(open ? panel : page));
  }
  const shown = open ? [page, panel] : [page];
  await page.emulateMedia({ colorScheme: 'light', forcedColors: 'active' });
  for (const one of shown) note('forced colours', await one.evaluate(unmarked));
  await page.emulateMedia({ forcedColors: 'none' });
  await page.setViewportSize(TWICE_AS_LARGE);
  for (const one of shown) note('200 %', await one.evaluate(lost));
  await page.setViewportSize(WINDOW);
  return faults;
}

/** Runs in the page: what nothing but a colour or a shadow marks off, where the system takes both away. What has words or a picture needs no line around it. */
function unmarked(): string[] {
  const root = document.querySelector('continuo-chat')?.shadowRoot ?? document;
  const all = root.querySelectorAll(
    'button, iframe, .co-b, .co-box, .co-in, .co-chip, .co-card, .co-queue, .co-pick, .co-line',
  );
  return [...all].flatMap((one) => {
    const { borderTopStyle, borderTopWidth } = getComputedStyle(one);
    const marked = borderTopStyle !== 'none' && Number.parseFloat(borderTopWidth) > 0;
    const speaks = one.matches('button') && (one.querySelector('img') || /\p{L}{2}/u.test(one.textContent ?? ''));
    return marked || speaks ? [] : [one.outerHTML.slice(0, 80)];
  });
}

/** Runs in the page: what is out of sight and cannot be scrolled into it. */
function lost(): string[] {
  const { scrollWidth, clientWidth, clientHeight } = document.documentElement;
  const root = document.querySelector('continuo-chat')?.shadowRoot ?? document;
  const out = [...root.querySelectorAll('button, textarea, input, h2, h3, iframe')].flatMap((one) => {
    if (!one.checkVisibility()) return [];
    one.scrollIntoView({ block: 'nearest' });
    const { left, right, top, bottom } = one.getBoundingClientRect();
    // A pixel may be broken.
    const inReach = left > -1 && top > -1 && right < clientWidth + 1 && bottom < clientHeight + 1;
    // Code can scroll what hides its overflow; nobody else can.
    let hidden = false;
    for (let box = one.parentElement; box; box = box.parentElement)
      hidden ||= getComputedStyle(box).overflowY === 'hidden' && (box.scrollTop !== 0 || box.scrollLeft !== 0);
    const at = [left, top, right, bottom].map(Math.round);
    return inReach && !hidden ? [] : [`${one.outerHTML.slice(0, 80)} at ${at} of ${clientWidth} × ${clientHeight}`];
  });
  return scrollWidth > clientWidth ? [`${scrollWidth} px wide on ${clientWidth}`, ...out] : out;
}
