// Durable timers by JetStream message schedules on a stream of their own. They survive restarts; overdue ones fire once.
import { type TimerData, type TimerName, timerSubject, timers } from '@continuo/contracts';
import { clock } from '@continuo/runtime';
import { carryTrace } from '@continuo/telemetry';
import { headers } from '@nats-io/transport-node';
import type { Bus } from './connect.ts';
import { isBusOutage, isConflict, UnavailableError } from './errors.ts';

/** The moment of the product's clock, kept beside the machine's in `Nats-Schedule`: a moved test clock fires by it. */
export const DUE_HEADER = 'Continuo-Due';
/** On a due message that belongs to the trace in which it was set. */
export const SAME_TRACE_HEADER = 'Continuo-Same-Trace';
/** How long a due message waits for a consumer that is away. */
const DUE_KEPT = '720h';

export interface ScheduleOptions {
  /** One that stands already is left as it is. */
  firstWins?: boolean;
  /** What is done when it is due goes on in the running trace, if it is due soon; else it begins its own, linked to this one. */
  sameTrace?: boolean;
}

/**
 * Sets a timer for `at` (milliseconds since 1970, product's clock). Setting the same key again replaces it, unless `firstWins`.
 * @returns false when `firstWins` and an earlier one still stands
 */
export async function schedule<K extends TimerName>(
  bus: Bus,
  name: K,
  key: string,
  at: number,
  data: TimerData<K>,
  { firstWins = false, sameTrace = false }: ScheduleOptions = {},
): Promise<boolean> {
  const { owner, data: schema } = timers[name];
  const head = headers();
  head.set('Nats-Schedule', `@at ${new Date(clock.toMachineTime(at)).toISOString()}`);
  head.set('Nats-Schedule-Target', timerSubject('due', owner, name, key));
  head.set('Nats-Schedule-TTL', DUE_KEPT);
  head.set(DUE_HEADER, String(at));
  carryTrace((header, value) => head.set(header, value));
  if (sameTrace) head.set(SAME_TRACE_HEADER, '1');
  try {
    await bus.js.publish(timerSubject('set', owner, name, key), JSON.stringify(schema.parse(data)), {
      headers: head,
      ...(firstWins && { expect: { lastSubjectSequence: 0 } }),
    });
    return true;
  } catch (error) {
    if (firstWins && isConflict(error)) return false;
    if (isBusOutage(error)) throw new UnavailableError(`timer ${name} could not be set`, { cause: error });
    throw error;
  }
}

/** Takes a timer back; one that is not set, or has fired, is no fault. */
export async function cancel(bus: Bus, name: TimerName, key: string): Promise<void> {
  const { owner } = timers[name];
  const head = headers();
  head.set('Nats-Schedule-Next', 'purge');
  head.set('Nats-Scheduler', timerSubject('set', owner, name, key));
  head.set('Nats-TTL', '1m'); // the request itself need not stay
  await bus.js.publish(timerSubject('cancel', owner, name, key), '', { headers: head });
}
