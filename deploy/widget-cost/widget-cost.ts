// npm run widget-cost: what the widget costs a page (Q7, Q8): bytes by .ci/budgets.json, and the demo shop with and without it in turn, in one run. Durations are
// what a processor four times slower would work, as phones are: the clock of a shared machine measures its neighbours. Lighthouse says the same in its own words
// where npm can fetch it: it is no dependency of the project.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { freePort, testChromium } from '@continuo/servers';
import type { Browser } from 'playwright-core';
import { serveShop } from '../demo-shop/serve.ts';
import { startBrowser } from '../e2e/browsers.ts';
import { startStage } from '../e2e/stage.ts';
import { type Figure, median, table } from '../load/figures.ts';
import { weigh } from '../size.ts';
import { setUpTests } from '../test-set-up.ts';
import { type Cost, costIn } from './cost.ts';
import { traceOf } from './visit.ts';

const LIGHTHOUSE = 'lighthouse@13.5.0';
const ROUNDS = 7;
const LIGHTHOUSE_ROUNDS = 3;
/** As on phones with little memory, where a browser gives frames of other sites no thread of their own. */
const ONE_THREAD = ['--disable-site-isolation-trials', '--disable-features=OriginIsolationHeader,IsolateOrigins'];

const needs = { builds: true, mongo: false, crm: false, chromium: true, rabbitmq: false };
Object.assign(process.env, await setUpTests(needs, (line) => console.error(line)));
await using stage = await startStage({ agents: 1, services: { gateway: 1, conversation: 1 } });
const gateway = stage.network.address;
await using plain = await serveShop({ port: await freePort(), gateway, site: stage.world.site.id, widget: false });
const [without, withWidget] = [`http://127.0.0.1:${plain.port}/`, `${stage.shop}/`];
const figures: Figure[] = [
  ...weights(),
  ...(await pageCost([], 'frame on a thread of its own')),
  ...(await pageCost(ONE_THREAD, 'all on one thread')),
];
console.log(`\n${table(figures)}`);
console.log(`\n${await lighthouse()}`);

interface Round {
  without: Cost;
  with: Cost;
  /** Without again: by how much this differs from the first is the noise. */
  again: Cost;
  opened: Cost;
}

/** Each round has every kind of visit once, so that what else the machine does falls on all alike. */
async function rounds(browser: Browser): Promise<Round[]> {
  const cost = async (url: string, open = false) => costIn(await traceOf(browser, { url, open }), url, gateway);
  await cost(withWidget, true);
  const all: Round[] = [];
  for (let round = 0; round < ROUNDS; round++)
    all.push({
      without: await cost(without),
      with: await cost(withWidget),
      again: await cost(without),
      opened: await cost(withWidget, true),
    });
  return all;
}

async function pageCost(flags: string[], how: string): Promise<Figure[]> {
  const browser = await startBrowser(flags);
  const all = await rounds(browser);
  await browser.close();
  const of = (read: (round: Round) => number): number => Math.round(median(all.map(read)) * 1000) / 1000;
  const figure = (what: string, unit: string, must: number, value: number, detail: string): Figure => ({
    id: 'Q8',
    what: `${what}, ${how}`,
    value,
    unit,
    detail: `${detail}; median of ${ROUNDS} rounds`,
    target: { must, aim: must, better: 'less' },
    samples: { count: all.length, of: 'rounds' },
  });
  const added = (what: string, unit: string, read: (cost: Cost) => number, more = ''): Figure =>
    figure(
      `${what} added`,
      unit,
      0,
      Math.max(
        0,
        of((round) => read(round.with) - read(round.without)),
      ),
      `${of((round) => read(round.without))} without, ${of((round) => read(round.with))} with, noise ${of((round) => Math.abs(read(round.again) - read(round.without)))}${more}`,
    );
  const clock = `by the clock ${of((round) => round.without.blockedByClock)} without, ${of((round) => round.with.blockedByClock)} with`;
  return [
    added('layout shift', '', ({ shift }) => shift),
    added('blocking time', 'ms', ({ blocked }) => blocked, `; ${clock}`),
    figure(
      'longest task once loaded',
      'ms',
      50,
      of((round) => round.with.longest),
      `${of((round) => round.without.longest)} without`,
    ),
    figure(
      'longest task, opened',
      'ms',
      50,
      of((round) => round.opened.longest),
      'loaded and opened',
    ),
    figure(
      'requests before interest',
      '',
      2,
      of((round) => round.with.requests),
      `and ${of((round) => round.with.sockets)} WebSocket, opened when the page is idle`,
    ),
  ];
}

function weights(): Figure[] {
  const [loader, , opened] = weigh();
  const figure = (what: string, of: typeof loader): Figure => ({
    id: 'Q7',
    what,
    value: (of?.bytes ?? Number.NaN) / 1024,
    unit: 'KiB',
    detail: 'gzip -9',
    target: { must: (of?.must ?? 0) / 1024, aim: (of?.aim ?? 0) / 1024, better: 'less' },
    samples: { count: of ? 1 : 0, of: 'builds' },
  });
  return [figure('loader', loader), figure('loader, frame, panel, one language', opened)];
}

async function lighthouse(): Promise<string> {
  const kinds = [
    ['without', without],
    ['with', withWidget],
  ] as const;
  const found = new Map<string, Report[]>(kinds.map(([name]) => [name, []]));
  try {
    for (let round = 0; round < LIGHTHOUSE_ROUNDS; round++)
      for (const [name, url] of kinds) found.get(name)?.push(await audited(url));
  } catch (error) {
    return `Lighthouse was not asked: ${(error as Error).message.split('\n')[0]}`;
  }
  return [...found]
    .map(([name, reports]) => {
      const each = (read: (report: Report) => number | undefined) => reports.map(read).join(', ');
      const value = (id: string) =>
        each(({ audits }) => Math.round((audits[id]?.numericValue ?? Number.NaN) * 1000) / 1000);
      return `Lighthouse, ${name} the widget, ${LIGHTHOUSE_ROUNDS} times in turn: performance ${each(({ categories }) => categories.performance.score)}; layout shift ${value('cumulative-layout-shift')}; blocking time ${value('total-blocking-time')} ms`;
    })
    .join('\n');
}

interface Report {
  audits: Record<string, { numericValue?: number } | undefined>;
  categories: { performance: { score: number } };
}
async function audited(url: string): Promise<Report> {
  const flags = '--chrome-flags=--headless=new --no-sandbox --disable-gpu';
  const quiet = ['--quiet', '--no-enable-error-reporting', '--only-categories=performance', '--output=json'];
  const args = ['exec', '--yes', `--package=${LIGHTHOUSE}`, '--', 'lighthouse', url, ...quiet, flags];
  const env = { ...process.env, CHROME_PATH: testChromium() };
  const { stdout } = await promisify(execFile)('npm', args, { env, maxBuffer: 64 * 1024 * 1024 });
  return JSON.parse(stdout) as Report;
}
