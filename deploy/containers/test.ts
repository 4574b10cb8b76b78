// npm run test:containers: builds the images, runs a part of the integration suite on NATS and MongoDB from their images, then the whole system of docker-compose.yml.
//   --built    takes the images that are there
// Where no container engine answers, that is one sentence: the suite itself runs without one.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT, runNode } from '../run-node.ts';
import { composedSystem } from './compose.ts';
import { noEngine } from './engine.ts';

/** What talks most to the servers: the bus itself, who may do what, the versions of the data, and a service of each kind. */
const ON_SERVERS = [
  'libs/bus/test/bus.int',
  'libs/bus/test/permissions.int',
  'deploy/provision.int',
  'services/conversation/test/conversation.int',
  'services/gateway/test/resume.int',
  'services/visitor-tracking/test',
  'services/email-fallback/test/unseen-answers.int',
  'services/crm-sync/test/webhook.int',
];
const JEST = [
  '--experimental-vm-modules',
  '--disable-warning=ExperimentalWarning',
  join(ROOT, 'node_modules/jest/bin/jest.js'),
];
const SETTINGS = join(ROOT, '.env');
const say = (line: string): void => void process.stderr.write(`${line}\n`);
const docker = (...args: string[]): string[] =>
  execFileSync('docker', args, { encoding: 'utf8' }).split('\n').filter(Boolean);

async function build(): Promise<void> {
  say('building the images');
  await using system = await composedSystem();
  await system.run('build');
}

function tellSizes(): void {
  const repository = `${process.env['CONTINUO_IMAGES'] ?? 'continuo'}/*`;
  for (const line of docker(
    'image',
    'ls',
    '--filter',
    `reference=${repository}`,
    '--format',
    '{{.Repository}} {{.Size}}',
  ))
    say(`  ${line}`);
}

async function run(): Promise<string[]> {
  process.env['CONTINUO_TEST_OWNER'] = String(process.pid);
  // Its image would have to be had, too; what is left is found by its label.
  process.env['TESTCONTAINERS_RYUK_DISABLED'] = 'true';
  const { natsExecutable, startMongoContainer } = await import('./servers.ts');
  const folder = await mkdtemp(join(tmpdir(), 'continuo-containers-'));
  const failed: string[] = [];
  try {
    {
      await using mongo = await startMongoContainer();
      const env = {
        CONTINUO_TEST_MONGO_URL: mongo.url,
        NATS_SERVER_BIN: await natsExecutable(folder),
        CONTINUO_LOG_LEVEL: 'silent',
      };
      if ((await runNode([...JEST, '--selectProjects', 'int', '--maxWorkers', '2', ...ON_SERVERS], env)) !== 0)
        failed.push('the integration suite on servers from images');
    }
    if ((await runNode([...JEST, '--selectProjects', 'containers'])) !== 0) failed.push('the composed system');
  } finally {
    const left = docker('ps', '-aq', '--filter', `label=continuo.test=${process.pid}`);
    if (left.length > 0) docker('rm', '-f', ...left);
    await rm(folder, { recursive: true, force: true });
  }
  return failed;
}

try {
  // Names of images, as Compose takes them.
  if (existsSync(SETTINGS)) process.loadEnvFile(SETTINGS);
  const reason = noEngine();
  if (reason) say(`SKIPPED: ${reason}.`);
  else {
    if (!process.argv.includes('--built')) await build();
    tellSizes();
    const failed = await run();
    say(failed.length > 0 ? `FAILED: ${failed.join('; ')}` : 'passed');
    if (failed.length > 0) process.exitCode = 1;
  }
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
