// Cards of visitors: asked once, then kept by the pages they open. Pure.
import type { VisitorCard } from '@continuo/contracts';
import type { FrameOf } from '../session/protocol.ts';

export type Cards = Record<string, VisitorCard>;

/** Pages of a visit that a card shows; the server gives no more either. */
const MOST_PAGES = 50;
const MOST_GOALS = 20;
const MOST_EVENTS = 50;

export const withCard = (cards: Cards, card: VisitorCard): Cards => ({ ...cards, [card.visitor]: card });

/** A page came live. A card that nobody asked for yet stays unasked: the answer will contain the page. */
export function withPage(cards: Cards, { event }: FrameOf<'page'>): Cards {
  const { visitor, visit, page } = event.data;
  const card = cards[visitor];
  const current = card?.pages[0];
  if (!card || (current && current.at >= event.time)) return cards;
  const opened = { url: page.url, at: event.time, ...(page.title !== undefined && { title: page.title }) };
  if (card.visit !== undefined && card.visit !== visit) {
    const { referrer: _before, ...rest } = card;
    const from = page.referrer === undefined ? {} : { referrer: page.referrer };
    return withCard(cards, { ...rest, ...from, visit, visits: card.visits + 1, pages: [opened] });
  }
  if (current?.url === page.url)
    return withCard(cards, { ...card, pages: [{ ...opened, at: current.at }, ...card.pages.slice(1)] });
  const left = card.pages.map((visited, index) =>
    index === 0 ? { ...visited, seconds: Math.round((event.time - visited.at) / 1000) } : visited,
  );
  return withCard(cards, { ...card, pages: [opened, ...left].slice(0, MOST_PAGES) });
}

/** A page told something of its visitor. Told twice it stands once; the cart and the identity are those told last. */
export function withFact(cards: Cards, { event }: FrameOf<'fact'>): Cards {
  const { visitor, fact } = event.data;
  const card = cards[visitor];
  if (!card) return cards;
  const at = event.time;
  switch (fact.kind) {
    case 'identity':
      return withCard(cards, { ...card, identity: fact.contact });
    case 'consent':
      return withCard(cards, { ...card, consent: { given: fact.given, at } });
    case 'cart': {
      const { kind: _kind, ...cart } = fact;
      const { cart: _before, ...rest } = card;
      return withCard(cards, cart.items.length > 0 ? { ...rest, cart: { ...cart, at } } : rest);
    }
    case 'goal': {
      const { kind: _kind, ...goal } = fact;
      return withCard(cards, { ...card, goals: newest(card.goals, { ...goal, at }, MOST_GOALS) });
    }
    case 'event': {
      const { kind: _kind, ...happened } = fact;
      return withCard(cards, { ...card, events: newest(card.events, { ...happened, at }, MOST_EVENTS) });
    }
  }
}

function newest<T extends { name: string; at: number }>(list: readonly T[] = [], one: T, most: number): T[] {
  const known = list.some(({ name, at }) => name === one.name && at === one.at);
  return known ? [...list] : [one, ...list].slice(0, most);
}

/** The name of a page for the eye: its title, else the address without scheme. */
export const pageName = (page: { url: string; title?: string | undefined }): string =>
  page.title?.trim() || page.url.replace(/^https?:\/\/(www\.)?/, '');

/** Where a visit came from, for the eye: the site's name and what was searched, if the address tells it. */
export function referrerName(referrer: string): string {
  if (!URL.canParse(referrer)) return referrer;
  const { hostname, searchParams } = new URL(referrer);
  const asked = searchParams.get('q') ?? searchParams.get('query') ?? searchParams.get('text');
  const host = hostname.replace(/^www\./, '');
  return asked ? `${host}: “${asked}”` : host;
}

/** Something the visitor did on the site, by its page's word. */
export interface Deed {
  kind: 'goal' | 'event';
  name: string;
  at: number;
  value?: number | undefined;
  currency?: string | undefined;
  /** "desks: 3, wood: oak" */
  details?: string;
}
const MOST_DEEDS = 12;

/** Goals and events in one list, the newest first; of many only the newest. */
export function deedsOf({ goals = [], events = [] }: VisitorCard): Deed[] {
  const deeds: Deed[] = [
    ...goals.map((goal) => ({ kind: 'goal' as const, ...goal })),
    ...events.map(({ data = {}, ...event }) => {
      const details = Object.entries(data).map(([key, value]) => `${key}: ${value}`);
      return { kind: 'event' as const, ...event, ...(details.length > 0 && { details: details.join(', ') }) };
    }),
  ];
  return deeds.sort((one, other) => other.at - one.at).slice(0, MOST_DEEDS);
}
