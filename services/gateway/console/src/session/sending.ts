// Brings the agent's messages to the server: kept in the browser before they go, sent again after every reconnect until their event comes.
import type { ResumedFrom } from '@continuo/contracts';
import type { AgentFrame, ToAgent } from '@continuo/contracts/frames';
import type { ConsoleState } from './console-state.ts';
import type { Kept } from './kept.ts';
import { again, due, frameOf, type Outbox, settle, without } from './outbox.ts';
import type { Store } from './store.ts';

export interface Sending {
  post(conversation: string, text: string, from: ResumedFrom, at: number): void;
  again(id: string): void;
  discard(id: string): void;
  /** After `receive` has taken the frame into the state: keeps what is left and sends what is next. */
  onFrame(frame: ToAgent): void;
  /** Nothing is under way any more. */
  onLost(): void;
}

const BUSY_AGAIN_MS = 500;

export function createSending(options: {
  store: Store<ConsoleState>;
  kept: Kept<Outbox>;
  send: (frame: AgentFrame) => boolean;
  newId: () => string;
}): Sending {
  const { store, kept, send, newId } = options;
  const underWay = new Set<string>();
  store.update((state) => ({ ...state, outbox: kept.read() }));

  const change = (to: (outbox: Outbox) => Outbox): void => {
    kept.update(to);
    store.update((state) => ({ ...state, outbox: to(state.outbox) }));
    flush();
  };
  function flush(): void {
    for (const message of due(store.get().outbox))
      if (!underWay.has(message.id) && send(frameOf(message))) underWay.add(message.id);
  }
  return {
    post: (conversation, text, from, at) => {
      const message = { id: newId(), conversation, text, from, at };
      change((outbox) => [...outbox, message]);
    },
    again: (id) => {
      const fresh = newId();
      change((outbox) => again(outbox, id, fresh));
    },
    discard: (id) => change((outbox) => without(outbox, id)),
    onFrame(frame) {
      if (frame.t === 'refused' && frame.refusal === 'busy' && underWay.delete(frame.id))
        setTimeout(flush, frame.retryAfterMs ?? BUSY_AGAIN_MS);
      if (underWay.size > 0 && mayAnswer(frame)) kept.update((outbox) => settle(outbox, frame));
      if (frame.t === 'welcome' || mayAnswer(frame)) flush();
    },
    onLost: () => underWay.clear(),
  };
}

const mayAnswer = (frame: ToAgent): boolean =>
  frame.t === 'event' || frame.t === 'transcript' || frame.t === 'done' || frame.t === 'refused';
