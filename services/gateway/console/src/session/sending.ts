// Brings the agent's messages to the server: kept in the browser before they go, sent again after every reconnect until their event comes.
import type { ResumedFrom } from '@continuo/contracts';
import type { AgentFrame, ToAgent } from '@continuo/contracts/frames';
import type { ConsoleState } from './console-state.ts';
import type { Kept } from './kept.ts';
import { again, due, frameOf, type Outbox, type Outgoing, settle, withFile, without } from './outbox.ts';
import { againAfter } from './protocol.ts';
import type { Store } from './store.ts';

export interface Sending {
  post(
    conversation: string,
    text: string,
    from: ResumedFrom,
    at: number,
    more?: Pick<Outgoing, 'file' | 'card' | 'survey'>,
  ): void;
  /** What came of bringing its file to the gateway. */
  settleFile(id: string, outcome: Parameters<typeof withFile>[2]): void;
  again(id: string): void;
  discard(id: string): void;
  /** After `receive` has taken the frame into the state: keeps what is left and sends what is next. */
  onFrame(frame: ToAgent): void;
  /** Nothing is under way any more. */
  onLost(): void;
}

export function createSending(options: {
  store: Store<ConsoleState>;
  kept: Kept<Outbox>;
  send: (frame: AgentFrame) => boolean;
  newId: () => string;
  onChange: () => void;
}): Sending {
  const { store, kept, send, newId, onChange } = options;
  const underWay = new Set<string>();
  store.update((state) => ({ ...state, outbox: kept.read() }));

  const change = (to: (outbox: Outbox) => Outbox): void => {
    kept.update(to);
    store.update((state) => ({ ...state, outbox: to(state.outbox) }));
    flush();
    onChange();
  };
  function flush(): void {
    for (const message of due(store.get().outbox))
      if (!underWay.has(message.id) && send(frameOf(message))) underWay.add(message.id);
  }
  /** Until then it counts as under way, so that nothing else sends it or what follows it. */
  function sendLater(id: string, ms: number): void {
    setTimeout(() => {
      underWay.delete(id);
      flush();
    }, ms);
  }
  return {
    post: (conversation, text, from, at, more) => {
      const message = { id: newId(), conversation, text, from, at, ...more };
      change((outbox) => [...outbox, message]);
    },
    again: (id) => {
      const fresh = newId();
      change((outbox) => again(outbox, id, fresh));
    },
    settleFile: (id, outcome) => change((outbox) => withFile(outbox, id, outcome)),
    discard: (id) => change((outbox) => without(outbox, id)),
    onFrame(frame) {
      const wait = frame.t === 'refused' ? againAfter(frame) : undefined;
      if (frame.t === 'refused' && wait !== undefined && underWay.has(frame.id)) return sendLater(frame.id, wait);
      if (underWay.size > 0 && mayAnswer(frame)) kept.update((outbox) => settle(outbox, frame));
      if (frame.t === 'welcome' || mayAnswer(frame)) flush();
    },
    onLost: () => underWay.clear(),
  };
}

const mayAnswer = (frame: ToAgent): boolean =>
  frame.t === 'event' || frame.t === 'transcript' || frame.t === 'done' || frame.t === 'refused';
