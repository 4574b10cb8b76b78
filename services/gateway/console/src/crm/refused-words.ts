// Why a connection was not saved or does not work yet, in the reader's words. Pure.
import type { CrmConnector } from '@continuo/contracts';
import type { Spoken } from '../locales/use-texts.ts';
import type { Outcome } from '../session/requests.ts';

type No = Extract<Outcome, { ok: false }>;
/** `saving`: it could not be stored; `testing`: it was, and the CRM answered otherwise. */
export type RefusedWhen = { during: 'saving' | 'testing'; no: No };

export function refusedWords(
  { during, no }: RefusedWhen,
  connector: CrmConnector | undefined,
  name: string,
  t: Spoken['t'],
): string {
  const words = t.crm.connections;
  if (during === 'testing') return no.refusal === 'refused-access' ? words.refusesThese : testedWords(no, name, t);
  if (no.refusal !== 'invalid' || !connector) return t.refusals[no.refusal] ?? no.words;
  // crm-sync says `field: what is wrong; field: …`.
  const named = [...no.words.matchAll(/(?:^|; )(\w+): /g)].map(([, field]) => field);
  if (named.includes('baseUrl')) return words.checkAddress(connector.schemes.map((one) => `${one}://`).join(', '));
  const fields = connector.credentials.filter(({ name: field }) => named.includes(field));
  if (fields.length === 0) return t.refusals[no.refusal] ?? no.words;
  return words.check(
    fields.map(({ name: field, says }) => labelOf(connector.connector, field, t) ?? says ?? field).join(', '),
  );
}

/** What a test came to that did not go well. */
export function testedWords({ refusal, words }: No, name: string, t: Spoken['t']): string {
  // It writes nothing: what was not accepted is no text.
  if (refusal === 'invalid') return t.crm.notTested(name);
  const failures: Record<string, ((crm: string) => string) | undefined> = t.crm.failures;
  return failures[refusal]?.(name) ?? t.refusals[refusal] ?? words;
}

/** Of a credential that is known here, in the reader’s language. */
export const labelOf = (connector: string, field: string, t: Spoken['t']): string | undefined =>
  t.crm.connections.fields[`${connector} ${field}`] ?? t.crm.connections.fields[field];
