// What a site's page told of its visitor goes into his card.
import { done, type EventHandler } from '@continuo/bus';
import { foldFact } from '../domain/facts.ts';
import type { Visitors } from '../views/visitors.ts';

export const onFactReported =
  (visitors: Visitors): EventHandler<'fact-reported'> =>
  async (event) => {
    await visitors.change(event.site, event.data.visitor, (visitor) => foldFact(visitor, event));
    return done;
  };
