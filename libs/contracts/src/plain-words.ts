// What an administrator reads where a value of his file or settings does not fit: what is expected there, in plain words instead of the schema library's.
import type { z } from 'zod';

const KINDS: Record<string, string> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a group of words with values',
  record: 'a group of words with values',
};

/** For a place that takes several kinds, which only its author can name. */
export const expected =
  (what: string) =>
  ({ input }: { input?: unknown }): string =>
    input === undefined ? `is lacking; ${what} is needed` : `${what} is expected`;

const NOT_UNDERSTOOD = 'is not understood here';

export interface Fault {
  path: PropertyKey[];
  words: string;
}
/** Of what did not fit when it was parsed with `plainWords`, each with its own place: a word that is not known is named, not the group that it stands in. */
export const faultsOf = ({ issues }: Pick<z.core.$ZodError, 'issues'>): Fault[] =>
  issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => ({ path: [...issue.path, key], words: issue.message }))
      : [{ path: issue.path, words: issue.message }],
  );

/** For all places that say nothing of their own. */
export function plainWords(issue: z.core.$ZodRawIssue): string {
  switch (issue.code) {
    case 'invalid_type': {
      const said = expected(KINDS[issue.expected] ?? 'another kind of value')(issue);
      const inside = issue.input === undefined ? wordsIn(issue.inst) : [];
      return inside.length === 0 ? said : `${said}: ${inside.join(', ')}`;
    }
    case 'invalid_value':
      return expected(issue.values.length === 1 ? String(issue.values[0]) : `one of ${issue.values.join(', ')}`)(issue);
    case 'too_small':
      return sized(issue, issue.minimum, 'more');
    case 'too_big':
      return sized(issue, issue.maximum, 'less');
    case 'invalid_format':
      return issue.format === 'url' ? 'an address as https://crm.example.com is expected' : NOT_UNDERSTOOD;
    case 'unrecognized_keys':
      return 'is not known here';
    case 'invalid_key':
      return 'is no name; letters and digits are expected, a letter first';
    default:
      return NOT_UNDERSTOOD;
  }
}

/** The words of a group. */
const wordsIn = (schema: unknown): string[] =>
  Object.keys((schema as z.core.$ZodObject | undefined)?._zod?.def?.shape ?? {});

function sized({ origin, inclusive }: { origin: string; inclusive?: boolean }, limit: unknown, than: 'more' | 'less') {
  if (origin === 'array') return than === 'more' ? 'needs one at least' : `takes ${limit} at most`;
  if (origin === 'string') return than === 'more' ? 'must not be empty' : `is longer than ${limit} characters`;
  return inclusive === false ? `must be ${than} than ${limit}` : `must be ${limit} or ${than}`;
}
