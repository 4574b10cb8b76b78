// Templates: text with {{names}}. A line in which one is not known is left out, and so is what stands between [[ and ]]; so no label stands without its value. Pure.

export type Values = Readonly<Record<string, string | undefined>>;

const OPTIONAL = /\[\[((?:(?!\]\]).)*)\]\]/gs;
const NAME = /\{\{([^{}]*)\}\}/g;

/** Values are put in as they are and never read as a template. */
export function fill(template: string, values: Values): string {
  const lines = template.split('\n').flatMap((line) => {
    const kept = line.replace(OPTIONAL, (_whole, part: string) => (lacks(part, values) ? '' : part));
    return lacks(kept, values) ? [] : [kept.replace(NAME, (_whole, name: string) => known(name, values) as string)];
  });
  return lines.join('\n').trim();
}

const known = (name: string, values: Values): string | undefined => values[name.trim()] || undefined;
const lacks = (text: string, values: Values): boolean =>
  [...text.matchAll(NAME)].some(([, name = '']) => known(name, values) === undefined);
