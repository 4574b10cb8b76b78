// `npm run generate`: writes what derives from code – the pages of events, configuration and metrics, the README's picture, the users of NATS – and adds new schemas to the lock.
// A narrowing of something released is refused.
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { eventsPage, picture } from '@continuo/contracts/generate/events-page';
import { currentLock, type Lock, narrowings } from '@continuo/contracts/generate/lock';
import { metricsPage } from '@continuo/telemetry';
import { configurationPage } from './configuration-page.ts';
import { NATS_USERS_FILE, natsUsersFile } from './k8s/nats-users.ts';
import { messageSchemas } from './message-schemas.ts';
import { noticesPage } from './supply/notices.ts';

const root = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));
const LOCK = 'libs/contracts/src/lock.json';
const PICTURE = /(?<=<!-- picture -->\n)[\s\S]*?(?=<!-- \/picture -->)/;

/** Path → content of every generated file. @throws when the catalogue narrows what the lock holds */
export async function generated(): Promise<Record<string, string>> {
  const lock = JSON.parse(await read(LOCK)) as Lock;
  const faults = narrowings(lock, currentLock());
  if (faults.length > 0)
    throw new Error(`the catalogue breaks what was released; make a new version instead:\n  ${faults.join('\n  ')}`);
  const readme = await read('README.md');
  if (!PICTURE.test(readme)) throw new Error('README.md has lost the marks <!-- picture --> and <!-- /picture -->');
  return {
    [LOCK]: `${JSON.stringify(sorted({ ...lock, ...currentLock() }), null, 2)}\n`,
    'docs/events.md': eventsPage(),
    'docs/configuration.md': configurationPage(),
    'docs/metrics.md': metricsPage(),
    [NATS_USERS_FILE]: natsUsersFile(),
    'THIRD_PARTY_NOTICES.md': noticesPage(),
    ...messageSchemas(),
    'README.md': readme.replace(PICTURE, () => `${picture()}\n`),
  };
}

const read = (path: string): Promise<string> =>
  readFile(root(path), 'utf8').catch(() => (path.endsWith('.json') ? '{}' : ''));
const sorted = (lock: Lock): Lock => Object.fromEntries(Object.entries(lock).sort(([a], [b]) => (a < b ? -1 : 1)));

/** Paths whose content on the disk differs from what would be generated. */
export async function outdated(): Promise<string[]> {
  const files = await generated();
  const stale = await Promise.all(
    Object.entries(files).map(async ([path, content]) => ((await read(path)) === content ? [] : [path])),
  );
  return stale.flat();
}

if (import.meta.main) {
  try {
    for (const [path, content] of Object.entries(await generated())) await writeFile(root(path), content);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
