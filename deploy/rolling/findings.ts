// What was wrong with a rolling update, in sentences: of what people were promised, and of what they were shown.
import type { Shown } from './widgets.ts';

export interface Heard {
  /** Answers of which the employee was told that they are stored. */
  acknowledged: { conversation: string; text: string }[];
  /** Answers that were refused, in words. */
  refused: string[];
  /** Each conversation, message by message, as the employee and as the visitor sees it. */
  atDesk: ReadonlyMap<string, string[]>;
  atVisitors: ReadonlyMap<string, string[]>;
  shown: Shown;
}

export function findings({ acknowledged, refused, atDesk, atVisitors, shown }: Heard): string[] {
  const faults = refused.map((words) => `an answer was refused: ${words}`);
  for (const { conversation, text } of acknowledged) {
    const times = atVisitors.get(conversation)?.filter((said) => said === text).length ?? 0;
    if (times !== 1) faults.push(`“${text}” was acknowledged and its visitor sees it ${times} times`);
  }
  for (const [conversation, seen] of atVisitors) {
    const desk = atDesk.get(conversation) ?? [];
    if (desk.join('\n') !== seen.join('\n'))
      faults.push(`the employee sees ${desk.length} messages of ${conversation}, its visitor ${seen.length}`);
    const twice = seen.filter((text, index) => seen.indexOf(text) !== index);
    if (twice.length > 0) faults.push(`in ${conversation} stands more than once: ${twice.join(', ')}`);
  }
  if (atVisitors.size === 0) faults.push('nobody wrote: nothing was looked at');
  if (shown.moves.length === 0) faults.push('no socket was told to move: no gateway was replaced under anybody');
  for (const failure of shown.failures) faults.push(`a widget shows: ${failure}`);
  for (const code of shown.untold) faults.push(`a socket ended with ${code} and nobody had told it to move`);
  for (const dials of shown.dials) if (dials > 1) faults.push(`a line took ${dials} sockets to be back`);
  return faults;
}
