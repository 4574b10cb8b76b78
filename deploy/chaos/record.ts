// Writes down a stream as it grows: of what is rolled up to a snapshot the stream itself keeps nothing. Imports no product code, for the checker relies on it.
import { appendFileSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ConsumerMessages, DeliverPolicy, jetstream } from '@nats-io/jetstream';
import { ALL_ALONG, connectAs, leave, type NatsAccess, rawEvent } from './check-stream.ts';

export async function recordStream(access: NatsAccess, stream: string, file: string): Promise<AsyncDisposable> {
  const connection = await connectAs(access, ALL_ALONG);
  writeFileSync(file, '');
  let last = 0;
  let stopped = false;
  let messages: ConsumerMessages | undefined;
  const following = (async () => {
    for (; !stopped; await sleep(100)) {
      try {
        const from = { deliver_policy: DeliverPolicy.StartSequence, opt_start_seq: last + 1 };
        messages = await (await jetstream(connection).consumers.get(stream, from)).consume();
        for await (const message of messages) {
          if (message.seq <= last) continue;
          last = message.seq;
          appendFileSync(file, `${JSON.stringify(rawEvent(message))}\n`);
        }
      } catch {
        // The server is away, which is what a run is about: taken up again where it stopped.
      }
    }
  })();
  return {
    [Symbol.asyncDispose]: async () => {
      stopped = true;
      messages?.stop();
      await leave(connection);
      await following;
    },
  };
}
