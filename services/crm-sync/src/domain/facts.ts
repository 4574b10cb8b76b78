// What is known of a dialogue besides its words: from the dialogue itself, and from the visitor's way through the site. Pure.
import type { CrmFacts } from '@continuo/contracts';
import { oneLine, type Transcript } from '@continuo/transcript';
import { campaignOf, publicAddress } from './pages.ts';

const LONGEST = 300;
const LONGEST_ADDRESS = 1_000;

/** Of the visit in which the dialogue took place; kept in the link, since later visits are none of its business. */
export interface Way {
  firstPage?: string;
  firstPageTitle?: string;
  lastPage?: string;
  lastPageTitle?: string;
  referrer?: string;
  consent?: string;
  /** Up to which moment of the dialogue the card was asked. */
  until?: number;
}
interface SeenPage {
  url: string;
  title?: string | undefined;
  at: number;
}
interface Card {
  referrer?: string | undefined;
  pages: readonly SeenPage[];
  consent?: { given: boolean; at: number } | undefined;
}

/** What the visitor's card shows of the way to and in this dialogue: nothing of visits after it. */
export function wayOf(transcript: Pick<Transcript, 'startedAt' | 'updatedAt' | 'closedAt'>, card: Card): Way {
  const until = transcript.closedAt ?? Math.max(transcript.updatedAt, transcript.startedAt);
  const pages = card.pages.filter(({ at }) => at <= until);
  const [last, first] = [pages[0], pages.at(-1)];
  // A visit that began after the dialogue did is another one: what it says of the first page is not ours.
  const ours = first !== undefined && first.at <= transcript.startedAt;
  const { consent } = card;
  return {
    ...(ours && { firstPage: first.url, ...(first.title !== undefined && { firstPageTitle: first.title }) }),
    ...(ours && card.referrer !== undefined && { referrer: card.referrer }),
    ...(last && { lastPage: last.url, ...(last.title !== undefined && { lastPageTitle: last.title }) }),
    ...(consent && consent.at <= until && { consent: consent.given ? 'given' : 'withdrawn' }),
  };
}

export function factsOf(transcript: Transcript, way: Way, dialogueUrl: string): CrmFacts {
  const { page, language, startedAt, items } = transcript;
  const firstPage = way.firstPage ?? page?.url;
  const referrer = way.referrer ?? page?.referrer;
  const firstPageTitle = way.firstPage === undefined ? page?.title : way.firstPageTitle;
  const lastPage = way.lastPage ?? page?.url;
  const lastPageTitle = way.lastPage === undefined ? page?.title : way.lastPageTitle;
  const [first] = items;
  const facts: Record<keyof CrmFacts, string | undefined> = {
    channel: first?.kind === 'message' ? first.channel : 'chat',
    source: undefined,
    medium: undefined,
    campaign: undefined,
    term: undefined,
    content: undefined,
    ...campaignOf(firstPage, referrer),
    firstPage: firstPage && publicAddress(firstPage),
    firstPageTitle,
    lastPage: lastPage && publicAddress(lastPage),
    lastPageTitle,
    referrer: referrer && publicAddress(referrer),
    language,
    consent: way.consent,
    startedAt: new Date(startedAt).toISOString(),
    dialogueUrl,
    ...outcomeOf(transcript),
  };
  return Object.fromEntries(
    Object.entries(facts).flatMap(([name, value]) => {
      const text = short(value ?? '', /Page$|referrer|Url$/.test(name) ? LONGEST_ADDRESS : LONGEST);
      return text === '' ? [] : [[name, text]];
    }),
  );
}

export interface Outcome {
  messages: string;
  agents: string | undefined;
  endedAt: string | undefined;
  duration: string | undefined;
  rating: string | undefined;
  ratingComment: string | undefined;
}

/** @param upTo number of the last event that counts: what stands there stays so, whatever comes later */
export function outcomeOf(
  { items, startedAt }: Pick<Transcript, 'items' | 'startedAt'>,
  upTo = Number.POSITIVE_INFINITY,
): Outcome {
  const seen = items.filter(({ number }) => number <= upTo);
  const messages = seen.filter((item) => item.kind === 'message');
  const agents = messages.flatMap(({ author }) => (author.kind === 'agent' ? [oneLine(author.name ?? '')] : []));
  const last = seen.findLast(({ kind }) => kind === 'closed' || kind === 'message');
  const ended = last?.kind === 'closed' ? last.at : undefined;
  const rated = seen.findLast((item) => item.kind === 'rated');
  return {
    messages: String(messages.length),
    agents: [...new Set(agents)].filter((name) => name !== '').join(', ') || undefined,
    endedAt: ended === undefined ? undefined : new Date(ended).toISOString(),
    duration: ended === undefined ? undefined : hours(ended - startedAt),
    rating: rated && String(rated.score),
    ratingComment: rated?.comment,
  };
}

/** `1:05:09`: the same in every language. */
function hours(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  const two = (value: number) => String(value).padStart(2, '0');
  return `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}

export const short = (text: string, most = LONGEST): string => oneLine(text).slice(0, most).toWellFormed();
