// The hidden frame: from an idle page on it holds the connection and what the device keeps; the panel's code comes when it is wanted.
// One frame for both, so there is one socket, one storage and no copy of the dialogue in the site's page.
import type { Page } from '@continuo/contracts';
import type { VisitorFrame } from '@continuo/contracts/frames';
import { breath } from './breath.ts';
import { openClient } from './client.ts';
import type { Wire } from './connection.ts';
import { unread } from './dialogue.ts';
import { deviceStorage, openKeep } from './keep.ts';
import { chooseLanguage, type LauncherWords, launcherLook } from './launcher-words.ts';
import type { Panel, PanelModule, Words } from './panel/mount.tsx';
import { openTabs } from './tabs.ts';
import { chooseWay } from './ways.ts';
import { type FromFrame, KNOCK, type LauncherLook, type SiteConfiguration, type ToFrame } from './wire.ts';

/** Set by the build: the panel's file, named by its content. */
declare const PANEL_FILE: string;
/** What understands `track`, `goal`, `cart` and `identify`, and when the panel opens by itself: most pages say none of them. */
declare const PAGE_CALL_FILE: string;
/** What brings files to the gateway. */
declare const UPLOADS_FILE: string;
/** The way to the gateway where there are no WebSockets. */
declare const HTTP_WIRE_FILE: string;
/** The languages that are spoken, and the end of their files' names. */
declare const LANGUAGES: string;
declare const WORDS: string;

const AGAIN_AFTER = 5_000;
/** What comes sooner is not worth a sign that it is on its way. */
const SLOW_AFTER = 200;

let port: MessagePort | undefined;
/** The loader may knock before all is ready, and knocks again when the visitor has gone back in the history of this frame. */
let greet = () => {};
addEventListener('message', (event) => {
  if (event.source !== parent || event.data !== KNOCK) return;
  port = event.ports[0];
  greet();
});
// The page goes first: reading this code, opening the line and drawing are pieces of work of their own.
await breath();

const asked = new URLSearchParams(location.search);
const site = asked.get('site') ?? '';
const choose = (...wanted: string[]) => chooseLanguage(wanted, LANGUAGES.split(' '));
let language = choose(...(asked.get('language') ?? '').split(','));
/** Of the launcher, in the language of the same list. */
let launcher = written<LauncherWords>('words');
/** Who asks by his browser not to be followed has said no until he says yes here. */
const mayTrack =
  location.hash !== '#required' && !(navigator as { globalPrivacyControl?: boolean }).globalPrivacyControl;
const sockets = new URL('../ws/visitor', location.href.replace('http', 'ws'));

const configuration = written<SiteConfiguration>('site');
const storage = deviceStorage();
const keep = openKeep(site, storage);
const client = openClient({
  site,
  configuration,
  language: language.tag,
  mayTrack,
  onForgotten: anew,
  keep,
  tabs: openTabs(storage && navigator.locks, `continuo:${site}`),
  around: {
    wire: chooseWay({ socket, http }, openKeep(site, deviceStorage('sessionStorage'))),
    now: Date.now,
    inSight: () => !document.hidden,
    online: () => navigator.onLine,
    random: Math.random,
    later(ms, run) {
      const timer = setTimeout(run, ms);
      return () => clearTimeout(timer);
    },
  },
});

function socket(heard: () => void): Wire {
  const wire = new WebSocket(sockets);
  wire.addEventListener('message', heard);
  return wire;
}

function http(hello: () => Promise<VisitorFrame>, heard: () => void, socketsOpen: () => void): Wire {
  const wire = {
    send() {},
    close() {
      wire.over = true;
    },
  } as Partial<Wire> as Wire & { over?: boolean };
  fetched<typeof import('./http-wire.ts')>(HTTP_WIRE_FILE).then(
    ({ openHttpWire }) => wire.over || openHttpWire(wire, { socket: sockets, hello, heard, socketsOpen }),
    () => wire.onclose?.({} as never),
  );
  return wire;
}

let panel: Promise<Panel> | undefined;
let opened = false;
let waits: LauncherLook['waits'] = false;
let later: ReturnType<typeof setTimeout> | undefined;
let lastLook = '';
const post = (message: FromFrame) => port?.postMessage(message);

/** What the gateway has written into this document; of a site that it does not know there is nothing. */
function written<T>(name: 'site' | 'words'): T | undefined {
  const text = document.documentElement.dataset[name];
  return text ? JSON.parse(text) : undefined;
}

/** The launcher shows itself once it knows the site's colour, which comes with this document: it never changes colour under the eye. */
function showLook(): void {
  const { line, known } = client.state();
  if (line === 'refused') post(['gone', 'unknown site key or page']);
  if (line === 'refused' || !known.site || !launcher) return;
  // A picture lies where this document does, not where the page does.
  const style = configuration?.style.replace('"', `"${location.origin}`);
  const look = { style, waits, ...launcherLook(launcher, unread(known), known.site.name) };
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
  const [{ mount }, words] = await Promise.all([fetched<PanelModule>(PANEL_FILE), fetchWords()]);
  return mount(document.body, { client, words, keep, onMinimise: () => close(true) });
}

