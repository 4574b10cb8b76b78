// What a run by hand is asked for on its command line. What makes no sense is refused in one sentence, before anything is started.
import { parseArgs } from 'node:util';

export class OptionFault extends Error {
  override name = 'OptionFault';
}
/** Not a run is wanted, but what there is to ask for. */
export class HelpAsked extends Error {
  override name = 'HelpAsked';
}

/** @param known with what is usual; undefined where an option is simply left out */
export function optionsOf<Name extends string>(
  args: readonly string[],
  known: Readonly<Record<Name, string | undefined>>,
): Partial<Record<Name, string>> {
  const names = Object.keys(known) as Name[];
  const { tokens } = parseArgs({
    args: [...args],
    options: Object.fromEntries(names.map((name) => [name, { type: 'string' as const }])),
    strict: false,
    tokens: true,
  });
  const there = `there are ${names.map((name) => `--${name}`).join(', ')}`;
  const given: Partial<Record<string, string>> = {};
  for (const token of tokens) {
    if (token.kind === 'option' && ['help', 'h'].includes(token.name)) throw new HelpAsked(helpOn(known));
    if (token.kind === 'positional') throw new OptionFault(`${token.value} belongs to no option; ${there}`);
    if (token.kind !== 'option') continue;
    if (!names.some((name) => name === token.name)) throw new OptionFault(`${token.rawName} is unknown; ${there}`);
    if (!token.value) throw new OptionFault(`${token.rawName} needs a value`);
    given[token.name] = token.value;
  }
  const usual = Object.entries<string | undefined>(known).filter(([, value]) => value !== undefined);
  return { ...Object.fromEntries(usual), ...given } as Partial<Record<Name, string>>;
}

const helpOn = (known: Readonly<Record<string, string | undefined>>): string =>
  `Options, with what is usual: ${Object.entries(known)
    .map(([name, usual]) => (usual === undefined ? `--${name} …` : `--${name} ${usual}`))
    .join(', ')}.`;

/** @returns what was asked for; ends with 2 and one sentence where that makes no sense, with 0 where only help was wanted */
export async function asked<Wish>(ask: () => Wish | Promise<Wish>): Promise<Wish> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof OptionFault || error instanceof HelpAsked)) throw error;
    const isHelp = error instanceof HelpAsked;
    (isHelp ? process.stdout : process.stderr).write(`${error.message}\n`);
    process.exit(isHelp ? 0 : 2);
  }
}

export function numberOf<Name extends string>(
  options: Readonly<Partial<Record<Name, string>>>,
  name: Name,
  least: number,
): number {
  const value = options[name] ?? '';
  const number = Number(value);
  if (!/^\d+$/.test(value) || !Number.isSafeInteger(number) || number < least)
    throw new OptionFault(`--${name} is a whole number from ${least} on, not ${JSON.stringify(value)}`);
  return number;
}
