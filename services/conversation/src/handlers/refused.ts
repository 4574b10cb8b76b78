// The desk or a conversation refused what a handler wanted of it, as when too much happens there at once. Nobody hears such a refusal, so it is told in the log;
// it is tried again ever more rarely, and set aside at last: for ever would be unseen, and a thousand of them would stop their consumer for every other site.
import { type HandlerContext, type Outcome, park, retry } from '@continuo/bus';
import { logger } from '@continuo/telemetry';
import type { Refusal } from '../domain/decision.ts';

/** About ten minutes. */
const MOST_TRIES = 15;
const log = logger('refused');

export function refusedTo(
  work: 'route' | 'follow',
  { refusal }: Refusal,
  { site, conversation }: { site: string; conversation: string },
  { delivery }: Pick<HandlerContext, 'delivery'>,
): Outcome {
  log.warn({ work, refusal, site, conversation, delivery }, 'A handler was refused; it tries again later.');
  if (delivery < MOST_TRIES) return retry();
  return park(
    'refused',
    `It was refused ${delivery} times: ${refusal}. See the log for the site, and whether too much happens at its desk; then replay.`,
  );
}
