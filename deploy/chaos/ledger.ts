// What the clients were told, line by line on the disk before they go on: the memory that outlives everything the run kills.
import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import type { Told } from './check-told.ts';

export interface Answer {
  /** When the command was sent, by the wall clock. */
  at: number;
  /** Until it was acknowledged. */
  ms: number;
}
export type Entry =
  | (Answer & {
      kind: 'acknowledged';
      command: string;
      conversation: string;
      number: number;
      by: string;
      text: string;
    })
  | { kind: 'refused'; command: string; refusal: string }
  /** What somebody waited for in vain, in words. */
  | { kind: 'unanswered'; text: string }
  | { kind: 'mail-due'; conversation: string; to: string; text: string }
  | {
      kind: 'screen';
      who: string;
      conversation: string;
      number: number;
      messages: { number: number; id: string; text: string }[];
    }
  | { kind: 'told'; who: string; sockets: Told[][] };

export interface Ledger extends Disposable {
  readonly file: string;
  readonly answers: readonly Answer[];
  write(entry: Entry): void;
}

export function openLedger(file: string): Ledger {
  const handle = openSync(file, 'a');
  const answers: Answer[] = [];
  return {
    file,
    answers,
    write(entry) {
      writeSync(handle, `${JSON.stringify(entry)}\n`);
      fsyncSync(handle);
      if (entry.kind === 'acknowledged') answers.push({ at: entry.at, ms: entry.ms });
    },
    [Symbol.dispose]: () => closeSync(handle),
  };
}
