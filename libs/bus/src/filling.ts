// How full the streams are that refuse when they are full: somebody has to know before nothing new is taken. The others drop their oldest, or have no limit.
import { type StreamLine, streams } from '@continuo/contracts';
import { watchGauge } from '@continuo/telemetry';
import type { Bus } from './connect.ts';

/** Names of the streams that are watched. */
export const LIMITED = (Object.entries(streams) as [string, StreamLine][])
  .filter(([, { discard, maxBytes }]) => discard === 'new' && maxBytes > 0)
  .map(([name]) => name);

/** Measures until it is disposed. The limit is what NATS keeps to: a release that raises it may wait for its `provision`. */
export function watchFilling({ jsm, up }: Bus): Disposable {
  const stack = new DisposableStack();
  for (const stream of LIMITED)
    stack.use(
      watchGauge('continuo.stream.filled.ratio', async () => {
        // A request to nobody would hold up all the other figures.
        if (!up()) return [];
        const { config, state } = await jsm.streams.info(stream);
        return config.max_bytes > 0 ? [{ value: state.bytes / config.max_bytes, labels: { stream } }] : [];
      }),
    );
  return stack;
}
