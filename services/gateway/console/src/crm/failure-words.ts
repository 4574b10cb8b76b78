// What failed and what to do about it, in the reader's words.
import type { JournalRow } from '@continuo/contracts';
import type { useTexts } from '../locales/use-texts.ts';
import { type CrmState, rowsOf } from './state.ts';

type Failure = NonNullable<JournalRow['failure']>;
type Words = Pick<ReturnType<typeof useTexts>, 't'>;

export function failureWords(
  { failure, field, unbound, sealed }: Failure,
  crm: string,
  { t }: Words,
  { choice, makesFields = false }: { choice?: JournalRow['choice']; makesFields?: boolean } = {},
): { title: string; advice: string } {
  if (choice) return { title: choiceWords(choice, crm, { t }), advice: t.crm.choose.advice(crm) };
  if (sealed) return { title: t.crm.sealed.title(crm), advice: t.crm.sealed.advice };
  if (field !== undefined)
    return {
      title: t.crm.fieldLacking(crm, field),
      advice: makesFields ? t.crm.fieldMakeAdvice(crm) : t.crm.fieldAdvice(crm),
    };
  if (unbound !== undefined) return { title: t.crm.unbound(unbound), advice: t.crm.unboundAdvice(crm, unbound) };
  return { title: t.crm.failures[failure](crm), advice: t.crm.advice[failure] };
}

/** How many an outage holds back; what is set aside beside them does not go by itself. @returns nothing where there are none */
export function heldBackWords(crm: CrmState, t: Words['t']): string {
  const rows = rowsOf(crm, 'pending').filter(({ failure }) => failure);
  const waiting = rows.length > 0 ? rows.length : crm.counts.pending;
  return waiting > 0 ? t.crm.heldBack(waiting) : '';
}

export const contactWords = (
  { because }: NonNullable<JournalRow['contactRefused']>,
  crm: string,
  { t }: Words,
): { title: string; advice: string } => ({
  title: t.crm.contactRefused.title(crm),
  advice: t.crm.contactRefused.advice[because](crm),
});

export const choiceWords = (
  { candidates, phone }: NonNullable<JournalRow['choice']>,
  crm: string,
  { t }: Words,
): string =>
  phone === undefined ? t.crm.choose.fit(crm, candidates.length) : t.crm.choose.share(crm, candidates.length, phone);
