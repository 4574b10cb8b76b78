// The hidden frame: from an idle page on it holds the connection and what the device keeps; the panel's code comes when it is wanted.
// One frame for both, so there is one socket, one storage and no copy of the dialogue in the site's page.
import type { Page } from '@continuo/contracts';
import type { VisitorWelcome } from '@continuo/contracts/frames';
import { openClient } from './client.ts';
import { unread } from './dialogue.ts';
import { deviceStorage, openKeep } from './keep.ts';
import { chooseLanguage, launcherTexts } from './launcher-texts.ts';
import type { Panel, PanelModule } from './panel/mount.tsx';
import { openTurn } from './turn.ts';
import { type FromFrame, KNOCK, type ToFrame } from './wire.ts';

/** Set by the build: the panel's file, named by its content, and each language's. */
declare const PANEL_FILE: string;
declare const LOCALE_FILES: Record<string, string>;

const site = new URLSearchParams(location.search).get('site') ?? '';
const language = chooseLanguage([location.hash.slice(1), ...navigator.languages].filter(Boolean));
const sockets = new URL('../ws/visitor', location.href);
sockets.search = sockets.hash = '';
sockets.protocol = location.protocol.replace('http', 'ws');

const client = openClient({
  site,
  configuration: configuration(),
  language: language.tag,
  keep: openKeep(site, deviceStorage()),
  turn: openTurn(navigator.locks, `continuo:${site}`),
  around: {
    wire: () => new WebSocket(sockets),
    now: Date.now,
    random: Math.random,
    later(ms, run) {
      const timer = setTimeout(run, ms);
      return () => clearTimeout(timer);
    },
  },
});

let port: MessagePort | undefined;
let panel: Promise<Panel> | undefined;
let opened = false;
let lastLook = '';
const post = (message: FromFrame) => port?.postMessage(message);

/** What the gateway has written into this document; nothing where it does not know the site. */
function configuration(): VisitorWelcome['site'] | undefined {
  const text = document.documentElement.dataset['site'];
  return text ? JSON.parse(text) : undefined;
}

/** The launcher shows itself once it knows the site's colour, which comes with this document: it never changes colour under the eye. */
function showLook(): void {
  const { line, known } = client.state();
  if (line === 'refused') post(['refused', 'this site key or this page is not known to the gateway']);
  if (line === 'refused' || !known.site) return;
  const count = unread(known);
  const { accent, name } = known.site;
  const look = { unread: count, ...(accent && { accent }), ...launcherTexts(language.spoken, count, name) };
  const text = JSON.stringify(look);
  if (text !== lastLook) post(['look', look]);
  lastLook = text;
}

function prepare(): Promise<Panel> {
  panel ??= fetchPanel().catch((error) => {
    panel = undefined;
    throw error;
  });
  return panel;
}

async function fetchPanel(): Promise<Panel> {
  const locale = LOCALE_FILES[language.spoken] ?? '';
  const [{ mount }, { texts }] = (await Promise.all([
    import(/* @vite-ignore */ new URL(PANEL_FILE, location.href).href),
    import(/* @vite-ignore */ new URL(locale, location.href).href),
  ])) as [PanelModule, { texts: Parameters<PanelModule['mount']>[1]['texts'] }];
  // Hours and dates follow the visitor's region where it is one of the language that is spoken.
  const region = language.tag.split('-')[0] === language.spoken ? language.tag : language.spoken;
  return mount(document.body, { client, texts, language: language.spoken, region, onMinimise: () => close(true) });
}

async function open({ byVisitor, fullScreen }: { byVisitor: boolean; fullScreen: boolean }): Promise<void> {
  if (opened) return;
  opened = true;
  try {
    const shown = await prepare();
    if (!opened) return;
    post(['opened']);
    shown.show({ focus: byVisitor, fullScreen });
    watch();
  } catch {
    // No network for the panel's code: the launcher stays, and the next click tries again.
    opened = false;
  }
}

async function close(focus: boolean): Promise<void> {
  if (!opened) return;
  opened = false;
  watch();
  post(['closed', { focus }]);
  (await panel)?.hide();
}

const watch = () => client.watch(opened && document.visibilityState === 'visible');
const wake = () => {
  watch();
  if (document.visibilityState === 'visible') client.wake();
};

function hear({ data }: MessageEvent<ToFrame>): void {
  const [name, detail] = data;
  if (name === 'page') client.viewPage(tidyPage(detail));
  else if (name === 'open') void open(detail);
  else if (name === 'close') void close(document.hasFocus());
  else void prepare().catch(() => {});
}

const tidyPage = ({ url, title, referrer }: Page): Page => ({
  url: url.slice(0, 2048),
  ...(title && { title: title.slice(0, 300) }),
  ...(referrer && { referrer: referrer.slice(0, 2048) }),
});

addEventListener('message', (event) => {
  if (event.source !== parent || event.data !== KNOCK) return;
  port = event.ports[0];
  if (port) port.onmessage = hear;
  lastLook = '';
  showLook();
});
addEventListener('online', wake);
addEventListener('pageshow', wake);
addEventListener('pagehide', () => client.save());
addEventListener('storage', () => client.outboxChanged());
document.addEventListener('visibilitychange', wake);
document.addEventListener('visibilitychange', () => client.save());
client.subscribe(showLook);
