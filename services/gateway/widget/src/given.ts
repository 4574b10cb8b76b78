// For specs: a clock that stands until it is moved, sockets whose other end the spec holds, and events as the gateway tells them.
import type { ConversationEvent, DataOf } from '@continuo/contracts';
import type { ToVisitor, VisitorFrame } from '@continuo/contracts/frames';
import { newId } from '@continuo/contracts/ids';
import type { Surroundings, Wire } from './connection.ts';
import type { DeviceStorage } from './keep.ts';

export const SITE = 's'.repeat(22);
export const CONVERSATION = 'c'.repeat(22);
export const VISITOR = 'v'.repeat(22);
export const ANNA = { id: 'a'.repeat(22), name: 'Anna' };
export const ARMEN = { id: 'b'.repeat(22), name: 'Armen' };

export interface GatewayEnd {
  sent: VisitorFrame[];
  closed: boolean;
  accept(): Promise<void>;
  say(frame: ToVisitor): void;
  hangUp(): void;
}

export function givenWorld(startAt = 1_000_000) {
  let now = startAt;
  let timers: { at: number; run(): void }[] = [];
  const ends: GatewayEnd[] = [];
  const around: Surroundings = {
    now: () => now,
    inSight: () => true,
    online: () => true,
    random: () => 0.5,
    later(ms, run) {
      const timer = { at: now + ms, run };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
    wire() {
      const wire: Wire = { send: (text) => end.sent.push(JSON.parse(text)), close: () => (end.closed = true), ...DEAF };
      const end: GatewayEnd = {
        sent: [],
        closed: false,
        // The hello is made asynchronously: settled before the spec goes on.
        accept: async () => void (await (wire.onopen as unknown as () => Promise<void>)()),
        say: (frame) => wire.onmessage?.({ data: JSON.stringify(frame) } as never),
        hangUp: () => wire.onclose?.({} as never),
      };
      ends.push(end);
      return wire;
    },
  };
  return {
    around,
    ends,
    /** The socket of the moment, from the gateway's side. */
    gateway: (): GatewayEnd => ends.at(-1) as GatewayEnd,
    /** Moves the clock and runs what falls due, in order. */
    pass(ms: number): void {
      const until = now + ms;
      for (;;) {
        const due = timers.filter((timer) => timer.at <= until).sort((a, b) => a.at - b.at)[0];
        if (!due) break;
        timers = timers.filter((timer) => timer !== due);
        now = Math.max(now, due.at);
        due.run();
      }
      now = until;
    },
  };
}
const DEAF = { onopen: null, onmessage: null, onclose: null };

/** As the browsers' own: what is stored is its own properties. */
class GivenStorage implements DeviceStorage {
  getItem(key: string): string | null {
    return Object.getOwnPropertyDescriptor(this, key)?.value ?? null;
  }
  setItem(key: string, value: string): void {
    Object.assign(this, { [key]: value });
  }
  removeItem(key: string): void {
    Reflect.deleteProperty(this, key);
  }
}
export const givenStorage = (): DeviceStorage => new GivenStorage();

export const welcome = (more: Partial<Extract<ToVisitor, { t: 'welcome' }>> = {}): ToVisitor => ({
  t: 'welcome',
  visitor: VISITOR,
  token: 'token-1',
  site: { id: SITE, name: 'Nordhem', typingPreview: true },
  availability: 'free',
  agents: [ANNA],
  time: 1_000_000,
  ...more,
});

/** The next event of a dialogue that has `number - 1` before it. */
export function event<K extends ConversationEvent['type']>(
  number: number,
  type: K,
  data: DataOf<K>,
  more: { cause?: string; time?: number } = {},
): ConversationEvent {
  return {
    type,
    id: newId(),
    v: 1,
    time: more.time ?? 1_000_000 + number,
    actor: { kind: 'system', id: 'system' },
    cause: more.cause ?? newId(),
    site: SITE,
    key: CONVERSATION,
    number,
    seq: number,
    data,
  } as ConversationEvent;
}
const visitor = { kind: 'visitor' as const, id: VISITOR };
type More = Parameters<typeof event>[3];

export const started = (text: string, more?: More) =>
  event(1, 'conversation-started', { visitor: VISITOR, author: visitor, text, language: 'en', channel: 'chat' }, more);
export const wrote = (number: number, text: string, more?: More) =>
  event(number, 'message-sent', { author: visitor, text, channel: 'chat' }, more);
export const answered = (number: number, text: string, agent = ANNA, more?: More) =>
  event(number, 'message-sent', { author: { kind: 'agent', ...agent }, text, channel: 'chat' }, more);
