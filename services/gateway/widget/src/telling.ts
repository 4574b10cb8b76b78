// What the gateway is told of the visitor's way through the site: pages he opens and what the page says of him. Nothing of it is told, or
// kept for later, without consent; only the page of the moment is remembered, so that it counts once consent is given. Facts stay on the device
// until the gateway has noted them: an order is told by a page that may be gone a moment later.
import type { Page, PageFact } from '@continuo/contracts';
import type { VisitorFrame } from '@continuo/contracts/frames';
import type { Keep } from './keep.ts';

const MOST_UNSENT = 50;
export const CONSENT = 'consent';
/** Each fact has a place of its own, as what lies in the outbox: a tab that writes knows only what the others wrote some time ago. */
const FACTS = 'fact:';

type FactFrame = Extract<VisitorFrame, { t: 'fact' }>;

export interface Telling {
  /** The page the visitor is on, where it may be told. */
  page(): Page | undefined;
  view(page: Page): void;
  fact(id: string, fact: PageFact): void;
  /** Who he is, by the site's word: it is no tracking, so it needs no consent. */
  identify(id: string, token: string): void;
  /** What the visitor says of it is told as well, once: the company has to know. */
  consent(id: string, given: boolean): void;
  /** The gateway has answered: this one needs no repeat. */
  settle(id: string): void;
  /** The gateway could not take it at that moment. */
  again(id: string): void;
  /** Tells what is untold; `send` says whether it went. */
  go(send: (frame: VisitorFrame) => boolean): void;
  /** The line is lost: what was not answered is told again. */
  reset(): void;
}

/** @param presumed whether consent is presumed until the visitor has said something */
export function openTelling(keep: Keep, presumed: boolean): Telling {
  let current: Page | undefined;
  let pages: Page[] = [];
  let identity: { id: string; token: string } | undefined;
  /** Ids that went on this line. */
  const said = new Set<string>();
  const allowed = (): boolean => keep.read<boolean>(CONSENT) ?? presumed;
  const places = (): string[] => keep.names(FACTS).sort();
  const facts = (): FactFrame[] => places().map((place) => keep.read<FactFrame>(place) as FactFrame);
  const drop = (those: (one: FactFrame) => boolean): void => {
    for (const place of places()) if (those(keep.read<FactFrame>(place) as FactFrame)) keep.write(place, undefined);
  };
  const keepFact = (one: FactFrame): void => {
    // Their order is the order of their places.
    keep.write(FACTS + Date.now() + one.id, one);
    for (const place of places().slice(0, -MOST_UNSENT)) keep.write(place, undefined);
  };
  return {
    page: () => (allowed() ? current : undefined),
    view(page) {
      current = page;
      if (allowed()) pages = [...pages, page].slice(-MOST_UNSENT);
    },
    fact(id, fact) {
      if (!allowed()) return;
      // Told again, an older cart would stand over this one.
      if (fact.kind === 'cart') drop((one) => one.fact.kind === 'cart');
      keepFact({ t: 'fact', id, fact });
    },
    identify(id, token) {
      identity = { id, token };
    },
    consent(id, given) {
      if (keep.read(CONSENT) === given) return;
      const before = allowed();
      keep.write(CONSENT, given);
      if (!given || !before) pages = given && current ? [current] : [];
      if (!given) drop(() => true);
      keepFact({ t: 'fact', id, fact: { kind: 'consent', given } });
    },
    settle(id) {
      if (identity?.id === id) identity = undefined;
      drop((one) => one.id === id);
    },
    again: (id) => void said.delete(id),
    go(send) {
      pages = pages.filter((page) => !send({ t: 'page', page }));
      for (const frame of [...(identity ? [{ t: 'identify' as const, ...identity }] : []), ...facts()])
        if (!said.has(frame.id) && send(frame)) said.add(frame.id);
    },
    reset: () => said.clear(),
  };
}
