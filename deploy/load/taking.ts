// Takes the parts of a run one after the other. A part that fails is named with its reason; what others measured, and what it measured before, stays.
import { readFileSync } from 'node:fs';
import { type Figure, judged, table, verdictOn } from './figures.ts';
import { PARTS, type Part } from './parts.ts';

export interface Taken {
  figures: Figure[];
  failures: { part: Part | 'end'; why: string }[];
}
export interface Taking {
  readonly taken: Taken;
  /** Does nothing when the part was not asked for. */
  take(part: Part, measure: () => AsyncIterable<Figure>): Promise<void>;
  /** Those of them that were asked for and not taken yet fail with this reason. */
  without(needing: readonly Part[], error: unknown): void;
}

/** Files a process has open besides its sockets, with room to spare. */
const BESIDES = 250;
/** Two crowds of two hundred. */
const IN_EVERY_PART = 400 + BESIDES;

export function startTaking(parts: ReadonlySet<Part>, say: (line: string) => void = () => {}): Taking {
  const taken: Taken = { figures: [], failures: [] };
  const left = new Set(parts);
  return {
    taken,
    take: async (part, measure) => {
      if (!left.delete(part)) return;
      say(PARTS[part]);
      try {
        for await (const figure of measure()) taken.figures.push(figure);
      } catch (error) {
        taken.failures.push({ part, why: reasonOf(error) });
      }
    },
    without: (needing, error) => {
      const missing = needing.filter((part) => left.delete(part));
      for (const part of missing.length > 0 ? missing : (['end'] as const))
        taken.failures.push({ part, why: reasonOf(error) });
    },
  };
}

/** What the run says at its end. It has gone well when everything was measured, whatever was reached. */
export function told({ figures, failures }: Taken): { text: string; data: object; exitCode: 0 | 1 } {
  const sorted = figures.toSorted((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
  const names = { ...PARTS, end: 'after the last part' };
  const lines = failures.map(({ part, why }) => `${part} (${names[part]}) was not taken whole: ${why}`);
  const whole =
    failures.length === 0 && figures.length > 0 && figures.every((one) => verdictOn(one) !== 'not measured');
  return {
    text: [table(sorted), ...lines].join('\n'),
    data: { figures: sorted.map(judged), failures },
    exitCode: whole ? 0 : 1,
  };
}

/** @throws when a process that holds so many sockets would run out of files */
export function needSockets(count: number): void {
  needFiles(count + BESIDES);
}

/** @throws when fewer may be open at once */
export function needFiles(needed: number, allowed = openFiles()): void {
  if (allowed < needed)
    throw new Error(`a process may open ${allowed} files here, ${needed} are needed: raise \`ulimit -n\` to ${needed}`);
}

/** The hard limit: Node takes all it may have. */
function openFiles(): number {
  const [, hard = ''] = /^Max open files\s+\S+\s+(\S+)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? [];
  return hard === 'unlimited' ? Number.POSITIVE_INFINITY : Number(hard);
}

function reasonOf(error: unknown): string {
  const why = error instanceof Error ? error.message : String(error);
  return why.includes('EMFILE')
    ? `${why} (too many open files: raise \`ulimit -n\` to ${IN_EVERY_PART} at least)`
    : why;
}
