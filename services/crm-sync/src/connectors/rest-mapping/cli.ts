// Mappings on the command line: npm run crm-mapping -- validate FILE | dry-run FILE [URL] | check FILE URL SETTINGS | trial FILE URL SETTINGS.
// SETTINGS is a JSON file, so that no secret stands in the list of processes or in the shell's history.
import { readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { faultsOf, MAX_TEXT, plainWords } from '@continuo/contracts';
import { ConfigError, concerning, openOutbound, outboundAllow, readConfig } from '@continuo/runtime';
import { roomIn } from '../../domain/note.ts';
import { CrmError } from '../crm-error.ts';
import { takenIds } from '../index.ts';
import { dryRun } from './dry-run.ts';
import { MappingError, parseMapping } from './load.ts';
import { restMapping } from './rest-mapping.ts';
import type { Mapping } from './schema.ts';
import { SHIPPED } from './shipped.ts';
import { check, type Tried, trial } from './try.ts';

const USAGE = `usage: npm run crm-mapping -- validate FILE
                              dry-run FILE [URL]          the requests it would make; nothing is sent
                              check FILE URL SETTINGS     reads from the CRM and says what to mend
                              trial FILE URL SETTINGS     makes one lead with one note there (task, deal), and compares
FILE is a mapping (YAML), SETTINGS a JSON file: {"token": "…"}.`;

/** Of the environment nothing else concerns these commands: they run beside whatever else is set there. */
const config = { CONTINUO_OUTBOUND_ALLOW: outboundAllow };

/** @returns what to print, and whether all is well */
export async function mappingCommand(args: readonly string[], env: NodeJS.ProcessEnv): Promise<Tried> {
  const [verb, file, url, settingsFile] = args;
  if (file === undefined || !['validate', 'dry-run', 'check', 'trial'].includes(verb ?? '')) return wrong(USAGE);
  try {
    // Those that come with Continuo are looked at by the same commands.
    const taken = dirname(resolve(file)) === resolve(SHIPPED) ? [] : takenIds();
    const mapping = parseMapping(readText(file), file, taken);
    if (verb === 'validate')
      return fine(`${file} is in order: connector “${mapping.id}”, ${mapping.name}.`, roomWords(mapping));
    if (url !== undefined && !/^https?:\/\/./.test(url))
      return wrong(`MEND  The address: one that begins with https:// (or http://) is needed, not ${url}.`);
    if (verb === 'dry-run') {
      const requests = dryRun(mapping, { baseUrl: url ?? 'https://crm.example.com' });
      return fine([`# ${roomWords(mapping)}`, ...requests].join('\n\n'));
    }
    if (url === undefined || settingsFile === undefined) return wrong(USAGE);
    const { CONTINUO_OUTBOUND_ALLOW: allow } = readConfig(config, concerning(config, env));
    const outbound = openOutbound(allow);
    const objection = await outbound.objection(url);
    if (objection !== undefined) return wrong(`MEND  The address: ${objection}`);
    const connector = restMapping(mapping);
    const given: unknown = JSON.parse(readText(settingsFile));
    const settings = connector.describe.credentials.safeParse(given, { error: plainWords });
    if (!settings.success)
      return wrong(...faultsOf(settings.error).map(({ path, words }) => `MEND  Setting ${path.join('.')}: ${words}`));
    const crm = connector.open({ baseUrl: url, credentials: settings.data as Record<string, string>, outbound });
    const tried = await check(crm);
    if (verb === 'check' || !tried.ok) return tried;
    const written = await trial(crm, { makesTasks: mapping.task !== undefined });
    return { ok: written.ok, lines: [...tried.lines, ...written.lines] };
  } catch (error) {
    if (error instanceof MappingError || error instanceof CrmError) return wrong(error.message);
    if (error instanceof ConfigError) return wrong(...error.faults.map((fault) => `MEND  ${fault}`));
    if (error instanceof SyntaxError) return wrong(`MEND  ${settingsFile} is not JSON.`);
    if (error instanceof UnreadableError) return wrong(error.message);
    throw error;
  }
}

class UnreadableError extends Error {
  override name = 'UnreadableError';
}
function readText(file: string): string {
  try {
    if (statSync(file).isFile()) return readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UnreadableError(code === 'ENOENT' ? `There is no file ${file}.` : `${file} cannot be read (${code}).`, {
      cause: error,
    });
  }
  throw new UnreadableError(`${file} is not a file.`);
}

/** Stands above each message. */
const TIME_AND_NAME = 50;

/** Small limits are kept, and cut a dialogue into many notes: that shows here, before it shows in the CRM. */
function roomWords(mapping: Mapping): string {
  const room = roomIn(restMapping(mapping).describe.noteLimit);
  const notes = Math.ceil((MAX_TEXT + TIME_AND_NAME) / room);
  return `A note holds ${room} characters of what is said; the rest of limits.note is kept free for heading, mark and escaping. The longest message of ${MAX_TEXT} becomes ${notes} note${notes === 1 ? '' : 's'}.`;
}

const fine = (...lines: string[]): Tried => ({ ok: true, lines });
const wrong = (...lines: string[]): Tried => ({ ok: false, lines });

if (import.meta.main) {
  const { lines, ok } = await mappingCommand(process.argv.slice(2), process.env);
  process.stdout.write(`${lines.join('\n')}\n`);
  if (!ok) process.exitCode = 1;
}
