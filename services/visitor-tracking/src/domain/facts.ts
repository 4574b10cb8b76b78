// What the site's pages told of a visitor, folded in any order like his page views: the latest goals and events, the cart, the proved
// identity and the consent as they were told last. A fact that was stored twice counts once.
import type { DataOf, Stored, VisitorCard } from '@continuo/contracts';
import { forget, isForgotten, seenSince } from './forget.ts';
import { seenFirst, type Visitor } from './visit.ts';

export type FactReported = Stored<'fact-reported'>;
type Fact = DataOf<'fact-reported'>['fact'];
type FactOf<K extends Fact['kind']> = Extract<Fact, { kind: K }>;
interface Told<F> {
  seq: number;
  id: string;
  at: number;
  fact: F;
}
export interface Facts {
  /** Newest first. */
  goals: Told<FactOf<'goal'>>[];
  events: Told<FactOf<'event'>>[];
  cart?: Told<FactOf<'cart'>>;
  identity?: Told<FactOf<'identity'>>;
  consent?: Told<FactOf<'consent'>>;
}

export const MOST_EVENTS = 50;
export const MOST_GOALS = 20;
const NONE: Facts = { goals: [], events: [] };

/** @returns the same visitor when the fact is known already */
export function foldFact(visitor: Visitor | undefined, event: FactReported): Visitor {
  const { fact } = event.data;
  const isTracking = fact.kind !== 'identity' && fact.kind !== 'consent';
  if (visitor && isTracking && isForgotten(visitor, event)) return visitor;
  const base = visitor ?? seenFirst(event);
  const facts = base.facts ?? NONE;
  const next = withFact(facts, event);
  const firstSeenAt = seenSince(base, event.time);
  const same = visitor && firstSeenAt === base.firstSeenAt && JSON.stringify(next) === JSON.stringify(facts);
  const told = same ? visitor : { ...base, firstSeenAt, facts: next };
  return fact.kind === 'consent' && !fact.given ? forget(told, event) : told;
}

function withFact(facts: Facts, { seq, id, time, data: { fact } }: FactReported): Facts {
  const told = <F extends Fact>(it: F): Told<F> => ({ seq, id, at: time, fact: it });
  switch (fact.kind) {
    case 'goal':
      return { ...facts, goals: among(facts.goals, told(fact), MOST_GOALS) };
    case 'event':
      return { ...facts, events: among(facts.events, told(fact), MOST_EVENTS) };
    case 'cart':
      return { ...facts, cart: later(facts.cart, told(fact)) };
    case 'identity':
      return { ...facts, identity: later(facts.identity, told(fact)) };
    case 'consent':
      return { ...facts, consent: later(facts.consent, told(fact)) };
  }
}

const later = <F>(known: Told<F> | undefined, told: Told<F>): Told<F> =>
  known && known.seq >= told.seq ? known : told;

function among<F>(list: Told<F>[], told: Told<F>, most: number): Told<F>[] {
  const twin = list.find(({ id }) => id === told.id);
  if (twin && twin.seq <= told.seq) return list;
  return [...list.filter((other) => other !== twin), told].sort((a, b) => b.seq - a.seq).slice(0, most);
}

/** The part of the card that an agent sees of it. */
export function factsOnCard({ cart, identity, goals, events, consent }: Facts = NONE) {
  const shown = <F extends Fact>({ at, fact: { kind: _kind, ...rest } }: Told<F>) => ({ ...rest, at });
  return {
    ...(identity && { identity: identity.fact.contact }),
    ...(cart && cart.fact.items.length > 0 && { cart: shown(cart) }),
    ...(goals.length > 0 && { goals: goals.map(shown) }),
    ...(events.length > 0 && { events: events.map(shown) }),
    ...(consent && { consent: shown(consent) }),
  } as Pick<VisitorCard, 'identity' | 'cart' | 'goals' | 'events' | 'consent'>;
}
