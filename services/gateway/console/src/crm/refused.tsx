// Stands beside the fields of a form: why it was not taken.
import type { CrmConnector } from '@continuo/contracts';
import { useTexts } from '../locales/use-texts.ts';
import { type RefusedWhen, refusedWords } from './refused-words.ts';
import { Said } from './said.tsx';

/** @param name of the connection */
export function Refused({
  refused,
  connector,
  name,
}: {
  refused: RefusedWhen | undefined;
  connector: CrmConnector | undefined;
  name: string;
}) {
  const { t } = useTexts();
  if (!refused) return null;
  return (
    <div className="smt bad refusal" role="alert">
      <p>{refusedWords(refused, connector, name, t)}</p>
      <Said words={refused.no.words} />
    </div>
  );
}
