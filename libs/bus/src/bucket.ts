// A KV bucket as it stands and changes. Whenever its consumer is made anew all keys are read again: of one that ended meanwhile not even the mark may be left.
import type { buckets } from '@continuo/contracts';
import type { Logger } from '@continuo/telemetry';
import { DeliverPolicy, type JsMsg } from '@nats-io/jetstream';
import type { Bus } from './connect.ts';
import { follow } from './follow.ts';
import { bucketStream } from './provision.ts';

export interface BucketFollowing {
  log: Logger;
  onPut(key: string, message: JsMsg): void;
  /** The key was removed or has expired, unless nobody knew it. */
  onGone(key: string): void;
}

/** Resolves when everything stored so far has been read. */
export async function followBucket(
  bus: Bus,
  bucket: keyof typeof buckets,
  { log, onPut, onGone }: BucketFollowing,
): Promise<AsyncDisposable> {
  /** Each key with the sequence that it was read at. */
  const known = new Map<string, number>();
  /** Known before, and not read since the last opening. */
  let unread = new Set<string>();
  const { promise: read, resolve: allRead } = Promise.withResolvers<void>();
  const end = (key: string): void => {
    if (known.delete(key)) onGone(key);
  };
  const settle = (): void => {
    for (const key of unread) end(key);
    unread = new Set();
    allRead();
  };
  const following = await follow(bus, {
    stream: bucketStream(bucket),
    log,
    from: () => ({ deliver_policy: DeliverPolicy.LastPerSubject }),
    onOpen(pending) {
      unread = new Set(known.keys());
      if (pending === 0) settle();
    },
    onMessage(message) {
      const key = message.subject.slice(`$KV.${bucket}.`.length);
      unread.delete(key);
      try {
        if (isMark(message)) end(key);
        else if (known.get(key) !== message.seq) {
          onPut(key, message);
          known.set(key, message.seq);
        }
      } catch (error) {
        log.error({ err: error, key }, 'What stands in a bucket does not fit and is left out.');
      }
      if (message.info.pending === 0) settle();
    },
  });
  await read;
  return following;
}

/** Of the end of a key: removed by somebody, or expired. */
const isMark = ({ headers }: JsMsg): boolean => !!headers?.has('KV-Operation') || !!headers?.has('Nats-Marker-Reason');
