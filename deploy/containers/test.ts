// npm run test:containers: builds the images, runs the integration suite on NATS and MongoDB from their images, then the whole system of docker-compose.yml.
//   --built    takes the images that are there
// Where no container engine answers, that is one sentence: the suite itself runs without one.
import { execFileSync } from 'node:child_process';
import { existsSync, globSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT, runNode } from '../run-node.ts';
import { composedSystem } from './compose.ts';
import { noEngine } from './engine.ts';

/** What is not run on servers from images, and why. */
const NOT_ON_IMAGES: Record<string, readonly string[]> = {
  'kills or freezes a server by its process, and a container’s is another one than the one that was started': [
    'deploy/backup/copies',
    'deploy/chaos/',
    'deploy/cluster/',
    'deploy/faults/health',
    'deploy/faults/killed-run',
    'libs/bus/test/live',
    'services/gateway/test/outage',
  ],
  'is about the programs of this machine: how they are had, started, kept and ended': [
    'deploy/go',
    'deploy/k8s/nats-start',
    'deploy/start',
    'libs/servers/',
  ],
};
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
  const repository = `${process.env['CONTINUO_IMAGES'] ?? 'localhost/continuo'}/*`;
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

function onImages(): string[] {
  const all = globSync('{deploy,libs,services}/**/*.int.spec.ts', { cwd: ROOT });
  const without = Object.values(NOT_ON_IMAGES).flat();
  const stale = without.filter((one) => !all.some((path) => path.startsWith(one)));
  if (stale.length > 0) throw new Error(`NOT_ON_IMAGES names what is not there: ${stale.join(', ')}`);
  for (const [why, ones] of Object.entries(NOT_ON_IMAGES)) say(`not on images, since it ${why}: ${ones.join(', ')}`);
  return all.filter((path) => !without.some((one) => path.startsWith(one))).map((path) => join(ROOT, path));
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
      if (
        (await runNode(
          [...JEST, '--selectProjects', 'int', '--maxWorkers', '2', '--runTestsByPath', ...onImages()],
          env,
        )) !== 0
      )
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
