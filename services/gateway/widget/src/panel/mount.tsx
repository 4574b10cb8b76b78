/** @jsxImportSource preact */
// Puts the panel into the frame: its styles, its language, keyboard focus and, on phones, the browser's Back.
import { render } from 'preact';
import { breath } from '../breath.ts';
import type { Client } from '../client.ts';
import { openDraft } from '../drafts.ts';
import type { Keep } from '../keep.ts';
import type { Texts } from '../locales/en.ts';
import { adopt } from './adopt.ts';
import { App } from './app.tsx';
import { bring } from './bring.ts';
import { focusField, keepFocus } from './keep-focus.ts';
import styles from './panel.css?inline';
import { paint } from './site-look.ts';
import { timesIn } from './times.ts';
import { timesReady } from './times-ready.ts';
import { fetchForms } from './use-forms.ts';

Object.assign(globalThis, { bring });

const RIGHT_TO_LEFT = ['ar'];
const COUNTED_AFTER_MS = 100;

export interface Panel {
  /** `focus`: the visitor opened it himself, so the field takes the keyboard. */
  show(how: { focus: boolean; fullScreen: boolean }): void;
  hide(): void;
  /** From now on in these words. */
  speak(words: Words): void;
}
export interface Words {
  texts: Texts;
  language: string;
  /** The language with the visitor’s region, for hours and dates. */
  region: string;
}
export interface PanelModule {
  mount: typeof mount;
}
interface Options {
  client: Client;
  words: Words;
  keep: Keep;
  onMinimise(): void;
}

/** Of the ten, browsers may have no data of Armenian alone: then they are given it. */
const teach = async ({ language }: Words) =>
  language === 'hy' && !Intl.DateTimeFormat.supportedLocalesOf(language)[0] && import('./intl/armenian.ts');

export async function mount(root: HTMLElement, { client, words, keep, onMinimise }: Options): Promise<Panel> {
  const times = timesReady();
  await teach(words);
  const draft = await openDraft(keep, navigator.locks, `${client.state().known.site?.id}:`);
  // With nobody there the form is the first thing seen: nothing else should stand in its place for a moment.
  const { availability } = client.state().known;
  const forms = availability === 'offline' ? await fetchForms(words.language).catch(() => undefined) : undefined;
  adopt(styles);
  paint();
  let spoken = words;
  const draw = (now: Words, whole: boolean) => {
    const { texts, language, region } = now;
    spoken = now;
    document.documentElement.lang = language;
    document.documentElement.dir = RIGHT_TO_LEFT.includes(language) ? 'rtl' : 'ltr';
    render(
      <App
        {...{ client, texts, language, region, forms, draft, whole, onMinimise }}
        times={timesIn(region, client.now)}
      />,
      root,
    );
  };
  // Before the first word there is no time to show, but when somebody is back.
  await (client.state().known.transcript || forms ? times : breath());
  // In two tasks: what draws is read for the first time here, which is most of the work.
  draw(words, false);
  await breath();
  draw(words, true);

  let wantsFocus = false;
  let shown = false;
  /**
   * How long the history was with the panel's own place in it. One from before a reload is not taken over: a frame made by script comes back with no state, and is
   * told of no step over that place, so nobody here can know whether it is still ahead. One Back does nothing then.
   */
  let entry = 0;
  keepFocus(root);
  /** The frame has the keyboard only once the loader has made it visible, and its field only once the browser has laid it out: either may be the later. */
  const takeKeyboard = () => {
    if (!wantsFocus || !document.hasFocus()) return;
    focusField(root);
    if (document.activeElement === document.body) requestAnimationFrame(takeKeyboard);
    else wantsFocus = false;
  };
  addEventListener('focus', takeKeyboard);
  // On the whole frame: what had the keyboard may have just left the screen.
  addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && !event.isComposing) onMinimise();
  });
  addEventListener('popstate', () => {
    if (!entry) return;
    entry = 0;
    onMinimise();
  });
  return {
    speak(words) {
      draw(words, true);
      teach(words).then(
        () => draw(spoken, true),
        () => {},
      );
    },
    show({ focus, fullScreen }) {
      keep.write('shown', 1);
      shown = true;
      wantsFocus = focus;
      // Where it has the keyboard already nothing tells it so.
      takeKeyboard();
      if (!fullScreen || entry) return;
      history.pushState(null, '');
      entry = history.length;
    },
    hide() {
      wantsFocus = shown = false;
      // Where the page has gone on meanwhile, the last place is its own, and going back would leave it. The browser counts that a moment later, and to fifty.
      setTimeout(() => {
        // Shown again before that it has its place still.
        if (shown || !entry) return;
        if (entry < 50 && history.length === entry) history.back();
        entry = 0;
      }, COUNTED_AFTER_MS);
    },
  };
}
