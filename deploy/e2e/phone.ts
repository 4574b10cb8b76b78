// The widget on a small screen that is touched.
import type { Page } from 'playwright-core';
import { frameOf } from './browsers.ts';

export const PHONE = { viewport: { width: 360, height: 640 }, hasTouch: true, isMobile: true } as const;

/** What does not fit on the screen, or is missed by a finger; page and panel as they stand. */
export async function phoneFaults(page: Page): Promise<string[]> {
  const wide = (await Promise.all([page, frameOf(page)].map((one) => one.evaluate(wider)))).flat();
  return [...wide, ...(await smallTargets(page))];
}

/**
 * A moment after the panel was minimised by its own button it leaves its place in the history; whoever goes on sooner may be held up by that. For two seconds at
 * most: where the browser has counted its places late the panel leaves its own there.
 */
export const hasGoneBack = (page: Page): Promise<void> =>
  frameOf(page).evaluate(async () => {
    const { navigation } = globalThis as unknown as { navigation: { canGoBack: boolean } };
    for (let looks = 0; looks < 20 && navigation.canGoBack; looks++)
      await new Promise((resolve) => setTimeout(resolve, 100));
  });

/** Runs in the page: what scrolls sideways. */
function wider(): string[] {
  return [document.documentElement, ...document.querySelectorAll('.co-log, .co-form')].flatMap((one) =>
    one.scrollWidth > one.clientWidth
      ? [`${one.tagName}.${one.className}: ${one.scrollWidth} px on ${one.clientWidth}`]
      : [],
  );
}

/** Buttons and fields of the panel that a finger 21 px beside their middle misses; what counts is where they are hit, not how they look. */
export const smallTargets = (page: Page): Promise<string[]> =>
  frameOf(page).evaluate(() =>
    [...document.querySelectorAll('button, input, textarea, a.co-chip')].flatMap((target) => {
      // What is not shown on this screen.
      if (!target.checkVisibility()) return [];
      target.scrollIntoView({ block: 'nearest' });
      const { x, y, width, height } = target.getBoundingClientRect();
      const [left, top] = [x + width / 2, y + height / 2];
      const beside: [number, number][] = [
        [left - 21, top],
        [left + 21, top],
        [left, top - 21],
        [left, top + 21],
      ];
      // What stands around a field belongs to it.
      const [label, frame] = target.matches('input, textarea')
        ? [target.closest('label'), target.closest('.co-box, .co-in')]
        : [];
      const missed = beside.some(([at, down]) => {
        const hit = document.elementFromPoint(at, down);
        return !target.contains(hit) && !label?.contains(hit) && hit !== frame;
      });
      return missed ? [`${target.outerHTML.slice(0, 80)}: ${width} × ${height}`] : [];
    }),
  );
