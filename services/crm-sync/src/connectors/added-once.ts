// Adding to a CRM what is to stand there once, while another replica may do the same.
import { isCrmFault } from './crm-error.ts';

/**
 * Whoever is slower hears all kinds of refusals, BottleCRM's is a 500: what counts is whether it stands afterwards.
 * @returns false when the CRM does not accept it
 * @throws {CrmError} what the CRM answered, when that was another fault and it does not stand
 */
export async function addedOnce(stands: () => Promise<boolean>, add: () => Promise<unknown>): Promise<boolean> {
  if (await stands()) return true;
  const refusal: unknown = await add().then(
    () => undefined,
    (error: unknown) => error,
  );
  if (await stands()) return true;
  if (refusal === undefined || isCrmFault(refusal, 'invalid') || isCrmFault(refusal, 'taken')) return false;
  throw refusal;
}
