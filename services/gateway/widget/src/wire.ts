// What the loader (in the site's page) and the frame (on the gateway's origin) tell each other over a private MessagePort.
// Nothing of a dialogue and no token passes here: the site's page learns a count, a colour and whether the panel is open.
import type { Page } from '@continuo/contracts';

/** First words of the loader to the frame; the port comes with them. */
export const KNOCK = 'continuo';

export type ToFrame =
  | ['page', Page]
  /** The launcher is pointed at: fetch the panel's code. */
  | ['prepare']
  | ['open', { byVisitor: boolean; fullScreen: boolean }]
  | ['close'];

export interface LauncherLook {
  accent?: string;
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
  /** `focus`: the keyboard was in the panel, so it goes back to the launcher. */
  | ['closed', { focus: boolean }]
  /** The gateway does not know this site, or not on this page. */
  | ['refused', string];
