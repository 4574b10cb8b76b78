// What is to be heard. Of a screen reader what it would say by itself: whatever is added to a live region that was there before, by the rules that browsers follow.
import type { BrowserContext, Frame } from 'playwright-core';

/** Of every page and frame of this visitor that is opened from now on. */
export const listenTo = (context: BrowserContext): Promise<unknown> => context.addInitScript(listen);

export const heardIn = (frame: Frame): Promise<string[]> =>
  frame.evaluate(() => (globalThis as unknown as { heard: string[] }).heard);

/** Has every page and frame count the notes that it plays. */
export const countNotes = (context: BrowserContext): Promise<unknown> =>
  context.addInitScript(() => {
    const played = globalThis as unknown as { notes: number };
    played.notes = 0;
    const { start } = OscillatorNode.prototype;
    OscillatorNode.prototype.start = function (when) {
      played.notes += 1;
      start.call(this, when);
    };
  });

export const notesIn = (frame: Frame): Promise<number> =>
  frame.evaluate(() => (globalThis as unknown as { notes: number }).notes);

/** Runs in the page. */
function listen(): void {
  const heard: string[] = [];
  Object.assign(globalThis, { heard });
  const LIVE = '[role=status], [role=log], [role=alert], [aria-live]';
  /** What is put up together with its words is not spoken, an alert is. */
  const known = new WeakSet<Element>();
  const isSilent = (one: Element) => one.closest('[aria-hidden=true], [aria-live=off]') !== null;
  const wordsOf = (node: Node): string => {
    if (!(node instanceof Element)) return node.textContent ?? '';
    if (node.matches('[aria-hidden=true], [aria-live=off]')) return '';
    return node.getAttribute('aria-label') ?? [...node.childNodes].map(wordsOf).join(' ');
  };
  const say = (region: Element | null | undefined, node: Node) => {
    const parent = node.parentElement;
    if (!region || !known.has(region) || !parent || isSilent(parent)) return;
    const words = wordsOf(node).replaceAll(/\s+/g, ' ').trim();
    if (words) heard.push(words);
  };
  new MutationObserver((records) => {
    for (const { type, target, addedNodes } of records)
      if (type === 'characterData') say(target.parentElement?.closest(LIVE), target);
      else
        for (const node of addedNodes) {
          say((target as Element).closest?.(LIVE), node);
          if (node instanceof Element)
            for (const alert of [node, ...node.querySelectorAll('*')])
              if (alert.matches('[role=alert]')) heard.push(wordsOf(alert).replaceAll(/\s+/g, ' ').trim());
        }
    for (const region of document.querySelectorAll(LIVE)) known.add(region);
  }).observe(document, { childList: true, characterData: true, subtree: true });
}
