// Figures of the socket protocol. They repeat libs/contracts, typed by it, so that a difference does not compile;
// importing the values themselves would bring the validators of the server into the browser.
import type {
  MAX_BUTTON_LABEL as maxButtonLabel,
  MAX_BUTTONS as maxButtons,
  MAX_CARD_TITLE as maxCardTitle,
  MAX_TEXT as maxText,
} from '@continuo/contracts';
import type { AgentFrame, HEARTBEAT_MS as heartbeatMs, ToAgent } from '@continuo/contracts/frames';

export const PROTOCOL_VERSION: Extract<AgentFrame, { t: 'hello' }>['v'] = 1;
export const HEARTBEAT_MS: typeof heartbeatMs = 20_000;
export const MAX_TEXT: typeof maxText = 5000;
export const MAX_CARD_TITLE: typeof maxCardTitle = 80;
export const MAX_BUTTONS: typeof maxButtons = 6;
export const MAX_BUTTON_LABEL: typeof maxButtonLabel = 40;

export type FromAgent = AgentFrame;
export type FrameOf<T extends ToAgent['t']> = Extract<ToAgent, { t: T }>;

/** A refusal of the moment: the same command, sent again after so many milliseconds, may be taken. */
export function againAfter(frame: FrameOf<'refused'>): number | undefined {
  return frame.retryAfterMs ?? (frame.refusal === 'busy' ? BUSY_AGAIN_MS : undefined);
}
const BUSY_AGAIN_MS = 500;
