// Gets what the tests run against: browser builds, Chromium, and the servers that the whole run shares.
// Their addresses go into the environment of jest; what fails says in one sentence what to do.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { natsRecipe, resolveBinary, resolveRabbitMq, testCrm, testMongoUrl } from '@continuo/servers';
import { aptInstall, canInstall } from './apt.ts';
import { ensureChromium } from './chromium.ts';
import { runNode } from './run-node.ts';

export interface TestNeeds {
  builds: boolean;
  mongo: boolean;
  crm: boolean;
  chromium: boolean;
  rabbitmq: boolean;
}

const BUILD = fileURLToPath(new URL('build.ts', import.meta.url));

export async function setUpTests(needs: TestNeeds, say: (line: string) => void): Promise<NodeJS.ProcessEnv> {
  // What the tests provoke on purpose need not be read; services in a world log into its folder.
  const env: NodeJS.ProcessEnv = { CONTINUO_TEST_OWNER: String(process.pid), CONTINUO_LOG_LEVEL: 'silent' };
  if (needs.builds && existsSync(BUILD)) {
    say('building widget and console');
    if ((await runNode([BUILD])) !== 0) throw new Error('The browser builds failed; see above.');
  }
  // One after another: apt has one lock.
  if (needs.chromium) env.CONTINUO_TEST_CHROMIUM = await ensureChromium(say);
  if (needs.crm) await ensurePostgres(say);
  // Fetched here, so that no test's patience is spent on a download; each test that wants one of these starts its own.
  if (needs.rabbitmq) await resolveRabbitMq({ onProgress: say });
  if (needs.mongo) {
    await resolveBinary(natsRecipe, { onProgress: say });
    say('starting MongoDB');
    env.CONTINUO_TEST_MONGO_URL = await testMongoUrl();
  }
  if (needs.crm) {
    say('starting BottleCRM (the first time it is installed, which takes a minute)');
    const { newOrganisation: _, ...access } = await testCrm();
    say(`BottleCRM runs on ${access.db === 'postgres' ? 'PostgreSQL' : 'SQLite'}`);
    env.CONTINUO_TEST_CRM = JSON.stringify(access);
  }
  return env;
}

/** Without PostgreSQL the CRM falls back to SQLite, so this need not succeed. */
async function ensurePostgres(say: (line: string) => void): Promise<void> {
  const there = existsSync('/usr/lib/postgresql') || process.env.BOTTLE_PG_BIN || onPathAtAll('postgres');
  if (there || !canInstall()) return;
  say('installing postgresql (apt)');
  await aptInstall('postgresql').catch((error) => say(`no PostgreSQL, so BottleCRM will use SQLite: ${error.message}`));
}

function onPathAtAll(name: string): boolean {
  return (process.env.PATH ?? '').split(':').some((folder) => existsSync(`${folder}/${name}`));
}
