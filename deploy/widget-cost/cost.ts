// What one visit of a page costs, seen from inside the browser.
import type { Browser } from 'playwright-core';

export interface Cost {
  /** Sum of layout shifts, as the browser scores them. */
  shift: number;
  /** Milliseconds by which tasks were longer than 50 ms. */
  blocked: number;
  /** From `gateway`, without the socket. */
  requests: number;
  sockets: number;
}
interface Observed {
  shift: number;
  blocked: number;
}

/** Until the page has been idle, and what comes then is over. */
const STAY_MS = 5_000;
const SLOWER = 4;

export async function costOf(browser: Browser, url: string, gateway: string): Promise<Cost> {
  const context = await browser.newContext({ viewport: { width: 412, height: 823 } });
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate: SLOWER });
  await page.addInitScript(() => {
    const observed: Observed = { shift: 0, blocked: 0 };
    Object.assign(globalThis, { observed });
    const each = (type: string, add: (entry: PerformanceEntry) => void): void =>
      new PerformanceObserver((list) => list.getEntries().forEach(add)).observe({ type, buffered: true });
    each('layout-shift', (entry) => {
      observed.shift += (entry as PerformanceEntry & { value: number }).value;
    });
    each('longtask', ({ duration }) => {
      observed.blocked += duration - 50;
    });
  });
  let requests = 0;
  let sockets = 0;
  page.on('request', (request) => {
    if (request.url().startsWith(gateway)) requests += 1;
  });
  page.on('websocket', () => {
    sockets += 1;
  });
  await page.goto(url);
  await page.waitForTimeout(STAY_MS);
  const observed = await page.evaluate(() => (globalThis as unknown as { observed: Observed }).observed);
  await context.close();
  return { ...observed, blocked: Math.round(observed.blocked), requests, sockets };
}
