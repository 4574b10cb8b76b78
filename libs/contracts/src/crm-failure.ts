// Which failures of a CRM pass by themselves, and which need a person. No import: the console bundles this file.
import type { CrmFailure } from './schemas/crm.ts';

const PASSING: ReadonlySet<CrmFailure> = new Set([
  'unreachable',
  'rate-limited',
  'server-error',
  // The operator mends the file and starts crm-sync anew; the dialogues then go by themselves.
  'mapping-faulty',
]);

/** An outage waits and goes on alone; only what does not pass is set aside for a person. */
export const passesByItself = (failure: CrmFailure): boolean => PASSING.has(failure);
