// Sentences with a number: the right form by Intl, the number written as the language does.
type Form = 'one' | 'few' | 'many' | 'other';

/** `counting('en')({ one: '# page', other: '# pages' })(2)` is "2 pages". */
export function counting(
  language: string,
): (forms: Partial<Record<Form, string>> & { other: string }) => (n: number) => string {
  const rules = new Intl.PluralRules(language);
  const digits = new Intl.NumberFormat(language);
  return (forms) => (n) => (forms[rules.select(n) as Form] ?? forms.other).replace('#', digits.format(n));
}
