// npm run crm-figures: what a chat costs the CRM in requests per message, and how late a message is there – the window and the CRM's own time taken off.
// Figures of the machine it runs on: printed, never asserted.
import { setTimeout as sleep } from 'node:timers/promises';
import { putSite } from '@continuo/bus';
import { releaseTestServers, testCrm } from '@continuo/servers';
import { onlyWarnings } from '@continuo/telemetry';
import { eventually, startWorld, type World } from '@continuo/testing';
import { asked, numberOf, optionsOf } from '../chaos/options.ts';
import { type Figure, table } from '../load/figures.ts';
import { type SpoilingProxy, startSpoilingProxy } from './proxy.ts';
import { type Ledger, speaker } from './talk.ts';
import { crmTarget, TARGETS, type Target } from './targets.ts';

/** Q11. A chat is called lively when something is said in it every second or more often. */
const REQUESTS = { must: 0.2, aim: 0.1, better: 'less' } as const;
const LAG = { must: 1_000, aim: 300, better: 'less' } as const;
const LIVELY_MS = [500, 1_000];
/** As shipped. */
const WINDOW_SECONDS = 5;
const LAG_WINDOW_MS = 1_000;
const NOWHERE: Ledger = { file: '', said: () => 0, write: () => {} };

process.setMaxListeners(0);
onlyWarnings();
const wish = await asked(() => {
  const given = optionsOf(process.argv.slice(2), { seconds: '60', samples: '40' });
  return { seconds: numberOf(given, 'seconds', 1), samples: numberOf(given, 'samples', 1) };
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(130));
try {
  await using world = await startWorld({ services: { 'crm-sync': 2 } });
  await using proxy = await startSpoilingProxy((await testCrm()).baseUrl, 1);
  const figures: Figure[] = [];
  const slow: Figure[] = [];
  for (const name of TARGETS.filter((one) => one !== 'amqp')) {
    process.stderr.write(
      `${name}: three chats of ${wish.seconds} s, then ${wish.samples} single messages, about ${minutes()} min.\n`,
    );
    const target = await crmTarget(world, proxy, name, 1);
    await setWindow(world, target, WINDOW_SECONDS);
    for (const everyMs of LIVELY_MS) figures.push(await cost(world, proxy, target, everyMs));
    slow.push(await cost(world, proxy, target, 3_000));
    await setWindow(world, target, LAG_WINDOW_MS / 1_000);
    figures.push(...(await lag(world, proxy, target)));
  }
  process.stdout.write(`${table(figures)}\n\n`);
  for (const { what, value, detail } of slow)
    process.stdout.write(`Beside them, not a lively chat: ${what}: ${value.toFixed(3)} (${detail})\n`);
  process.stdout.write(`${JSON.stringify([...figures, ...slow])}\n`);
} finally {
  await releaseTestServers();
}

/** A single message has its window, a pause as long and half a second beside it, on average. */
function minutes(): number {
  return Math.ceil(((LIVELY_MS.length + 1) * wish.seconds + wish.samples * 2.6) / 60);
}

async function setWindow(world: World, { sites }: Target, windowSeconds: number): Promise<void> {
  await putSite(world.admin, { ...world.site, id: sites[0] as string, crm: { windowSeconds } });
}

/** A chat in which somebody says something every `everyMs`. */
async function cost(world: World, proxy: SpoilingProxy, target: Target, everyMs: number): Promise<Figure> {
  const [site, authorization] = [target.sites[0] as string, target.authorizations[0] as string];
  const before = proxy.requests(authorization);
  const { say, conversation } = speaker(world.admin, { target: target.name, site }, { person: 'one' }, NOWHERE);
  const count = Math.round((wish.seconds * 1_000) / everyMs);
  const began = Date.now();
  for (let index = 0; index < count; index++) {
    await say(index % 2 === 0 ? 'visitor' : 'agent', `message ${index} of a lively chat`);
    await sleep(Math.max(0, began + (index + 1) * everyMs - Date.now()));
  }
  await pushed(world, conversation, count);
  const requests = proxy.requests(authorization) - before;
  return {
    id: 'Q11',
    what: `${target.name}: requests per message, one message each ${everyMs / 1_000} s`,
    value: requests / count,
    unit: '',
    detail: `${requests} requests, ${count} messages, window ${WINDOW_SECONDS} s; making the lead is among them`,
    target: REQUESTS,
    samples: { count, of: 'messages' },
  };
}

/** Single messages in a dialogue that stands already, each with a window of its own: in full swing a window is twice as long, and it is the plain one that is taken off. */
async function lag(world: World, proxy: SpoilingProxy, target: Target): Promise<Figure[]> {
  const [site, authorization] = [target.sites[0] as string, target.authorizations[0] as string];
  const { say, conversation } = speaker(world.admin, { target: target.name, site }, { person: 'one' }, NOWHERE);
  await say('visitor', 'hello');
  await pushed(world, conversation, 1);
  const lags: number[] = [];
  const crmTimes: number[] = [];
  for (let sample = 0; sample < wish.samples; sample++) {
    await sleep(LAG_WINDOW_MS + Math.random() * 1_000);
    const known = proxy.notes(authorization);
    const stored = await say('agent', `sample ${sample}`);
    await eventually(() => {
      if (proxy.notes(authorization) === known) throw new Error('not written yet');
    });
    const calls = proxy.calls(authorization).filter(({ ended }) => ended > stored);
    const written = calls.find(({ note }) => note)?.ended as number;
    const crm = calls.reduce((sum, { began, ended }) => sum + (ended <= written ? ended - began : 0), 0);
    lags.push(written - stored - LAG_WINDOW_MS - crm);
    crmTimes.push(crm);
    await pushed(world, conversation, sample + 2);
  }
  const at = (all: number[], share: number): number =>
    Math.round(all.toSorted((a, b) => a - b)[Math.ceil(all.length * share) - 1] as number);
  return [0.5, 0.99].map((share) => ({
    id: 'Q11',
    what: `${target.name}: stored → in the CRM, p${share * 100}`,
    value: at(lags, share),
    unit: 'ms',
    detail: `${lags.length} messages, window and CRM taken off; the CRM itself ${at(crmTimes, share)} ms`,
    target: LAG,
    samples: { count: lags.length, of: 'messages' },
  }));
}

async function pushed(world: World, conversation: string, upTo: number): Promise<void> {
  await eventually(
    async () => {
      const link = await world.database.collection('crm_links').findOne({ conversation });
      if (link?.['state'] !== 'pushed' || link['writtenUpTo'] < upTo)
        throw new Error(`not pushed up to ${upTo}: ${JSON.stringify(link)}`);
    },
    { withinMs: 60_000 },
  );
}
