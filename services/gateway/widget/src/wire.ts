// What the loader (in the site's page) and the frame (on the gateway's origin) tell each other over a private MessagePort.
// Nothing of a dialogue and no token passes here: the site's page learns a count, a colour, whether the panel is open and whether its own word of the visitor holds.
import type { Page } from '@continuo/contracts';
import type { VisitorWelcome } from '@continuo/contracts/frames';

/** First words of the loader to the frame; the port comes with them. */
export const KNOCK = 'continuo';

/** What the gateway writes of a site into the frame's document; see its http/site-look.ts. */
export interface SiteConfiguration extends Pick<VisitorWelcome['site'], 'id' | 'name' | 'typingPreview'> {
  /** Custom properties of the launcher, as a style sheet has them. */
  style: string;
  /** Milliseconds until the panel opens by itself. */
  openAfter?: number;
}

export type ToFrame =
  | ['page', Page]
  /** The launcher is pointed at: fetch the panel's code. */
  | ['prepare']
  | ['open', { byVisitor: boolean; fullScreen: boolean }]
  | ['close']
  /** What the page's code said to `Continuo`, beyond opening and closing. */
  | ['call', readonly unknown[]]
  /** The widget goes off the page; `true`: the device forgets the visitor. */
  | ['shutdown', boolean];

export interface LauncherLook {
  /** The panel was asked for, and its code cannot be had yet; or a sign that it is on its way. */
  waits: boolean | '…';
  /** Custom properties: colour, side, offsets, picture. */
  style?: string | undefined;
  /** Beside the sign while it is closed. */
  label?: string | undefined;
  unread: number;
  /** Names for screen readers, in the visitor's language. */
  open: string;
  close: string;
  panel: string;
}
export type FromFrame =
  /** The launcher may be seen, and so. */
  | ['look', LauncherLook]
  | ['opened']
  /** The visitor has opened it himself, so he writes there next. */
  | ['focus']
  /** `focus`: the keyboard was in the panel, so it goes back to the launcher. */
  | ['closed', { focus: boolean }]
  | ['identified']
  /** For the page's developer. */
  | ['warn', string]
  /** The panel is closed, this document goes, and what comes in its place is somebody else's; that is to be told this of the page's. */
  | ['anew', readonly unknown[] | undefined]
  /** All is put away, or the gateway does not know this site or page, which is then for its developer: the frame may be taken off the page. */
  | ['gone', string?];
