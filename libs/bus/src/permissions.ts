// What each service may do at NATS, derived from the catalogue: publish what it owns, send what it is named for, read and acknowledge its own durables.
// The server enforces ownership, not review: nobody but the administrator is let make, change or remove a stream or a durable consumer. It does not look at where
// an answer of JetStream goes; what a service that was taken over can make of that stands in docs/decisions/0006.
import { buckets, commands, consumers, events, queries, signals, streams, timers } from '@continuo/contracts';
import { inboxPrefix } from './connect.ts';
import { LIMITED } from './filling.ts';

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
  publish: { allow: string[]; deny: string[] };
  subscribe: { allow: string[] };
}

/** Streams that a service may read by itself, message by message: it folds them. */
const LOADS: Partial<Record<Identity, string[]>> = {
  conversation: ['CONVERSATION', 'DESK'],
  'crm-sync': ['CONVERSATION'],
  'email-fallback': ['CONVERSATION'],
  gateway: ['DEAD_LETTERS'],
  operator: ['DEAD_LETTERS'],
};
/** Who may have the service that parked a record replay or discard it. */
const SETTLE: readonly Identity[] = ['gateway', 'operator'];
/** Streams of which a service may see how full they are. */
const MEASURES: Partial<Record<Identity, string[]>> = { gateway: LIMITED };
/** Streams that a service may follow with ordered consumers of its own. */
const FOLLOWS: Partial<Record<Identity, string[]>> = { gateway: ['CONVERSATION', 'DESK', 'TRACKING', 'CRM', 'MAIL'] };

export function permissionsOf(identity: Identity): Permissions {
  const publish = new Set<string>();
  const subscribe = new Set<string>([`${inboxPrefix(identity)}.>`]);
  // Answers go to the inboxes of those who may ask. `allow_responses` would let the one who asks name any subject and have the owner write there.
  const answers = (subject: string, askers: readonly string[]): void => {
    subscribe.add(subject);
    for (const asker of [...askers, 'admin']) publish.add(`${inboxPrefix(asker)}.>`);
  };

  for (const line of Object.values(events))
    if (line.owner === identity) for (const subject of streams[line.stream].subjects) publish.add(subject);
  for (const [name, line] of Object.entries(commands)) {
    if ((line.sentBy as readonly string[]).includes(identity)) publish.add(`command.${line.owner}.${name}`);
    if (line.owner === identity) answers(`command.${identity}.*`, line.sentBy);
  }
  for (const [name, line] of Object.entries(queries)) {
    if ((line.askedBy as readonly string[]).includes(identity)) publish.add(`query.${line.owner}.${name}`);
    if (line.owner === identity) answers(`query.${identity}.*`, line.askedBy);
  }
  for (const [name, { stream, service }] of Object.entries(consumers)) {
    if (service !== identity) continue;
    publish.add(`$JS.API.CONSUMER.INFO.${stream}.${name}`);
    publish.add(`$JS.API.CONSUMER.MSG.NEXT.${stream}.${name}`);
    publish.add(`$JS.ACK.${stream}.${name}.>`);
    publish.add(`parked.${name}.>`);
    publish.add(`$JS.API.DIRECT.GET.DEAD_LETTERS.parked.${name}.>`);
    answers(`dead-letter.*.${name}`, SETTLE);
  }
  for (const [name, { owner }] of Object.entries(timers)) {
    if (owner !== identity) continue;
    publish.add(`timer.set.${identity}.${name}.*`);
    publish.add(`timer.cancel.${identity}.${name}.*`);
  }
  if (SETTLE.includes(identity))
    for (const name of Object.keys(consumers)) {
      publish.add(`dead-letter.replay.${name}`);
      publish.add(`dead-letter.discard.${name}`);
    }
  for (const stream of LOADS[identity] ?? []) {
    publish.add(`$JS.API.DIRECT.GET.${stream}`);
    publish.add(`$JS.API.DIRECT.GET.${stream}.>`);
    publish.add(`$JS.API.STREAM.MSG.GET.${stream}`);
  }
  for (const stream of MEASURES[identity] ?? []) publish.add(`$JS.API.STREAM.INFO.${stream}`);
  const readable = Object.entries(buckets).filter(
    ([, { readBy }]) => readBy === 'all' || (readBy as readonly string[]).includes(identity),
  );
  const followed = [...(FOLLOWS[identity] ?? []), ...readable.map(([bucket]) => `KV_${bucket}`)];
  for (const stream of followed) {
    publish.add(`$JS.API.STREAM.INFO.${stream}`);
    publish.add(`$JS.API.CONSUMER.CREATE.${stream}.>`);
    publish.add(`$JS.API.CONSUMER.INFO.${stream}.>`);
    publish.add(`$JS.API.CONSUMER.MSG.NEXT.${stream}.>`);
    publish.add(`$JS.API.CONSUMER.DELETE.${stream}.>`);
    publish.add(`$JS.FC.${stream}.>`);
  }
  for (const [bucket, { owner }] of Object.entries(buckets)) if (owner === identity) publish.add(`$KV.${bucket}.>`);
  if (identity === 'gateway') {
    for (const name of Object.keys(signals)) publish.add(`signal.${name}.*.*`);
    subscribe.add('signal.>');
  }
  return {
    publish: { allow: [...publish].sort(), deny: durablesOfOthers(identity, followed).sort() },
    subscribe: { allow: [...subscribe].sort() },
  };
}

/** Whoever may make consumers of his own on a stream could otherwise change, empty or remove those that stand there. */
const durablesOfOthers = (identity: Identity, followed: readonly string[]): string[] =>
  Object.entries(consumers)
    .filter(([, { stream, service }]) => service !== identity && followed.includes(stream))
    .flatMap(([name, { stream }]) =>
      ['CREATE', 'DELETE', 'MSG.NEXT'].flatMap((verb) => {
        const subject = `$JS.API.CONSUMER.${verb}.${stream}.${name}`;
        return verb === 'CREATE' ? [subject, `${subject}.>`] : [subject];
      }),
    );
