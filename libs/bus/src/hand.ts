// One message in hand, and how long its handler may hang with it. A handler that does is told to let go and counts as failed: the hand comes free, what waits
// behind it on its subject goes on, and the message is tried again as after a crash – handlers bear that a try before them is still at work.
import type { JsMsg } from '@nats-io/jetstream';
import type { HandlerContext } from './consume.ts';
import { HandlerHangsError } from './errors.ts';
import type { Outcome } from './outcome.ts';

export interface Hand {
  /** @throws {HandlerHangsError} */
  run(handle: (context: HandlerContext) => Promise<Outcome>): Promise<Outcome>;
  /** Every few seconds: the server is told that the message is still in hand, and patience may end. */
  beat(): void;
}

export function hold(message: JsMsg, letGo: AbortSignal, patienceMs: number): Hand {
  let since = 0;
  let giveUp: (() => void) | undefined;
  return {
    async run(handle) {
      const late = new AbortController();
      since = performance.now();
      const context: HandlerContext = {
        // Made when asked for: most handlers are done before anything could end them.
        get signal() {
          return AbortSignal.any([letGo, late.signal]);
        },
        working() {
          since = performance.now();
          message.working();
        },
        delivery: message.info.deliveryCount,
      };
      try {
        return await Promise.race([
          handle(context),
          new Promise<never>((_, reject) => {
            giveUp = () => {
              late.abort();
              reject(new HandlerHangsError(`no word for ${Math.round(patienceMs / 1_000)} s`));
            };
          }),
        ]);
      } finally {
        giveUp = undefined;
      }
    },
    beat() {
      message.working();
      if (performance.now() - since > patienceMs) giveUp?.();
    },
  };
}
