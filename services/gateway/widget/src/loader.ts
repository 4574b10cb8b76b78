// <script async src="https://…/widget.js" data-site="KEY"></script>: the launcher, and when the page is idle one hidden frame from the
// gateway that holds the connection and, once opened, the panel. It blocks nothing, moves nothing and never throws into the page.
import type { Page } from '@continuo/contracts';
import { type Launcher, makeLauncher } from './loader/launcher.ts';
import { watchPages } from './loader/page-views.ts';
import { markTitle } from './loader/title.ts';
import { type FromFrame, KNOCK, type LauncherLook, type ToFrame } from './wire.ts';

/** Typed for the page in npm/index.ts. */
type Api = ((...call: unknown[]) => void) & { q?: Iterable<unknown>[]; site?: string | undefined };
type Place = typeof window & { Continuo?: Api };
type Listener = (detail?: unknown) => void;

/** After the next two pictures: the browser leaves a frame that was hidden out of the first. */
const soon = (work: () => void) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(work)));
const warn = (words: unknown): void => console.warn('Continuo:', words);
/** So long after its document has come a frame without a word counts as one that could not be had, e.g. for want of a network; four times twice as long, then from the front. */
const WORD_WITHIN = 30_000;
/** Letter by letter as it stands in the built style sheet: what comes twice weighs nothing. */
const FULL_SCREEN = '(width<=479px),(height<=479px) and (pointer:coarse)';

