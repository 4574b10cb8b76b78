// One visit of a page, in a browser that nobody looks into, and what the browser itself has written down of it. A debugger that watches pages, as the one of the
// end-to-end tests does, makes a world of its own in every frame, which alone costs more than the widget.
import type { Browser } from 'playwright-core';

/** As the browser writes them; times in microseconds, `dur` by the clock, `tdur` by the processor. */
export interface TraceEvent {
  name: string;
  pid: number;
  tid: number;
  ts: number;
  dur?: number;
  tdur?: number;
  args: { name?: string; data?: Record<string, unknown> };
}
export interface Visit {
  url: string;
  /** The launcher is clicked when the page has been looked at. */
  open?: boolean;
}

const CATEGORIES = ['devtools.timeline', 'disabled-by-default-devtools.timeline', 'loading'];
const VIEW = { width: 412, height: 823, deviceScaleFactor: 1, mobile: true };
const LAUNCHER = { x: VIEW.width - 49, y: VIEW.height - 49 };
/** Until the page has been idle, and what comes then is over. */
const STAY_MS = 3_000;

export async function traceOf(browser: Browser, { url, open = false }: Visit): Promise<TraceEvent[]> {
  const root = await browser.newBrowserCDPSession();
  const { browserContextId } = await root.send('Target.createBrowserContext', {});
  const { targetId } = await root.send('Target.createTarget', { url: 'about:blank', browserContextId });
  const { sessionId } = await root.send('Target.attachToTarget', { targetId, flatten: false });
  let asked = 0;
  const ask = (method: string, params: object): Promise<void> => {
    const id = ++asked;
    return new Promise((resolve, reject) => {
      const listen = ({ message }: { message: string }): void => {
        const answer = JSON.parse(message) as { id?: number; error?: { message: string } };
        if (answer.id !== id) return;
        root.off('Target.receivedMessageFromTarget', listen);
        if (answer.error) reject(new Error(`${method}: ${answer.error.message}`));
        else resolve();
      };
      root.on('Target.receivedMessageFromTarget', listen);
      root
        .send('Target.sendMessageToTarget', { sessionId, message: JSON.stringify({ id, method, params }) })
        .catch(reject);
    });
  };
  const events: TraceEvent[] = [];
  root.on('Tracing.dataCollected', ({ value }) => events.push(...(value as unknown as TraceEvent[])));
  const complete = new Promise<void>((resolve) => root.once('Tracing.tracingComplete', () => resolve()));

  await ask('Emulation.setDeviceMetricsOverride', VIEW);
  await root.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: { includedCategories: CATEGORIES },
  });
  await ask('Page.navigate', { url });
  await passed(STAY_MS);
  if (open) {
    for (const type of ['mousePressed', 'mouseReleased'])
      await ask('Input.dispatchMouseEvent', { type, ...LAUNCHER, button: 'left', clickCount: 1 });
    await passed(STAY_MS);
  }
  await root.send('Tracing.end');
  await complete;
  await root.send('Target.disposeBrowserContext', { browserContextId });
  await root.detach();
  return events;
}

const passed = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
