// What the clients were told, line by line on the disk before they go on: the memory that outlives everything the run kills.
import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';

export type Entry =
  | { kind: 'acknowledged'; command: string; conversation: string; number: number; by: string; text: string }
  | { kind: 'refused'; command: string; refusal: string }
  | { kind: 'mail-due'; conversation: string; to: string; text: string }
  | {
      kind: 'screen';
      who: string;
      conversation: string;
      number: number;
      messages: { number: number; id: string; text: string }[];
    };

export interface Ledger extends Disposable {
  readonly file: string;
  readonly acknowledged: () => number;
  write(entry: Entry): void;
}

export function openLedger(file: string): Ledger {
  const handle = openSync(file, 'a');
  let acknowledged = 0;
  return {
    file,
    acknowledged: () => acknowledged,
    write(entry) {
      writeSync(handle, `${JSON.stringify(entry)}\n`);
      fsyncSync(handle);
      if (entry.kind === 'acknowledged') acknowledged += 1;
    },
    [Symbol.dispose]: () => closeSync(handle),
  };
}
