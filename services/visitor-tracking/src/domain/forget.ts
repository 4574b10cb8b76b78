// Who takes his consent back, or refuses it, is not followed: what was kept of his way until then is dropped, and nothing of it that is delivered late comes back.
// That he did so stays, and who he is by the site's own word, which is no tracking.
import type { Facts } from './facts.ts';
import type { Visitor } from './visit.ts';

/** Whether it happened before he took his consent back. */
export const isForgotten = (visitor: Visitor | undefined, { seq }: { seq: number }): boolean =>
  visitor?.forgotten !== undefined && seq <= visitor.forgotten.seq;

/** What he allowed until then says nothing of when he was seen first. */
export const seenSince = ({ forgotten, firstSeenAt }: Visitor, time: number): number =>
  forgotten?.at ?? Math.min(firstSeenAt, time);

export function forget(visitor: Visitor, { seq, time }: { seq: number; time: number }): Visitor {
  if (isForgotten(visitor, { seq })) return visitor;
  const later = <T extends { seq: number }>(list: readonly T[]): T[] => list.filter((one) => one.seq > seq);
  const pages = later(visitor.pages);
  return {
    ...visitor,
    forgotten: { seq, at: time },
    firstSeenAt: time,
    pages,
    visits: visitsOf(pages, later(visitor.visits)),
    older: visitor.older.upTo > seq ? visitor.older : { count: 0, upTo: seq },
    ...(visitor.facts && { facts: factsSince(visitor.facts, later) }),
  };
}

/** A visit that began before and went on begins anew with the page that came next. */
function visitsOf(pages: Visitor['pages'], visits: Visitor['visits']): Visitor['visits'] {
  const begun = new Map(visits.map((one) => [one.visit, one]));
  for (const { visit, seq } of [...pages].sort((a, b) => a.seq - b.seq))
    if (!begun.has(visit)) begun.set(visit, { visit, seq });
  return [...begun.values()].sort((a, b) => b.seq - a.seq);
}

function factsSince(
  { goals, events, cart, ...rest }: Facts,
  later: <T extends { seq: number }>(list: readonly T[]) => T[],
): Facts {
  const [kept] = later(cart ? [cart] : []);
  return { ...rest, goals: later(goals), events: later(events), ...(kept && { cart: kept }) };
}
