// Closing with a way back: the command goes out eight seconds after the key, at once when the page is left,
// and not at all when the agent takes it back or the visitor writes again.
import type { ToAgent } from '@continuo/contracts/frames';
import { type ConsoleState, withoutKey } from '../session/console-state.ts';
import type { Store } from '../session/store.ts';

export const UNDO_MS = 8000;

export interface Closing {
  close(conversation: string): void;
  undo(conversation: string): void;
  /** Everything still to close is closed now. */
  flush(): void;
  onFrame(frame: ToAgent): void;
}

export function createClosing(options: {
  store: Store<ConsoleState>;
  close: (conversation: string) => unknown;
}): Closing {
  const { store } = options;
  const timers = new Map<string, ReturnType<typeof setTimeout>>();

  const forget = (conversation: string): void => {
    clearTimeout(timers.get(conversation));
    timers.delete(conversation);
    store.update((state) => ({ ...state, closing: withoutKey(state.closing, conversation) }));
  };
  const finish = (conversation: string): void => {
    forget(conversation);
    options.close(conversation);
  };
  const flush = (): void => {
    for (const conversation of [...timers.keys()]) finish(conversation);
  };
  addEventListener('pagehide', flush);
  return {
    close(conversation) {
      if (timers.has(conversation)) return;
      const timer = setTimeout(finish, UNDO_MS, conversation);
      timers.set(conversation, timer);
      store.update((state) => ({ ...state, closing: { ...state.closing, [conversation]: Date.now() + UNDO_MS } }));
    },
    undo: forget,
    flush,
    onFrame(frame) {
      if (frame.t !== 'event' || !timers.has(frame.event.key)) return;
      const { event } = frame;
      if (event.type === 'conversation-closed') forget(event.key);
      if (event.type === 'message-sent' && event.data.author.kind === 'visitor') forget(event.key);
    },
  };
}
