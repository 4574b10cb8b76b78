// THIRD_PARTY_NOTICES.md: every package that is shipped, with the full text of its licence and notices as it brings them. The same text stands there once.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../run-node.ts';
import { type Package, packages } from './licences.ts';

const TEXTS = /^(licen[cs]e|copying|notice|copyright)s?([-.](?!.*\.(js|ts|json)$).*)?$/i;

/** @returns licence and notices of an installed package, one below the other; nothing where it brings none */
export function textsOf({ path }: Pick<Package, 'path'>): string {
  const folder = join(ROOT, path);
  const files = readdirSync(folder, { withFileTypes: true }).filter(
    (entry) => entry.isFile() && TEXTS.test(entry.name),
  );
  const texts = files.map(({ name }) => readFileSync(join(folder, name), 'utf8'));
  // Line ends and blanks at the edges say nothing, and would keep equal texts apart.
  const tidy = texts.map((text) =>
    text
      .replace(/\r\n?/g, '\n')
      .replace(/[ \t]+$/gm, '')
      .replace(/^\n+|\s+$/g, ''),
  );
  return [...new Set(tidy)].sort().join('\n\n');
}

export function noticesPage(all: Package[] = packages(), textOf: (one: Package) => string = textsOf): string {
  const shipped = all.filter(({ tool }) => !tool);
  const rows = new Set(shipped.map(({ name, version, licence }) => `| ${name} | ${version} | ${licence} |`));
  const byText = new Map<string, Set<string>>();
  const without = new Set<string>();
  for (const one of shipped) {
    const label = `${one.name} ${one.version}`;
    const text = one.somewhere ? '' : textOf(one);
    if (text === '') without.add(`${label} (${one.licence})`);
    else byText.set(text, (byText.get(text) ?? new Set()).add(label));
  }
  const sections = [...byText].map(([text, labels]) => `## ${[...labels].join(', ')}\n\n${fenced(text)}`);
  return [
    '# Third-party notices',
    'Generated from `package-lock.json` and the installed packages by `npm run generate`; do not edit. Continuo is shipped with, or installs, these packages. Below the table stands the full text of each licence, as its package brings it.',
    ['| package | version | licence |', '| --- | --- | --- |', ...rows].join('\n'),
    'Servers are not shipped: NATS (Apache-2.0), MongoDB (SSPL-1.0), RabbitMQ (MPL-2.0) and BottleCRM (MIT) are fetched, or run from the images of their makers.',
    `These bring no text of their own, or are installed on some machines only, where it stands in their folder: ${[...without].join(', ')}.`,
    ...sections,
  ]
    .join('\n\n')
    .concat('\n');
}

/** A fence longer than any in the text. */
function fenced(text: string): string {
  const longest = Math.max(3, ...[...text.matchAll(/`+/g)].map(([run]) => run.length + 1));
  const fence = '`'.repeat(longest);
  return `${fence}text\n${text}\n${fence}`;
}
