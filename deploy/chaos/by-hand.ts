// One run by hand: its table, what it lacks, and, unless it is green, its data and how it is played again.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isWhole, lacking, unseen } from './demands.ts';
import { OptionFault } from './options.ts';
import { BrokenOffError } from './outside.ts';
import { replayOf } from './replay.ts';
import type { ChaosOptions, ChaosResult } from './run.ts';
import type { Fault } from './schedule.ts';
import { inWords, scheduleFrom } from './schedule-file.ts';
import { type Row, table } from './table.ts';

export interface Surroundings {
  rows: (result: ChaosResult) => readonly Row[];
  print?: (text: string) => unknown;
  run: (options: ChaosOptions) => Promise<ChaosResult>;
}

/** @returns whether it was green: nothing is broken, and it went through what was asked for */
export async function byHand(
  script: 'chaos' | 'cluster',
  given: Readonly<Record<string, string>>,
  options: ChaosOptions & { schedule: Fault[] },
  { rows, print = (text) => process.stdout.write(text), run }: Surroundings,
): Promise<boolean> {
  const dir = mkdtempSync(join(tmpdir(), 'continuo-chaos-'));
  const file = join(dir, 'schedule.txt');
  writeFileSync(file, `${options.schedule.map(inWords).join('\n')}\n`);
  try {
    const result = await run({ ...options, dir });
    print(table(rows(result)));
    const lacks = [...lacking(result, options), ...unseen(result.findings)];
    if (lacks.length === 0 && isWhole(result.findings)) {
      rmSync(dir, { recursive: true, force: true });
      return true;
    }
    if (lacks.length > 0) print(`This run proves too little: ${lacks.join('; ')}.\n`);
  } catch (error) {
    // Where a server was ended from outside no line of ours is at fault.
    const why = error instanceof BrokenOffError ? `${error.message}.` : (error as Error).stack;
    print(`This run did not come to its end: ${why}\n`);
  }
  print(`${replayOf(script, given, options.schedule, { dir, file })}\n`);
  return false;
}

/** The faults of a file, where one is given. */
export async function scheduleIn(file: string): Promise<Fault[]> {
  const text = await readFile(file, 'utf8').catch((error: Error) => {
    throw new OptionFault(`--schedule cannot be read: ${error.message}`);
  });
  return scheduleFrom(text);
}
