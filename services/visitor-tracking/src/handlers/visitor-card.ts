// Answers the query `visitor-card`: employees only, visitors are not told what is known of them or of others.
import { refuse } from '@continuo/bus';
import type { Envelope, QueryAsk, QueryReply } from '@continuo/contracts';
import { cardOf, emptyCard } from '../domain/visit.ts';
import type { Visitors } from '../views/visitors.ts';

export const visitorCard =
  (visitors: Visitors) =>
  async ({ site, actor }: Envelope, { visitor }: QueryAsk<'visitor-card'>): Promise<QueryReply<'visitor-card'>> => {
    if (actor.kind === 'visitor') return refuse('not-allowed', 'Only employees of the site may see a visitor’s card.');
    const found = await visitors.find(site, visitor);
    return { ok: true, ...(found ? cardOf(found) : emptyCard(visitor)) };
  };
