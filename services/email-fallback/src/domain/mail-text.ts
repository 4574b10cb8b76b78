// The mail for readers without HTML.
import type { LetterView } from './compose.ts';

export function asText({ words, brand, answers, link, earlier, why, ticket }: LetterView): string {
  const quoted = earlier.map(({ name, when, text }) => quote(`${name}, ${when}\n${text}`)).join('\n>\n');
  return [
    ...answers.map(
      ({ name, when, texts, own }) => `${name}${own ? '' : ` (${brand})`}, ${when}\n\n${texts.join('\n\n')}`,
    ),
    `${words.resume}: ${link}${words.howToAnswer && `\n${words.howToAnswer}`}`,
    ...(quoted === '' ? [] : [`${words.earlier}\n${quoted}`]),
    `-- \n${why}\n${ticket} · ${brand}`,
  ]
    .map((part) => part.replace(/\r\n?/g, '\n'))
    .join('\n\n')
    .concat('\n');
}

const quote = (text: string): string => text.replace(/^/gm, '> ');
