// What each service may do at NATS, derived from the catalogue: publish what it owns, send what it is named for, read and acknowledge its own durables.
// The server enforces ownership, not review.
import { buckets, commands, consumers, events, queries, type ServiceName, streams } from '@continuo/contracts';
import { inboxPrefix } from './connect.ts';

export const IDENTITIES = [
  'gateway',
  'conversation',
  'visitor-tracking',
  'crm-sync',
  'email-fallback',
  'operator',
] as const;
export type Identity = (typeof IDENTITIES)[number];
export interface Permissions {
  publish: { allow: string[] };
  subscribe: { allow: string[] };
  allow_responses: boolean;
}

/** Streams that a service may read by itself, message by message: it folds them. */
const LOADS: Partial<Record<Identity, string[]>> = {
  conversation: ['CONVERSATION', 'DESK'],
  'crm-sync': ['CONVERSATION'],
  'email-fallback': ['CONVERSATION'],
};
/** Streams that a service may follow with ordered consumers of its own. */
const FOLLOWS: Partial<Record<Identity, string[]>> = { gateway: ['CONVERSATION', 'DESK', 'TRACKING', 'CRM', 'MAIL'] };

export function permissionsOf(identity: Identity): Permissions {
  const publish = new Set<string>();
  const subscribe = new Set<string>([`${inboxPrefix(identity)}.>`]);

  for (const line of Object.values(events))
    if (line.owner === identity) for (const subject of streams[line.stream].subjects) publish.add(subject);
  for (const [name, line] of Object.entries(commands)) {
    if ((line.sentBy as readonly string[]).includes(identity)) publish.add(`command.${line.owner}.${name}`);
    if (line.owner === identity) subscribe.add(`command.${identity}.*`);
  }
  for (const [name, line] of Object.entries(queries)) {
    if ((line.askedBy as readonly string[]).includes(identity)) publish.add(`query.${line.owner}.${name}`);
    if (line.owner === identity) subscribe.add(`query.${identity}.*`);
  }
  for (const [name, { stream, service }] of Object.entries(consumers)) {
    if (service !== identity) continue;
    publish.add(`$JS.API.CONSUMER.INFO.${stream}.${name}`);
    publish.add(`$JS.API.CONSUMER.MSG.NEXT.${stream}.${name}`);
    publish.add(`$JS.ACK.${stream}.${name}.>`);
    publish.add(`parked.${name}.>`);
  }
  if (identity !== 'operator') {
    publish.add(`timer.set.${identity}.>`);
    publish.add(`timer.cancel.${identity}.>`);
  }
  for (const stream of LOADS[identity] ?? []) {
    publish.add(`$JS.API.DIRECT.GET.${stream}`);
    publish.add(`$JS.API.DIRECT.GET.${stream}.>`);
    publish.add(`$JS.API.STREAM.MSG.GET.${stream}`);
  }
  const readable = Object.entries(buckets).filter(
    ([, { readBy }]) => readBy === 'all' || (readBy as readonly string[]).includes(identity),
  );
  for (const stream of [...(FOLLOWS[identity] ?? []), ...readable.map(([bucket]) => `KV_${bucket}`)]) {
    publish.add(`$JS.API.STREAM.INFO.${stream}`);
    publish.add(`$JS.API.CONSUMER.CREATE.${stream}.>`);
    publish.add(`$JS.API.CONSUMER.INFO.${stream}.>`);
    publish.add(`$JS.API.CONSUMER.MSG.NEXT.${stream}.>`);
    publish.add(`$JS.API.CONSUMER.DELETE.${stream}.>`);
    publish.add(`$JS.FC.${stream}.>`);
  }
  for (const [bucket, { owner }] of Object.entries(buckets)) if (owner === identity) publish.add(`$KV.${bucket}.>`);
  if (identity === 'gateway') {
    publish.add('signal.>');
    subscribe.add('signal.>');
  }
  return {
    publish: { allow: [...publish].sort() },
    subscribe: { allow: [...subscribe].sort() },
    allow_responses: true,
  };
}

export const isService = (identity: Identity): identity is ServiceName => identity !== 'operator';
