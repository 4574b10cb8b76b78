// The only place where a NATS subject is built or taken apart. Every id is checked, so no wildcard can get in.
import { parseId } from './ids.ts';
import type { ServiceName, SignalName, TimerName } from './message.ts';
import type { StreamName } from './streams.ts';

const PREFIX = { CONVERSATION: 'conversation', TRACKING: 'tracking', CRM: 'crm', MAIL: 'mail', DESK: 'desk' } as const;
export type EventStream = keyof typeof PREFIX;

/** Subject of an event: `conversation.<site>.<key>`, or `desk.<site>`. @throws {TypeError} on anything that is no id */
export function eventSubject(stream: StreamName, site: string, key: string): string {
  if (!(stream in PREFIX)) throw new TypeError(`stream ${stream} holds no events`);
  parseId(site, 'site');
  if (stream === 'DESK') return `desk.${site}`;
  parseId(key, stream === 'TRACKING' ? 'visitor' : 'conversation');
  return `${PREFIX[stream as EventStream]}.${site}.${key}`;
}

/** @returns site and key of an event's subject ('' as key on a desk) */
export function parseEventSubject(subject: string): { site: string; key: string } {
  const [prefix, site, key = '', ...more] = subject.split('.');
  if (more.length > 0 || !Object.values(PREFIX).includes(prefix as never))
    throw new TypeError('not the subject of an event');
  parseId(site, 'site');
  if (prefix !== 'desk') parseId(key, 'conversation');
  return { site: site as string, key };
}

export const commandSubject = (owner: ServiceName, name: string): string => `command.${owner}.${name}`;
export const querySubject = (owner: ServiceName, name: string): string => `query.${owner}.${name}`;

/** `signal.<name>.<site>.<conversation>` */
export const signalSubject = (name: SignalName, site: string, conversation: string): string =>
  `signal.${name}.${parseId(site, 'site')}.${parseId(conversation, 'conversation')}`;
export function parseSignalSubject(subject: string): { name: SignalName; site: string; conversation: string } {
  const [prefix, name, site, conversation, ...more] = subject.split('.');
  if (prefix !== 'signal' || more.length > 0) throw new TypeError('not the subject of a signal');
  return { name: name as SignalName, site: parseId(site, 'site'), conversation: parseId(conversation, 'conversation') };
}

/** A timer's key is one token: letters, digits and `-`, e.g. `<site>-<conversation>`. */
const TIMER_KEY = /^[0-9a-z-]{1,100}$/;
export function timerSubject(kind: 'set' | 'due' | 'cancel', owner: ServiceName, name: TimerName, key: string): string {
  if (!TIMER_KEY.test(key)) throw new TypeError(`timer ${name}: a key has only a-z, 0-9 and "-"`);
  return `timer.${kind}.${owner}.${name}.${key}`;
}
export function parseTimerSubject(subject: string): { owner: ServiceName; name: TimerName; key: string } {
  const [prefix, , owner, name, key] = subject.split('.');
  if (prefix !== 'timer' || !key) throw new TypeError('not the subject of a timer');
  return { owner: owner as ServiceName, name: name as TimerName, key };
}

/** `parked.<consumer>.<reason>.<key>`; the reason is a code of a-z and "-". A key of its own for each record makes parking twice the same as once. */
export const parkedSubject = (consumer: string, reason: string, key: string): string =>
  `parked.${consumer}.${reason.replace(/[^a-z-]/g, '-').slice(0, 60) || 'unknown'}.${/^[0-9a-z-]+$/.test(key) ? key : 'none'}`;

/** @throws {TypeError} on anything else, wildcards included */
export function parseParkedSubject(subject: string): { consumer: string; reason: string; key: string } {
  const [, consumer, reason, key] = /^parked\.([a-z-]+)\.([a-z-]+)\.([0-9a-z-]+)$/.exec(subject) ?? [];
  if (!consumer || !reason || !key) throw new TypeError('not the subject of a dead letter');
  return { consumer, reason, key };
}
/** `dead-letter.<verb>.<consumer>`: who handles a consumer's records is told to replay or discard one that it parked. */
export const deadLetterSubject = (verb: 'replay' | 'discard' | '*', consumer: string): string =>
  `dead-letter.${verb}.${consumer}`;

/** Key of an agent's lease in the bucket `presence`. */
export const leaseKey = (site: string, agent: string, socket: string): string =>
  `agent.${parseId(site, 'site')}.${parseId(agent, 'agent')}.${parseId(socket, 'socket')}`;
export function parseLeaseKey(key: string): { site: string; agent: string; socket: string } {
  const [prefix, site, agent, socket, ...more] = key.split('.');
  if (prefix !== 'agent' || more.length > 0) throw new TypeError('not the key of a lease');
  return { site: parseId(site, 'site'), agent: parseId(agent, 'agent'), socket: parseId(socket, 'socket') };
}
