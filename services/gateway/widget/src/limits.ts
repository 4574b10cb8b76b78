// Limits of the protocol, said again and not imported: the module of the schemas would bring its validators into the browser.
// The types fail to compile when the two differ.
import type { MAX_TEXT } from '@continuo/contracts';
import type { HEARTBEAT_MS, PROTOCOL_VERSION } from '@continuo/contracts/frames';

export const LONGEST_TEXT: typeof MAX_TEXT = 5000;
export const HEARTBEAT: typeof HEARTBEAT_MS = 20_000;
export const VERSION: typeof PROTOCOL_VERSION = 1;
