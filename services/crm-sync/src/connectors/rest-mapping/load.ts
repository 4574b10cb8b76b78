// Reads a mapping file: YAML, then the schema, then every path, template and expression in it. All faults at once, each with its place and line,
// what is wrong and what is allowed.
import { faultsOf, plainWords } from '@continuo/contracts';
import { type Document, isMap, isScalar, LineCounter, parseDocument } from 'yaml';
import { type Mapping, mappingSchema } from './schema.ts';
import { senseFaults } from './sense.ts';
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

/** A mapping is a few pages. */
const LARGEST_FILE = 200_000;
/** So many nodes may aliases stand for, so that a few lines do not become millions. */
const MOST_BY_ALIASES = 100;

/**
 * @param taken ids that it must not have
 * @throws {MappingError} and nothing else, whatever stands in the file
 */
export function parseMapping(text: string, file = 'The file', taken: readonly string[] = []): Mapping {
  if (text.length > LARGEST_FILE) {
    const words = `is larger than ${LARGEST_FILE.toLocaleString('en')} characters; a mapping is a few pages`;
    throw new MappingError(file, [{ at: 'the file', line: undefined, words }]);
  }
  try {
    return understood(text, file, taken);
  } catch (error) {
    if (error instanceof MappingError) throw error;
    throw new MappingError(file, [{ at: 'YAML', line: undefined, words: brokenWords((error as Error).message) }]);
  }
}

/** The library throws what it finds only when it makes values of the words. */
function brokenWords(message: string): string {
  if (/alias count/i.test(message))
    return `its aliases stand for more than ${MOST_BY_ALIASES} values: write out what they stand for`;
  if (/call stack/i.test(message)) return 'is nested too deep, or an alias stands inside of what it stands for';
  return message.split('\n')[0]?.replace(/ at line .*$/, '') ?? '';
}

function understood(text: string, file: string, taken: readonly string[]): Mapping {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, merge: true });
  if (document.errors.length > 0) throw new MappingError(file, brokenLines(document));
  const fault = (path: readonly PropertyKey[], words: string): MappingFault => ({
    at: nameOf(path),
    line: lineOf(document, lines, path),
    words,
  });
  const parsed = mappingSchema.safeParse(document.toJS({ maxAliasCount: MOST_BY_ALIASES }), { error: plainWords });
  if (!parsed.success)
    throw new MappingError(file, inOrder(faultsOf(parsed.error).map(({ path, words }) => fault(path, words))));
  const { id } = parsed.data;
  const words = `“${id}” is a connector of Continuo already; give the mapping a name of its own`;
  const faults = [
    ...(taken.includes(id) ? [{ path: ['id'], words }] : []),
    ...semanticFaults(parsed.data),
    ...senseFaults(parsed.data),
  ];
  if (faults.length > 0) throw new MappingError(file, inOrder(faults.map(({ path, words }) => fault(path, words))));
  return parsed.data;
}

/** As whoever mends them goes through the file. */
const inOrder = (faults: readonly MappingFault[]): MappingFault[] =>
  faults.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0));

/** A file indented by tabs has one fault in many lines; one place that is no YAML often makes several faults of its line. */
function brokenLines({ errors }: Document): MappingFault[] {
  const lines = errors.map(({ code, linePos, message }) => ({ code, line: linePos?.[0].line, message }));
  const [first, ...others] = lines.filter(({ code }) => code === 'TAB_AS_INDENT').map(({ line }) => line);
  if (first !== undefined) {
    const as = others.length === 0 ? '' : `, as line${others.length === 1 ? '' : 's'} ${others.join(', ')}`;
    return [{ at: 'YAML', line: first, words: `begins with a tab${as}; YAML is indented by spaces alone` }];
  }
  const each = new Map(lines.toReversed().map(({ line, message }) => [line, brokenWords(message)]));
  return inOrder([...each].map(([line, words]) => ({ at: 'YAML', line, words })));
}

const nameOf = (path: readonly PropertyKey[]): string =>
  path.reduce<string>(
    (name, key) => (typeof key === 'number' ? `${name}[${key}]` : name === '' ? String(key) : `${name}.${String(key)}`),
    '',
  ) || 'the file';

/** The line of the place, or of the nearest that stands in the file. */
function lineOf(document: Document, lines: LineCounter, path: readonly PropertyKey[]): number | undefined {
  for (let length = path.length; length > 0; length--) {
    const node = keyAt(document, path.slice(0, length)) ?? document.getIn(path.slice(0, length), true);
    const { range } = (node ?? {}) as { range?: [number, number, number] | null };
    if (range) return lines.linePos(range[0]).line;
  }
  return 1;
}

/** Where a word stands, its value may begin lines below. */
function keyAt(document: Document, path: readonly PropertyKey[]): unknown {
  const parent = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
  if (!isMap(parent)) return undefined;
  return parent.items.find(({ key }) => isScalar(key) && key.value === path.at(-1))?.key;
}
