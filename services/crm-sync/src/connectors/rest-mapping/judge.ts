// What an answer means, by the mapping's rules. Pure. Words of the CRM itself are not passed on: they may quote what a visitor wrote.
import type { CrmFault } from '../crm-error.ts';
import { read, readTime, renderText, type Scope, textOf } from './expression.ts';
import type { Condition, Mapping, Rule } from './schema.ts';

export interface Answer {
  status: number;
  data: unknown;
  /** By their names in lower case. */
  headers?: Record<string, unknown> | undefined;
}
export interface Verdict {
  means: Rule['means'];
  words: string | undefined;
  /** That the CRM lacks. */
  field?: string | undefined;
  retryAfterMs: number | undefined;
  /** The CRM says that it did not do it. */
  surelyNotDone: boolean;
}

/** @returns the match of a condition, for `{{match.1}}`, or undefined when it does not hold */
function holding(
  value: unknown,
  condition: Condition,
  scope: Scope,
  headers: Answer['headers'] = {},
): readonly string[] | undefined {
  const found =
    condition.header === undefined
      ? read(value, renderText(condition.path ?? '$', scope))
      : headers[condition.header.toLowerCase()];
  const texts = (Array.isArray(found) ? found : [found]).map((one) =>
    typeof one === 'object' && one !== null ? JSON.stringify(one) : textOf(one),
  );
  const known = texts.filter((text) => text !== undefined);
  if (condition.is !== undefined) return known.length > 0 === (condition.is === 'present') ? [] : undefined;
  if (condition.matches !== undefined) {
    const expression = new RegExp(condition.matches, condition.ignoreCase ? 'i' : '');
    return known.map((text) => expression.exec(text)).find((match) => match !== null) ?? undefined;
  }
  const form = (text: string) => {
    const compared = condition.digits ? text.replace(/\D/g, '') : text;
    return condition.ignoreCase ? compared.toLowerCase() : compared;
  };
  const wanted = form(renderText(condition.equals ?? condition.contains ?? '', scope));
  const fits = (text: string) => (condition.equals === undefined ? form(text).includes(wanted) : form(text) === wanted);
  return wanted !== '' && known.some(fits) ? [] : undefined;
}

export const holds = (value: unknown, conditions: readonly Condition[], scope: Scope): boolean =>
  conditions.every((condition) => holding(value, condition, scope) !== undefined);

/** @returns what a rule says of this answer, or undefined when none fits: a success then is one */
export function judge(
  { answers }: Pick<Mapping, 'answers'>,
  { status, data, headers }: Answer,
  now = 0,
): Verdict | undefined {
  for (const rule of answers) {
    if (rule.status ? !rule.status.includes(status) : status < 200 || status > 299) continue;
    const matches = rule.where.map((condition) => holding(data, condition, {}, headers));
    if (matches.includes(undefined)) continue;
    const match = Object.fromEntries(
      matches.flatMap((one) => [...(one ?? [])].map((text, index) => [String(index), text?.slice(0, 80)])),
    );
    return {
      means: rule.means,
      words: rule.say === undefined ? undefined : renderText(rule.say, { match }),
      ...(rule.field !== undefined && { field: renderText(rule.field, { match }) }),
      retryAfterMs: pause(rule, data, now),
      surelyNotDone: rule.means !== 'server-error' || rule.done === 'no',
    };
  }
  return undefined;
}

const LONGEST_PAUSE_MS = 24 * 3600_000;

/** A time that has passed, or is none, leaves it to the seconds of the rule. */
function pause({ retryAt, retryAfterSeconds }: Rule, data: unknown, now: number): number | undefined {
  const said = retryAt === undefined ? undefined : textOf(read(data, retryAt));
  const at = said === undefined ? 0 : readTime(said, /^\d+(\.\d+)?$/.test(said) ? 'unix' : 'iso');
  if (at > now) return Math.min(at - now, LONGEST_PAUSE_MS);
  return retryAfterSeconds === undefined ? undefined : retryAfterSeconds * 1000;
}

const WORDS: Record<Rule['means'], (crm: string) => string> = {
  'refused-access': (crm) =>
    `${crm} refuses the token or password in the settings: it is wrong, revoked or lacks rights. Make a new one and save it.`,
  'rate-limited': (crm) => `${crm} asks us to slow down. Writing goes on by itself.`,
  invalid: (crm) => `${crm} does not accept what was sent.`,
  gone: (crm) => `The record is gone from ${crm}.`,
  taken: (crm) => `Another record in ${crm} has this e-mail.`,
  'server-error': (crm) => `${crm} failed. It is tried again.`,
};
export const wordsFor = (crm: string, { means, words }: Pick<Verdict, 'means' | 'words'>): string =>
  words ?? WORDS[means](crm);

/** What a request is about decides what “gone” means. */
export type About = 'record' | 'note' | 'nothing';
export function faultOf(means: Rule['means'], about: About): CrmFault {
  if (means !== 'gone') return means;
  return about === 'record' ? 'record-gone' : about === 'note' ? 'note-gone' : 'invalid';
}
