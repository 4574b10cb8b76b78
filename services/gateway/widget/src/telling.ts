// What the gateway is told of the visitor's way through the site: pages he opens and what the page says of him. Nothing of it is told, or
// kept for later, without consent; only the page of the moment is remembered, so that it counts once consent is given.
import type { Page, PageFact } from '@continuo/contracts';
import type { VisitorFrame } from '@continuo/contracts/frames';
import type { Keep } from './keep.ts';

const MOST_UNSENT = 50;
const NAME = 'consent';

export interface Telling {
  /** The page the visitor is on, where it may be told. */
  page(): Page | undefined;
  view(page: Page): void;
  fact(id: string, fact: PageFact): void;
  /** Who he is, by the site's word: it is no tracking, so it needs no consent. */
  identify(id: string, token: string): void;
  consent(given: boolean): void;
  /** The gateway has answered: this one needs no repeat. */
  settle(id: string): void;
  /** Tells what is untold; `send` says whether it went. */
  go(send: (frame: VisitorFrame) => boolean): void;
  /** The line is lost: who he is, is said again until it is answered. */
  reset(): void;
}

/** @param presumed whether consent is presumed until the visitor has said something */
export function openTelling(keep: Keep, presumed: boolean): Telling {
  let current: Page | undefined;
  let unsent: VisitorFrame[] = [];
  let identity: { id: string; token: string; said: boolean } | undefined;
  const allowed = (): boolean => keep.read<boolean>(NAME) ?? presumed;
  const put = (frame: VisitorFrame): void => {
    if (allowed()) unsent = [...unsent, frame].slice(-MOST_UNSENT);
  };
  return {
    page: () => (allowed() ? current : undefined),
    view(page) {
      current = page;
      put({ t: 'page', page });
    },
    fact: (id, fact) => put({ t: 'fact', id, fact }),
    identify(id, token) {
      identity = { id, token, said: false };
    },
    consent(given) {
      const before = allowed();
      keep.write(NAME, given);
      if (!given) unsent = [];
      else if (!before && current) put({ t: 'page', page: current });
    },
    settle(id) {
      if (identity?.id === id) identity = undefined;
    },
    go(send) {
      if (identity && !identity.said) {
        const { id, token } = identity;
        identity.said = send({ t: 'identify', id, token });
      }
      unsent = unsent.filter((frame) => !send(frame));
    },
    reset() {
      if (identity) identity.said = false;
    },
  };
}
