// The launcher and the frame in a shadow root at the end of the document, outside of the body that sites replace when they navigate.
// Made node by node, never from markup, so that it also lives under a policy of trusted types.
import type { LauncherLook } from '../wire.ts';
import { CUT } from './cut.ts';
import styles from './launcher.css?inline';

const SIGN = 'M18 16.6H10.2a6.6 6.6 0 1 1 6.6-6.6';
const DOWN = 'M5 7.8l5 5 5-5';

export interface Launcher {
  host: HTMLElement;
  button: HTMLButtonElement;
  frame: HTMLIFrameElement;
  draw(look: LauncherLook, opened: boolean): void;
}

export function makeLauncher(): Launcher {
  const host = document.createElement('continuo-chat');
  const root = host.attachShadow({ mode: 'open' });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(styles);
  root.adoptedStyleSheets = [sheet];
  const box = document.createElement('div');
  const frame = document.createElement('iframe');
  const button = document.createElement('button');
  const label = document.createElement('span');
  const badge = document.createElement('b');
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  const path = document.createElementNS(svg.namespaceURI, 'path');
  svg.setAttribute('viewBox', '0 0 20 20');
  svg.append(path);
  button.append(svg, label, badge);
  box.append(frame, button);
  root.append(box);
  button.hidden = frame.hidden = true;

  // Above the keyboard of a phone, not under it.
  const { visualViewport } = window as { visualViewport: VisualViewport };
  visualViewport.addEventListener('resize', () => {
    box.style.cssText += `--top:${visualViewport.offsetTop}px;--height:${visualViewport.height}px`;
  });
  return {
    host,
    button,
    frame,
    draw({ style = '', label: text = '', unread, waits, panel, open, close }, opened) {
      frame.hidden = !opened;
      frame.title = panel;
      button.hidden = false;
      button.ariaLabel = opened ? close : waits === true ? CUT : open;
      button.ariaExpanded = `${opened}`;
      label.textContent = opened ? '' : text;
      badge.textContent = opened ? '' : waits === true ? CUT : waits || (unread > 9 ? '9+' : `${unread || ''}`);
      path.setAttribute('d', opened ? DOWN : SIGN);
      box.style.cssText += style;
    },
  };
}
