// Addresses of the console: everything stands behind the #, so the gateway serves one page and a link opens one dialogue.
import { useSyncExternalStore } from 'react';

export type Route =
  | { page: 'inbox' }
  /** `card`: on narrow screens the visitor's card lies over the dialogue, and Back takes it away. */
  | {
      page: 'conversation';
      conversation: string;
      fromCrm: boolean;
      card: boolean /** To be opened at once. */;
      file?: string;
    }
  /** `connection`: without it the first of the site's CRMs. */
  | { page: 'crm'; connection?: string; conversation?: string }
  /** What could not be handled; for supervisors and administrators. */
  | { page: 'parked' }
  | { page: 'me' };

export function parseRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?');
  const [page, id, part] = path.split('/');
  if (page === 'conversation' && id && isIdLike(id)) {
    const asked = new URLSearchParams(query);
    const file = asked.get('file') ?? '';
    const fromCrm = asked.get('from') === 'crm';
    return { page: 'conversation', conversation: id, fromCrm, card: part === 'card', ...(isIdLike(file) && { file }) };
  }
  if (page === 'crm') {
    if (id && isIdLike(id)) return { page: 'crm', conversation: id };
    if (!id || !isConnectionLike(id)) return { page: 'crm' };
    return { page: 'crm', connection: id, ...(part && isIdLike(part) && { conversation: part }) };
  }
  return page === 'me' || page === 'parked' ? { page } : { page: 'inbox' };
}

export function hrefOf(route: Route): string {
  switch (route.page) {
    case 'conversation':
      return `#/conversation/${route.conversation}${route.card ? '/card' : ''}${route.fromCrm ? '?from=crm' : ''}`;
    case 'crm':
      return ['#/crm', route.connection, route.conversation].filter((part) => part !== undefined).join('/');
    default:
      return `#/${route.page}`;
  }
}

export const conversationHref = (conversation: string): string =>
  hrefOf({ page: 'conversation', conversation, fromCrm: false, card: false });

export function go(route: Route): void {
  location.hash = hrefOf(route);
}

export function useRoute(): Route {
  const hash = useSyncExternalStore(
    (changed) => {
      addEventListener('hashchange', changed);
      return () => removeEventListener('hashchange', changed);
    },
    () => location.hash,
  );
  return parseRoute(hash);
}

/** Shorter than any other id. */
const isConnectionLike = (id: string): boolean => /^[a-z0-9][a-z0-9-]{0,19}$/.test(id);
const isIdLike = (id: string): boolean => /^[0-9a-z]{22}$/.test(id);
