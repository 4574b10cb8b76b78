// What is known of a visitor's way through the site, folded from page views in any order: page views carry no number, so the fold keeps what it
// needs to give the same card whether they come twice, late or backwards. What they happened in is told by their sequence in the stream.
import type { Stored, VisitorCard } from '@continuo/contracts';
import { type Facts, factsOnCard } from './facts.ts';
import { isForgotten, seenSince } from './forget.ts';

export type PageViewed = Stored<'page-viewed'>;

/** Pages and visits that are kept one by one; older visits are only counted. */
export const MOST_PAGES = 50;
export const MOST_VISITS = 20;

interface PageSeen {
  seq: number;
  id: string;
  visit: string;
  at: number;
  url: string;
  title?: string;
}
interface VisitSeen {
  visit: string;
  /** Sequence, time and referrer of its first page view. */
  seq: number;
  referrer?: string;
}

export interface Visitor {
  visitor: string;
  firstSeenAt: number;
  language: { seq: number; code: string };
  /** The latest, newest first. */
  pages: PageSeen[];
  /** The latest, newest first. */
  visits: VisitSeen[];
  /** Visits before those, and the sequence up to which they began. */
  older: { count: number; upTo: number };
  /** When he took his consent back; nothing that happened before is kept, see forget.ts. */
  forgotten?: { seq: number; at: number };
  /** What the site's pages told of him; see facts.ts. */
  facts?: Facts;
}

/** @returns the same visitor when the page view is known already */
export function fold(visitor: Visitor | undefined, event: PageViewed): Visitor {
  const { seq, time, data } = event;
  if (visitor && isForgotten(visitor, event)) return visitor;
  const base = visitor ?? seenFirst(event);
  const next: Visitor = {
    ...base,
    firstSeenAt: seenSince(base, time),
    language: seq > base.language.seq ? { seq, code: data.language } : base.language,
    pages: withPage(base.pages, event),
    ...withVisit(base, event),
  };
  return visitor && JSON.stringify(next) === JSON.stringify(visitor) ? visitor : next;
}

export const seenFirst = ({ seq, time, data }: Stored<'page-viewed' | 'fact-reported'>): Visitor => ({
  visitor: data.visitor,
  firstSeenAt: time,
  language: { seq, code: data.language },
  pages: [],
  visits: [],
  older: { count: 0, upTo: 0 },
});

function withPage(pages: PageSeen[], { seq, id, time, data }: PageViewed): PageSeen[] {
  const { url, title } = data.page;
  // The same page view may stand in the stream twice, when its sender did not hear that it was stored.
  const twin = pages.find((page) => page.id === id);
  if (twin && twin.seq <= seq) return pages;
  const page: PageSeen = { seq, id, visit: data.visit, at: time, url, ...(title !== undefined && { title }) };
  return newestFirst([...pages.filter((other) => other !== twin), page]).slice(0, MOST_PAGES);
}

function withVisit({ visits, older }: Visitor, { seq, data }: PageViewed): Pick<Visitor, 'visits' | 'older'> {
  const known = visits.find(({ visit }) => visit === data.visit);
  if (known ? known.seq <= seq : seq <= older.upTo) return { visits, older };
  const { referrer } = data.page;
  const began: VisitSeen = { visit: data.visit, seq, ...(referrer !== undefined && { referrer }) };
  const all = newestFirst([...visits.filter((visit) => visit !== known), began]);
  const [dropped] = all.slice(MOST_VISITS);
  return {
    visits: all.slice(0, MOST_VISITS),
    older: dropped ? { count: older.count + 1, upTo: Math.max(older.upTo, dropped.seq) } : older,
  };
}

/** What an agent sees; seconds on a page last until the next page view of the visit. */
export function cardOf(visitor: Visitor): VisitorCard {
  const latest = visitor.pages[0]?.visit;
  const pages = visitor.pages.filter(({ visit }) => visit === latest);
  const referrer = visitor.visits.find(({ visit }) => visit === latest)?.referrer;
  return {
    visitor: visitor.visitor,
    firstSeenAt: visitor.firstSeenAt,
    visits: visitor.visits.length + visitor.older.count,
    language: visitor.language.code,
    ...(latest !== undefined && { visit: latest }),
    ...(referrer !== undefined && { referrer }),
    pages: pages.map(({ url, title, at }, index) => {
      const next = pages[index - 1];
      return {
        url,
        ...(title !== undefined && { title }),
        at,
        ...(next && { seconds: Math.max(0, Math.round((next.at - at) / 1000)) }),
      };
    }),
    ...factsOnCard(visitor.facts),
  };
}

/** The card of somebody who has not been seen. */
export const emptyCard = (visitor: string): VisitorCard => ({ visitor, visits: 0, pages: [] });

const newestFirst = <T extends { seq: number }>(list: T[]): T[] => list.sort((a, b) => b.seq - a.seq);
