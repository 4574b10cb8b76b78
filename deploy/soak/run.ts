// One soak: dialogues are spoken while crm-sync is killed and paused, a proxy spoils a share of the CRM's answers and the broker is restarted; then all of that
// ends, everything has to catch up by itself, and the checker, a process of its own, says what stands where.
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { testCrm } from '@continuo/servers';
import { startWorld, type World } from '@continuo/testing';
import { randomFrom } from '../chaos/schedule.ts';
import { type Administrator, administrate } from './administrator.ts';
import type { Evidence, Finding } from './check.ts';
import { type Blow, type Fallen, hurt, scheduleOf } from './hurt.ts';
import { type SpoilingName, type SpoilingProxy, startSpoilingProxy } from './proxy.ts';
import { type Ledger, openLedger, speak, type Talk, talks } from './talk.ts';
import { brokerTarget, crmTarget, sitesFor, startBroker, type Target, type TargetName } from './targets.ts';

export interface SoakOptions {
  seed: number;
  /** For each target. */
  dialogues: number;
  /** How long people write, and replicas are hurt. */
  seconds: number;
  /** One blow in so many milliseconds, or so. */
  everyMs: number;
  /** Of the CRM's answers that are spoiled. */
  share: number;
  targets: readonly TargetName[];
  /** How long answers are spoiled; else until most is written all the same, or thrice as long as people write. */
  spoilSeconds?: number;
  /** Of each dialogue only its beginning. */
  shortest?: number;
  /** In place of the seed's own blows. */
  schedule?: Blow[];
  say?: (line: string) => void;
}
export interface TargetResult {
  name: TargetName;
  dialogues: number;
  requests: number;
  /** Notes that reached the CRM while its answers were spoiled. */
  notesExposed: number;
  /** Dialogues that the journal called pushed when the spoiling ended. */
  pushedExposed: number;
}
export interface SoakResult {
  seed: number;
  source: 'real' | 'made';
  messages: number;
  targets: TargetResult[];
  blows: Fallen[];
  exposed: number;
  spoiled: Readonly<Record<SpoilingName, number>>;
  /** How often the administrator had to see to it. */
  pressed: Administrator['pressed'];
  seconds: { spoiled: number; toCatchUp: number };
  findings: Finding[];
  /** Kept when something was broken. */
  dir: string;
}

const CHECK = fileURLToPath(new URL('check.ts', import.meta.url));
const CATCH_UP_MS = 900_000;
/** What the product calls done when the spoiling may end, unless it takes too long. */
const ENOUGH = 0.9;

/** What was written stands until it is disposed of. */
export interface Soak extends AsyncDisposable {
  result: SoakResult;
  evidence: Evidence;
  /** Asks the checker once more, at once. */
  recheck(): Promise<Finding[]>;
}

