// `npm test`: gets everything the tests need, then types, lint and all tests; what CI runs is exactly this.
//   npm test -- services/crm-sync      only the tests whose path contains that (jest's own options work too)
//   npm run verify                     the quick part: types, lint, unit and contract tests, no servers
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { releaseTestServers } from '@continuo/servers';
import { ROOT, runNode } from './run-node.ts';
import { forSecondTry, readReport } from './second-try.ts';
import { setUpTests, type TestNeeds } from './test-set-up.ts';

const MODULES = join(ROOT, 'node_modules');
const JEST = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', join(MODULES, 'jest/bin/jest.js')];
const TSC = [join(MODULES, 'typescript/bin/tsc'), '--noEmit', '-p', 'tsconfig.json'];
const BIOME = [join(MODULES, '@biomejs/biome/bin/biome'), 'check', '.'];

/** In this order. A test world is a set of servers and services, but most of what an integration test does is wait; a browser test draws. */
const PHASES = [
  { kinds: ['unit', 'contract'], workers: 2, onServers: false },
  { kinds: ['int'], workers: 3, onServers: true },
  { kinds: ['e2e'], workers: 2, onServers: true },
];
const QUICK_PHASES = PHASES.slice(0, 1);

const began = Date.now();
const quick = process.argv.includes('--quick');
const filters = process.argv.slice(2).filter((argument) => argument !== '--quick');
const failures: string[] = [];
const unsteady: string[] = [];
let setUpMs = 0;

// Whatever runs in the foreground gets the terminal's Ctrl-C as well and ends first.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(130));

try {
  const env = await setUpTests(needs(), (line) => console.error(`[set-up ${seconds(Date.now() - began)}] ${line}`));
  setUpMs = Date.now() - began;
  if (filters.length === 0) {
    await check('types', TSC);
    await check('lint', BIOME);
    await check('audit of dependencies', [join(ROOT, 'deploy/supply/audit.ts')]);
    await check('weight of what browsers get', [join(ROOT, 'deploy/size.ts')]);
  } else if (filesOf(['unit', 'contract', 'int', 'e2e']).length === 0)
    throw new Error(`no test file fits ${filters.join(' ')}: nothing was tested`);
  for (const { kinds, workers, onServers } of quick ? QUICK_PHASES : PHASES) {
    const jest = [...JEST, '--selectProjects', ...kinds];
    const args = [...jest, '--maxWorkers', String(workers), '--passWithNoTests', ...filters];
    // Whoever runs single files looks for what is unsteady in them.
    if (onServers && filters.length === 0) await checkTwice(kinds.join(' and '), args, [...jest, '--runInBand'], env);
    else await check(kinds.join(' and '), args, env);
  }
} catch (error) {
  failures.push((error as Error).message);
} finally {
  await releaseTestServers();
}

if (unsteady.length)
  console.error(`\nUNSTEADY, red at first and green alone; look above for why:\n${unsteady.join('\n')}`);
console.error(failures.length ? `\nFAILED: ${failures.join('; ')}` : '\npassed');
console.error(`${seconds(Date.now() - began - setUpMs)} without set-up, set-up ${seconds(setUpMs)}`);
process.exitCode = failures.length ? 1 : 0;

async function check(name: string, args: string[], env?: NodeJS.ProcessEnv): Promise<void> {
  console.error(`\n── ${name}`);
  if ((await runNode(args, env)) !== 0) failures.push(name);
}

/** As `check`; a few red files get a second try, alone (second-try.ts). */
async function checkTwice(name: string, args: string[], alone: string[], env: NodeJS.ProcessEnv): Promise<void> {
  console.error(`\n── ${name}`);
  const dir = await mkdtemp(join(tmpdir(), 'continuo-test-'));
  const path = join(dir, 'report.json');
  try {
    if ((await runNode([...args, '--json', '--outputFile', path], env)) === 0) return;
    const again = forSecondTry(await readReport(path));
    const names = again.map((file) => relative(ROOT, file));
    if (again.length === 0) return void failures.push(name);
    console.error(`\n── ${name}: ${names.join(', ')} once more, alone`);
    if ((await runNode([...alone, '--runTestsByPath', ...again], env)) === 0) unsteady.push(...names);
    else failures.push(name);
  } finally {
    await rm(dir, { recursive: true });
  }
}

/** A filtered run gets ready only what its files may ask for; the rest starts when a test first asks. */
function needs(): TestNeeds {
  if (quick) return { builds: filters.length === 0, mongo: false, crm: false, chromium: false, rabbitmq: false };
  if (filters.length === 0) return { builds: true, mongo: true, crm: true, chromium: true, rabbitmq: true };
  const files = filesOf(['int', 'e2e']);
  const inBrowser = files.some((file) => file.endsWith('.e2e.spec.ts'));
  const about = (subject: string) => files.some((file) => file.slice(ROOT.length).includes(subject));
  const withCrm = inBrowser || about('crm') || about('soak');
  const builds = inBrowser || about('gateway');
  const rabbitmq = about('amqp') || about('rabbitmq') || about('soak');
  return { builds, mongo: files.length > 0, crm: withCrm, chromium: inBrowser, rabbitmq };
}

function filesOf(kinds: readonly string[]): string[] {
  const args = [...JEST, '--selectProjects', ...kinds, '--listTests', ...filters];
  const { stdout } = spawnSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8' });
  return stdout.split('\n').filter((line) => line.startsWith(ROOT));
}

function seconds(ms: number): string {
  const whole = Math.round(ms / 1000);
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}
