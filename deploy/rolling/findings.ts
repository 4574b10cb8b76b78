// What was wrong with a rolling update, in sentences: of what people were promised, and of what they were shown.
import type { Shown } from './widgets.ts';

/** The panel has a word for a line that is away, and for a gateway that stores nothing, for longer. */
const PANEL_WAITS_MS = 2_000;
/** An employee looks up when his answer takes longer: a socket that moves and a server that is elected anew are within it. */
const ANSWER_WITHIN_MS = 10_000;

export interface Heard {
  /** Answers of which the employee was told that they are stored, and after how long. */
  acknowledged: { conversation: string; text: string; afterMs: number }[];
  /** Answers that were refused, in words. */
  refused: string[];
  /** What was waited for and did not come, in words. */
  unfinished: string[];
  /** A gateway was among what was replaced: somebody has to move. */
  gatewayWent: boolean;
  /** Each conversation, message by message, as the employee and as the visitor sees it. */
  atDesk: ReadonlyMap<string, string[]>;
  atVisitors: ReadonlyMap<string, string[]>;
  shown: Shown;
}

export function findings(heard: Heard): string[] {
  const { acknowledged, refused, unfinished, gatewayWent, atDesk, atVisitors, shown } = heard;
  const faults = refused.map((words) => `an answer was refused: ${words}`);
  for (const words of unfinished) faults.push(`it did not end: ${words}`);
  for (const { text, afterMs } of acknowledged)
    if (afterMs > ANSWER_WITHIN_MS) faults.push(`“${text}” waited ${seconds(afterMs)} for its acknowledgement`);
  for (const absence of shown.absences)
    if (absence > PANEL_WAITS_MS) faults.push(`a widget was without a gateway for ${seconds(absence)} and says so`);
  for (const time of shown.unstored)
    if (time > PANEL_WAITS_MS) faults.push(`a widget heard for ${seconds(time)} that nothing is stored and says so`);
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
  if (gatewayWent && shown.moves.length === 0)
    faults.push('no socket was told to move: no gateway was replaced under anybody');
  for (const failure of shown.failures) faults.push(`a widget shows: ${failure}`);
  for (const code of shown.untold) faults.push(`a socket ended with ${code} and nobody had told it to move`);
  for (const dials of shown.dials) if (dials > 1) faults.push(`a line took ${dials} sockets to be back`);
  return counted(faults);
}

/** Each sentence once, with how often it is so. */
function counted(sentences: string[]): string[] {
  const times = Map.groupBy(sentences, (sentence) => sentence);
  return [...times].map(([sentence, { length }]) => (length > 1 ? `${sentence} (${length} times)` : sentence));
}

const seconds = (ms: number): string => `${Math.round(ms / 100) / 10} s`;