/** First fetched and then imported: a browser never asks again for a module that it could not have (panel/bring.ts). */
async function fetched<T>(file: string): Promise<T> {
  const { href } = new URL(file, location.href);
  if (!(await fetch(href)).ok) throw new Error(href);
  return import(/* @vite-ignore */ href);
}

async function fetchWords(): Promise<Words> {
  const { spoken, tag } = language;
  const { texts } = await fetched<Pick<Words, 'texts'>>(`assets/${spoken}-${WORDS}.js`);
  // Hours and dates follow the visitor's region where it is one of the language that is spoken.
  return { texts, language: spoken, region: tag.split('-')[0] === spoken ? tag : spoken };
}

/** Launcher and panel speak when the words are there. */
async function speak(tag: string): Promise<void> {
  language = choose(tag, ...navigator.languages);
  const { spoken } = language;
  client.speak(language.tag);
  const [words, shown] = await Promise.all([fetchWords(), panel]);
  if (language.spoken !== spoken) return;
  launcher = words.texts.launcher;
  showLook();
  shown?.speak(words);
}

function onCall(call: readonly unknown[]): void {
  const [name, value] = call;
  if (name === 'consent' && typeof value === 'boolean') client.consent(value);
  else if (name === 'setLocale') void speak(String(value)).catch(() => {});
  else
    fetched<typeof import('./page-call.ts')>(PAGE_CALL_FILE).then(
      ({ obey }) => obey(call, { client, keep, post, renew: anew }),
      // An order that was told is not lost with a request.
      () => setTimeout(onCall, AGAIN_AFTER, call),
    );
}

/** The device knows the visitor no more, and nor do the other tabs. */
function forget(): void {
  client.stop(true);
  // His files; without storage there are none.
  if (storage) indexedDB.deleteDatabase(`continuo:${site}`);
}
/** As somebody else: with this call of the page's, or without one where another tab has forgotten. */
function anew(call?: readonly unknown[]): void {
  if (call) forget();
  post(['anew', call]);
  location.reload();
}

async function open({ byVisitor, fullScreen }: { byVisitor: boolean; fullScreen: boolean }): Promise<void> {
  // What opens by itself, or by the page's code, may be on its way when the visitor wants it: then it is his.
  if (opened && !byVisitor) return;
  const first = !opened;
  opened = true;
  clearTimeout(later);
  later = setTimeout(wait, SLOW_AFTER, '…');
  try {
    const shown = await prepare();
    if (!opened) return;
    wait(false);
    if (first) post(['opened']);
    if (byVisitor) post(['focus']);
    shown.show({ focus: byVisitor, fullScreen });
    watch();
  } catch {
    if (!opened) return;
    // No network for the panel's code: it opens by itself when there is one, and then takes the keyboard from nothing that he does by now.
    opened = false;
    wait(true);
    later = setTimeout(open, AGAIN_AFTER, { byVisitor: false, fullScreen });
  }
}

function wait(how: typeof waits): void {
  clearTimeout(later);
  waits = how;
  showLook();
}

async function close(focus: boolean): Promise<void> {
  wait(false);
  if (!opened) return;
  opened = false;
  watch();
  post(['closed', { focus }]);
  (await panel)?.hide();
}

const watch = () => client.watch(opened && !document.hidden);
const wake = () => {
  watch();
  if (document.hidden) client.save();
  else client.wake();
};

function hear({ data }: MessageEvent<ToFrame>): void {
  const [name, detail] = data;
  if (name === 'page') client.viewPage(tidyPage(detail));
  else if (name === 'open') void open(detail);
  else if (name === 'close') void close(document.hasFocus());
  else if (name === 'call') onCall(detail);
  else if (name === 'shutdown') {
    if (detail) forget();
    else client.stop(false);
    post(['gone']);
  } else void prepare().catch(() => {});
}

const tidyPage = ({ url, title, referrer }: Page): Page => ({
  url: url.slice(0, 2048),
  ...(title && { title: title.slice(0, 300) }),
  ...(referrer && { referrer: referrer.slice(0, 2048) }),
});

greet = () => {
  if (port) port.onmessage = hear;
  lastLook = '';
  showLook();
};
greet();
// The document is ours alone: nobody else sets these.
window.ononline = window.onoffline = window.onpageshow = document.onvisibilitychange = wake;
window.onpagehide = client.save;
window.onstorage = client.outboxChanged;
client.subscribe(showLook);
const openAfter = configuration?.openAfter;
if (openAfter)
  setTimeout(() => {
    fetched<typeof import('./page-call.ts')>(PAGE_CALL_FILE).then(
      ({ mayOpen }) => {
        if (mayOpen(keep)) void open({ byVisitor: false, fullScreen: false });
      },
      () => {},
    );
  }, openAfter);
// What a reload has interrupted goes on by itself.
if (client.state().parcels.some(({ kind }) => kind === 'upload'))
  void fetched<typeof import('./files/uploads.ts')>(UPLOADS_FILE)
    .then(({ openUploads }) => openUploads(client))
    .catch(() => {});
