// What an administrator reads where a value of his file does not fit: what is expected there, in plain words.
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

/** For all places that say nothing of their own. */
export function plainWords(issue: z.core.$ZodRawIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return expected(KINDS[issue.expected] ?? 'another kind of value')(issue);
    case 'invalid_value':
      return expected(issue.values.length === 1 ? String(issue.values[0]) : `one of ${issue.values.join(', ')}`)(issue);
    case 'too_small':
      return sized(issue, issue.minimum, 'more');
    case 'too_big':
      return sized(issue, issue.maximum, 'less');
    case 'invalid_key':
      return 'is no name; letters and digits are expected, a letter first';
    default:
      return 'is not understood here';
  }
}

function sized({ origin, inclusive }: { origin: string; inclusive?: boolean }, limit: unknown, than: 'more' | 'less') {
  if (origin === 'array') return than === 'more' ? 'needs one at least' : `takes ${limit} at most`;
  if (origin === 'string') return than === 'more' ? 'must not be empty' : `is longer than ${limit} characters`;
  return inclusive === false ? `must be ${than} than ${limit}` : `must be ${limit} or ${than}`;
}
