// What is wrong with the widget, as it stands, for people who see it otherwise than its makers: by a screen reader, on a dark screen, in the colours of their
// system, or twice as large.
import type { Page } from 'playwright-core';
import { accessibilityFaults, frameOf } from './browsers.ts';

const WINDOW = { width: 1366, height: 860 };
/** The same window at 200 %. */
const TWICE_AS_LARGE = { width: WINDOW.width / 2, height: WINDOW.height / 2 };

export async function faultsForOthers(page: Page): Promise<string[]> {
  const faults: string[] = [];
  const note = (how: string, found: string[]) => faults.push(...found.map((fault) => `${how}: ${fault}`));
  const open = await page.locator('continuo-chat iframe').isVisible();
  const panel = frameOf(page);
  // Beside an open panel the page is what it was.
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    note(colorScheme, await accessibilityFaults(open ? panel : page));
  }
  const shown = open ? [page, panel] : [page];
  await page.emulateMedia({ colorScheme: 'light', forcedColors: 'active' });
  for (const one of shown) {
    note('forced colours', await one.evaluate(unmarked));
    note('forced colours', await one.evaluate(alike));
    note('forced colours', await one.evaluate(unseenFocus));
  }
  await page.emulateMedia({ forcedColors: 'none' });
  await page.setViewportSize(TWICE_AS_LARGE);
  if (open) {
    // A frame with a process of its own hears of it later.
    const box = await page.locator('continuo-chat iframe').boundingBox();
    await panel.waitForFunction((height) => Math.abs(innerHeight - height) < 1, box?.height ?? 0);
  }
  for (const one of shown) note('200 %', await one.evaluate(lost));
  await page.setViewportSize(WINDOW);
  return faults;
}

/** Runs in the page: what nothing but a colour or a shadow marks off, where the system takes both away. */
function unmarked(): string[] {
  const root = document.querySelector('continuo-chat')?.shadowRoot ?? document;
  const all = root.querySelectorAll(
    'button, iframe, textarea, input, a.co-chip, label:has(input), .co-b, .co-box, .co-in, .co-card, .co-queue, .co-line, .co-note, .co-typing i',
  );
  return [...all].flatMap((one) => {
    // What lies without a look of its own in something that is marked.
    const within = one.matches('input, textarea') ? one.closest('.co-box, .co-in, label') : undefined;
    const { borderBottomStyle, borderBottomWidth, borderTopStyle, borderTopWidth } = getComputedStyle(within ?? one);
    const marked = [
      [borderBottomStyle, borderBottomWidth],
      [borderTopStyle, borderTopWidth],
    ].some(([style, width]) => style !== 'none' && Number.parseFloat(width as string) > 0);
    return marked ? [] : [one.outerHTML.slice(0, 80)];
  });
}

/** Runs in the page: what is chosen, wrong, or the visitor's own place, and looks like what is not. */
function alike(): string[] {
  const root = document.querySelector('continuo-chat')?.shadowRoot ?? document;
  const look = (one: Element): string =>
    [one, ...one.querySelectorAll('path')]
      .map((part) => `${getComputedStyle(part).borderTopWidth} ${getComputedStyle(part).fill}`)
      .join();
  const MARKED = '.on, .you, .co-in.bad';
  return [...root.querySelectorAll(MARKED)].flatMap((one) => {
    const among = one.matches('.co-in') ? root.querySelectorAll('.co-in') : (one.parentElement?.children ?? []);
    const others = [...among].filter((other) => !other.matches(MARKED) && other.tagName === one.tagName);
    return others.some((other) => look(other) === look(one))
      ? [`looks like others: ${one.outerHTML.slice(0, 80)}`]
      : [];
  });
}

/** Runs in the page: what has the keyboard and does not show it by a line. */
function unseenFocus(): string[] {
  const root = document.querySelector('continuo-chat')?.shadowRoot ?? document;
  const before = document.activeElement as HTMLElement | null;
  const unseen = [...root.querySelectorAll<HTMLElement>('button, a[href], input, textarea, [tabindex="0"]')].flatMap(
    (one) => {
      // As by keyboard, also what has it already.
      one.blur();
      one.focus({ focusVisible: true, preventScroll: true } as FocusOptions);
      if (root.activeElement !== one)
        return one.checkVisibility() && !one.matches(':disabled')
          ? [`takes no focus: ${one.outerHTML.slice(0, 80)}`]
          : [];
      const shown = [one, one.closest('.co-box, .co-in, label')].some(
        (box) => box && getComputedStyle(box).outlineStyle !== 'none' && getComputedStyle(box).opacity !== '0',
      );
      return shown ? [] : [`no line around the focus: ${one.outerHTML.slice(0, 80)}`];
    },
  );
  before?.focus({ preventScroll: true });
  return unseen;
}

/** Runs in the page: what is out of sight and cannot be scrolled into it. */
function lost(): string[] {
  const { scrollWidth, clientWidth, clientHeight } = document.documentElement;
  const root = document.querySelector('continuo-chat')?.shadowRoot ?? document;
  const out = [...root.querySelectorAll('button, textarea, input, h2, h3, iframe')].flatMap((one) => {
    if (!one.checkVisibility()) return [];
    one.scrollIntoView({ block: 'nearest' });
    const { left, right, top, bottom, height } = one.getBoundingClientRect();
    // Code can scroll what hides its overflow; nobody else can.
    let hidden = false;
    /** It is scrolled through. */
    let tall = false;
    for (let box = one.parentElement; box; box = box.parentElement) {
      const { overflowY } = getComputedStyle(box);
      hidden ||= overflowY === 'hidden' && (box.scrollTop !== 0 || box.scrollLeft !== 0);
      tall ||= overflowY === 'auto' && height > box.clientHeight;
    }
    // A pixel may be broken.
    const inHeight = tall ? top < clientHeight && bottom > 0 : top > -1 && bottom < clientHeight + 1;
    const inReach = left > -1 && right < clientWidth + 1 && inHeight;
    const at = [left, top, right, bottom].map(Math.round);
    return inReach && !hidden ? [] : [`${one.outerHTML.slice(0, 80)} at ${at} of ${clientWidth} × ${clientHeight}`];
  });
  return scrollWidth > clientWidth ? [`${scrollWidth} px wide on ${clientWidth}`, ...out] : out;
}