function load(script: HTMLScriptElement): void {
  const world = window as Place;
  const base = new URL('widget/', script.src);
  const listeners: ((event: string, detail?: unknown) => void)[] = [];
  let launcher: Launcher | undefined;
  let waiting: ToFrame[] = [];
  /** Of a frame that has said something. */
  let port: MessagePort | undefined;
  let look: LauncherLook | undefined;
  /** What the device keeps is the frame's: it comes for that alone, if need be. */
  let forgetting = false;
  let opened = false;
  let page: Page | undefined;
  const over = new AbortController();
  const { signal } = over;

  const post = (message: ToFrame) => {
    // What a page says may hold what cannot travel; that is its developer's to know, and breaks nothing.
    try {
      port ? port.postMessage(message) : waiting.push(message);
    } catch (fault) {
      warn(fault);
    }
  };
  /** What is said from now on waits for the document that comes in the frame; where the visitor is, each is told. */
  const part = () => {
    if (port && page) waiting.push(['page', page]);
    port = undefined;
  };
  const tell = (event: string, detail?: unknown) => listeners.map((told) => told(event, detail));
  const open = (byVisitor: boolean) => post(['open', { byVisitor, fullScreen: matchMedia(FULL_SCREEN).matches }]);
  const draw = () => {
    if (look) launcher?.draw(look, opened);
    markTitle(look?.unread ?? 0);
  };

  const onLook = (next: LauncherLook) => {
    const before = look;
    look = next;
    draw();
    if (!before) tell('ready');
    if (before?.unread !== next.unread) tell('unread', next.unread);
  };
  const hear = ({ data: [name, detail] }: MessageEvent<FromFrame>) => {
    if (name === 'look') signal.aborted || onLook(detail);
    else if (name === 'warn') warn(detail);
    else if (name === 'identified') tell(name);
    else if (name === 'gone') {
      over.abort();
      launcher?.host.remove();
      if (detail) warn(detail);
    }
    // Once it is drawn: asking for the focus at once would have all of it measured in the middle of this.
    else if (name === 'focus') soon(() => opened && launcher?.frame.focus());
    else {
      opened = name === 'opened';
      draw();
      if (name === 'closed' && detail.focus) launcher?.button.focus();
      if (name === 'anew') {
        part();
        if (detail) waiting.push(['call', detail]);
      }
      tell(opened ? 'open' : 'close');
    }
  };

  const shutDown = (forget: boolean) => {
    forgetting = forget;
    over.abort();
    script.remove();
    // What is said from now on waits for the script to be added again.
    api.site = undefined;
    api.q = [];
    post(['shutdown', forget]);
    look = undefined;
    draw();
  };
  const api: Api = (...call) => {
    const [command, name, listener] = call as [string, string, Listener | undefined];
    const forgets = (name as { forget?: boolean } | undefined)?.forget as boolean;
    if (signal.aborted) (command === 'shutdown' && !forgets) || api.q?.push(call);
    else if (command === 'open') open(false);
    else if (command === 'close') post(['close']);
    else if (command === 'shutdown') shutDown(forgets);
    else if (command === 'on' && typeof listener === 'function') {
      // Each by itself: one that throws is its page's to know, and keeps nothing from the others.
      const told = (event: string, detail?: unknown) => event === name && queueMicrotask(() => listener(detail));
      listeners.push(told);
      if (look) {
        told('ready');
        told('unread', look.unread);
      }
    } else post(['call', call]);
  };
  /** What was said before. */
  const early = world.Continuo?.q;
  api.site = script.dataset['site'];
  world.Continuo = api;
  // Of something else by that name it is no list.
  early?.map?.((call: Iterable<unknown>) => api(...call));

  document.addEventListener('visibilitychange', draw, { signal });

  const build = () => {
    launcher = makeLauncher();
    const { host, button, frame } = launcher;
    const { site, language = '', consent = '' } = script.dataset;
    const wanted = [language, ...navigator.languages];
    let silence: ReturnType<typeof setTimeout>;
    let tries = 0;
    const come = () => {
      clearTimeout(silence);
      frame.src = new URL(`frame.html?site=${site}&language=${wanted}#${consent}`, base).href;
    };
    const onSilence = () => {
      // One that may not be on this page is silent, too: only where it surely is the network, or after a word, is there something to say.
      if (look || !navigator.onLine) launcher?.draw({ waits: true } as LauncherLook, false);
      come();
    };
    button.onclick = () => {
      look || come();
      opened ? post(['close']) : open(true);
    };
    button.onpointerenter = button.onfocus = () => post(['prepare']);
    // A document that the browser shows in the frame's place comes, too: only a word tells that this is the frame.
    frame.onload = () => {
      const { port1, port2 } = new MessageChannel();
      part();
      if (opened) open(false);
      port1.onmessage = (event) => {
        if (!port) {
          clearTimeout(silence);
          tries = 0;
          port = port1;
          waiting.map(post);
          waiting = [];
        }
        hear(event);
      };
      frame.contentWindow?.postMessage(KNOCK, base.origin, [port2]);
      silence = setTimeout(onSilence, (navigator.onLine ? WORD_WITHIN : WORD_WITHIN / 10) * 2 ** (tries++ % 5));
    };
    whenIdle(() => {
      come();
      addEventListener('online', () => port || come(), { signal });
      watchPages(
        (viewed) => {
          page = viewed;
          post(['page', page]);
        },
        // Also when the page has thrown it out with all that it held.
        () => host.isConnected || document.documentElement.append(host),
        signal,
      );
    });
  };
  // Only when the page has nothing better to do, and never much at once.
  const whenIdle = (work: () => void) =>
    (world.requestIdleCallback ?? setTimeout)(() => (signal.aborted && !forgetting) || work());
  if (document.readyState === 'complete') whenIdle(build);
  else addEventListener('load', () => whenIdle(build), { once: true });
}

/** A module is told of none. */
const own = document.currentScript as HTMLScriptElement | null;
const site = own?.dataset.site;
/** No text: not the widget's, but e.g. a field in a form of the page's by that name. */
const here = (window as Place).Continuo?.site;
if (!site) warn('needs data-site, no type=module');
// Run again with a body that was replaced, or by a second tag: the first stays.
else if (typeof here !== 'string') load(own);
else if (here !== site) warn(`${site}: ${here} is here`);
