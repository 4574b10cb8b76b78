// A page view goes into the visitor's card.
import { done, type EventHandler } from '@continuo/bus';
import { fold } from '../domain/visit.ts';
import type { Visitors } from '../views/visitors.ts';

export const onPageViewed =
  (visitors: Visitors): EventHandler<'page-viewed'> =>
  async (event) => {
    await visitors.change(event.site, event.data.visitor, (visitor) => fold(visitor, event));
    return done;
  };