export async function runSoak(options: SoakOptions): Promise<Soak> {
  const { seed, dialogues, seconds, share, say = () => {} } = options;
  const dir = await mkdtemp(join(tmpdir(), 'continuo-soak-'));
  await using stack = new AsyncDisposableStack();
  const [world, broker] = await Promise.all([
    startWorld({ services: { 'crm-sync': 2 } }).then((started) => stack.use(started)),
    options.targets.includes('amqp') ? startBroker(dir).then((started) => stack.use(started)) : undefined,
  ]);
  const crm = options.targets.some((name) => name !== 'amqp');
  const proxy = stack.use(await startSpoilingProxy(crm ? (await testCrm()).baseUrl : 'http://127.0.0.1:9', seed));
  const sites = sitesFor(dialogues);
  const targets: Target[] = [];
  for (const name of options.targets) if (name !== 'amqp') targets.push(await crmTarget(world, proxy, name, sites));
  if (broker) targets.push(stack.use(await brokerTarget(world, broker, dir)));
  const ledger = openLedger(join(dir, 'ledger.jsonl'));
  const { source, list } = talks(dialogues, options.shortest);
  const administrator = stack.use(administrate(world, targets));
  say(`${targets.length} targets with ${dialogues} dialogues each (${source}) for ${seconds} s.`);

  const began = Date.now();
  proxy.spoil(share);
  const schedule = options.schedule ?? scheduleOf({ seed, seconds, everyMs: options.everyMs });
  const hurting = hurt(schedule, world, broker, proxy.waiting);
  const speaking = Promise.all(targets.map((target) => speakAll(world, target, list, ledger, { seed, seconds })));
  const all = targets.length * dialogues;
  const { spoilSeconds } = options;
  if (spoilSeconds === undefined) {
    await Promise.all([hurting, speaking]);
    for (const late = began + 3 * seconds * 1_000; Date.now() < late; await sleep(500))
      if ((await pushed(world, targets)) >= ENOUGH * all) break;
  } else await sleep(spoilSeconds * 1_000);
  const results = await Promise.all(targets.map((target) => resultOf(world, proxy, target, dialogues)));
  proxy.spoil(0);
  const healed = Date.now();
  const [blows] = await Promise.all([hurting, speaking]);
  say(
    `${ledger.said()} messages were said; ${await pushed(world, targets)} of ${all} dialogues are written now that nothing is hurt any more.`,
  );
  for (const late = healed + CATCH_UP_MS; (await settled(world, targets)) < all; await sleep(500))
    if (Date.now() > late) break;
  const toCatchUp = Date.now() - healed;

  const evidence: Evidence = {
    ledger: ledger.file,
    targets: targets.map((target) => target.evidence),
    patienceMs: 60_000,
  };
  const findings = await check(dir, evidence);
  const whole = findings.length > 0 && findings.every(({ broken }) => broken.length === 0);
  if (whole) stack.defer(() => rm(dir, { recursive: true, force: true }));
  const owned = stack.move();
  const result: SoakResult = {
    seed,
    source,
    messages: ledger.said(),
    targets: results,
    blows,
    exposed: proxy.exposed(),
    spoiled: proxy.spoiled,
    pressed: administrator.pressed,
    seconds: { spoiled: Math.round((healed - began) / 1_000), toCatchUp: Math.round(toCatchUp / 1_000) },
    findings,
    dir,
  };
  return {
    result,
    evidence,
    recheck: () => check(dir, { ...evidence, patienceMs: 0 }),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** Both of one person begin in one moment; the others one after the other. */
async function speakAll(
  world: World,
  { name, sites }: Target,
  list: readonly Talk[],
  ledger: Ledger,
  { seed, seconds }: { seed: number; seconds: number },
): Promise<void> {
  const random = randomFrom(seed);
  await Promise.all(
    list.map(async (talk, index) => {
      await sleep((Math.floor(index / 2) / (list.length / 2)) * 0.6 * seconds * 1_000);
      const site = sites[Math.floor((index / list.length) * sites.length)] as string;
      const mean = Math.min(1_500, (0.4 * seconds * 1_000) / talk.messages.length);
      await speak(world.admin, { target: name, site }, talk, ledger, () => random() * 2 * mean);
    }),
  );
}

const pushed = (world: World, targets: readonly Target[]): Promise<number> =>
  links(world).countDocuments({ site: { $in: targets.flatMap(({ sites }) => [...sites]) }, state: 'pushed' });
/** Pushed, and nothing is looked for any more. */
const settled = (world: World, targets: readonly Target[]): Promise<number> =>
  links(world).countDocuments({
    site: { $in: targets.flatMap(({ sites }) => [...sites]) },
    state: 'pushed',
    doubt: { $exists: false },
  });
const links = (world: World) => world.database.collection('crm_links');

async function resultOf(world: World, proxy: SpoilingProxy, target: Target, dialogues: number): Promise<TargetResult> {
  const sum = (count: (authorization: string) => number) =>
    target.authorizations.reduce((all, one) => all + count(one), 0);
  return {
    name: target.name,
    dialogues,
    requests: sum(proxy.requests),
    notesExposed: sum(proxy.notes),
    pushedExposed: await pushed(world, [target]),
  };
}

/** @throws when the checker ends without its findings */
async function check(dir: string, evidence: Evidence): Promise<Finding[]> {
  const file = join(dir, 'evidence.json');
  await writeFile(file, JSON.stringify(evidence), { mode: 0o600 });
  const child = spawn(process.execPath, [CHECK, file], { stdio: ['ignore', 'pipe', 'pipe'] });
  const [output, errors] = ['', ''].map((_, index) => collected(index === 0 ? child.stdout : child.stderr));
  await new Promise((resolve) => child.once('close', resolve));
  const said = (await output) as string;
  if (said === '') throw new Error(`the checker found nothing to say: ${await errors}`);
  return said
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Finding);
}

async function collected(stream: NodeJS.ReadableStream): Promise<string> {
  let text = '';
  for await (const chunk of stream) text += chunk;
  return text;
}
