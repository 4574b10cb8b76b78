// Reads a mapping file: YAML, then the schema, then every path, template and expression in it. All faults at once, each with its place and line,
// what is wrong and what is allowed.
import { type Document, LineCounter, parseDocument } from 'yaml';
import { type Mapping, mappingSchema } from './schema.ts';
import { semanticFaults } from './verify.ts';

export interface MappingFault {
  /** `records.lead.notes.add.request.path` */
  at: string;
  line: number | undefined;
  words: string;
}
export class MappingError extends Error {
  override name = 'MappingError';
  readonly faults: readonly MappingFault[];
  constructor(file: string, faults: readonly MappingFault[]) {
    const lines = faults.map(({ at, line, words }) => `  ${line === undefined ? '' : `line ${line}, `}${at}: ${words}`);
    super(`${file} is not a mapping that works:\n${lines.join('\n')}`);
    this.faults = faults;
  }
}

/** @throws {MappingError} */
export function parseMapping(text: string, file = 'The file'): Mapping {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, merge: true });
  const broken = [...document.errors].map((error) => ({
    at: 'YAML',
    line: error.linePos?.[0].line,
    words: error.message.split('\n')[0] as string,
  }));
  if (broken.length > 0) throw new MappingError(file, broken);
  const fault = (path: readonly PropertyKey[], words: string): MappingFault => ({
    at: nameOf(path),
    line: lineOf(document, lines, path),
    words,
  });
  // An alias bomb is refused here by the library.
  const parsed = mappingSchema.safeParse(document.toJS({ maxAliasCount: 100 }));
  if (!parsed.success)
    throw new MappingError(
      file,
      parsed.error.issues.map(({ path, message }) => fault(path, message)),
    );
  const faults = semanticFaults(parsed.data);
  if (faults.length > 0)
    throw new MappingError(
      file,
      faults.map(({ path, words }) => fault(path, words)),
    );
  return parsed.data;
}

const nameOf = (path: readonly PropertyKey[]): string =>
  path.reduce<string>(
    (name, key) => (typeof key === 'number' ? `${name}[${key}]` : name === '' ? String(key) : `${name}.${String(key)}`),
    '',
  ) || 'the file';

/** The line of the place, or of the nearest that stands in the file. */
function lineOf(document: Document, lines: LineCounter, path: readonly PropertyKey[]): number | undefined {
  for (let length = path.length; length > 0; length--) {
    const node = document.getIn(path.slice(0, length), true) as { range?: [number, number, number] } | undefined;
    if (node && typeof node === 'object' && node.range) return lines.linePos(node.range[0]).line;
  }
  return 1;
}
