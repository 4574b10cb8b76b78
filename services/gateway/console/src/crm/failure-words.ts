// What failed and what to do about it, in the reader's words.
import type { JournalRow } from '@continuo/contracts';
import type { useTexts } from '../locales/use-texts.ts';

type Failure = NonNullable<JournalRow['failure']>;

export function failureWords(
  { failure, field }: Failure,
  crm: string,
  { t }: Pick<ReturnType<typeof useTexts>, 't'>,
): { title: string; advice: string } {
  if (field !== undefined) return { title: t.crm.fieldLacking(crm, field), advice: t.crm.fieldAdvice(crm) };
  return { title: t.crm.failures[failure](crm), advice: t.crm.advice[failure] };
}
