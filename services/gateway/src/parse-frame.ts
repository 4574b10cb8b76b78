// What comes through a door is parsed by the protocol before anything looks at it; whatever it is, nothing is thrown.
import {
  type AgentFrame,
  agentFrame,
  PROTOCOL_VERSION,
  type VisitorFrame,
  visitorFrame,
} from '@continuo/contracts/frames';

const DOORS = { '/ws/visitor': visitorFrame, '/ws/agent': agentFrame } as const;
export type Door = keyof typeof DOORS;
export type Frame = VisitorFrame | AgentFrame;

export const isDoor = (path: string): path is Door => Object.hasOwn(DOORS, path);

/** @returns undefined for what does not fit, `version` for a hello in another version of the protocol */
export function parseFrame(door: Door, text: string): Frame | 'version' | undefined {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return undefined;
  }
  const result = DOORS[door].safeParse(json);
  if (result.success) return result.data;
  const { t, v } = (json ?? {}) as { t?: unknown; v?: unknown };
  return t === 'hello' && typeof v === 'number' && v !== PROTOCOL_VERSION ? 'version' : undefined;
}
