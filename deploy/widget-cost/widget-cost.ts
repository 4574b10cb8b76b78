// npm run widget-cost: what the widget costs a page (Q7, Q8): bytes by .ci/budgets.json, and the demo shop with and without it, side by side in one run, on a
// processor made four times slower, as phones are. Lighthouse says the same in its own words where npm can fetch it: it is no dependency of the project.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { freePort, testChromium } from '@continuo/servers';
import { serveShop } from '../demo-shop/serve.ts';
import { startStage } from '../e2e/stage.ts';
import { type Figure, median, table } from '../load/figures.ts';
import { weigh } from '../size.ts';
import { setUpTests } from '../test-set-up.ts';
import { type Cost, costOf } from './cost.ts';

const LIGHTHOUSE = 'lighthouse@13.5.0';
const VISITS = 5;

const needs = { builds: true, mongo: false, crm: false, chromium: true, rabbitmq: false };
Object.assign(process.env, await setUpTests(needs, (line) => console.error(line)));
await using stage = await startStage({ agents: 1, services: { gateway: 1, conversation: 1 } });
const gateway = stage.network.address;
await using plain = await serveShop({ port: await freePort(), gateway, site: stage.world.site.id, widget: false });
const [without, withWidget] = [`http://127.0.0.1:${plain.port}/`, `${stage.shop}/`];
const visits = { without: await visited(without), with: await visited(withWidget) };
const figures: Figure[] = [...weights(), ...pageCost(visits.without, visits.with)];
console.log(`\n${table(figures)}`);
console.log(`\n${await lighthouse()}`);

async function visited(url: string): Promise<Cost[]> {
  const costs: Cost[] = [];
  for (let visit = 0; visit < VISITS; visit++) costs.push(await costOf(stage.browser, url, gateway));
  return costs;
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
  });
  return [figure('loader', loader), figure('loader, frame, panel, one language', opened)];
}

function pageCost(before: Cost[], after: Cost[]): Figure[] {
  const of = (costs: Cost[], read: (cost: Cost) => number): number => median(costs.map(read));
  const both = (read: (cost: Cost) => number): string =>
    `${of(before, read)} without, ${of(after, read)} with; median of ${VISITS} visits`;
  const figure = (what: string, unit: string, must: number, value: number, detail: string): Figure => ({
    id: 'Q8',
    what,
    value,
    unit,
    detail,
    target: { must, aim: must, better: 'less' },
  });
  const added = (read: (cost: Cost) => number): number => of(after, read) - of(before, read);
  return [
    figure(
      'layout shift added',
      '',
      0,
      added(({ shift }) => shift),
      both(({ shift }) => shift),
    ),
    figure(
      'blocking time added',
      'ms',
      0,
      Math.max(
        0,
        added(({ blocked }) => blocked),
      ),
      both(({ blocked }) => blocked),
    ),
    figure(
      'requests before interest',
      '',
      2,
      of(after, ({ requests }) => requests),
      `and ${of(after, ({ sockets }) => sockets)} WebSocket, opened when the page is idle`,
    ),
  ];
}

async function lighthouse(): Promise<string> {
  try {
    const lines: string[] = [];
    for (const [name, url] of [
      ['without', without],
      ['with', withWidget],
    ] as const) {
      const { audits, categories } = await audited(url);
      const shown = ['cumulative-layout-shift', 'total-blocking-time'].map((id) => `${id} ${audits[id]?.displayValue}`);
      lines.push(`Lighthouse, ${name} the widget: performance ${categories.performance.score}, ${shown.join(', ')}`);
    }
    return lines.join('\n');
  } catch (error) {
    return `Lighthouse was not asked: ${(error as Error).message.split('\n')[0]}`;
  }
}

interface Report {
  audits: Record<string, { displayValue?: string } | undefined>;
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
