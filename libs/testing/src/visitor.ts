// A visitor of a test: his socket, his conversation, and what he sees of it.
import type { ConversationEvent } from '@continuo/contracts';
import { fold, messagesOf, type TranscriptMessage } from '@continuo/transcript';
import { type Frame, type SocketClient, socketClient } from './socket-client.ts';

export interface TestVisitor extends AsyncDisposable {
  readonly socket: SocketClient;
  readonly id: () => string;
  readonly conversation: () => string | undefined;
  readonly availability: () => string;
  /** Every event of the conversation, in order, as the gateway sent them. */
  readonly events: () => ConversationEvent[];
  readonly messages: () => TranscriptMessage[];
  /** Writes; the first message begins the conversation. Resolves with its number when it is stored. */
  say(text: string): Promise<number>;
  /** All frames that came. */
  readonly frames: () => Frame[];
}

export function testVisitor({
  gateways,
  site,
  language = 'en',
  origin,
}: {
  gateways: () => string[];
  site: string;
  language?: string;
  origin?: string;
}): TestVisitor {
  let token: string | undefined;
  let id = '';
  let availability = '';
  let conversation: string | undefined;
  let events: ConversationEvent[] = [];
  const frames: Frame[] = [];

  const socket = socketClient({
    addresses: () => gateways().map((url) => `${url.replace(/^http/, 'ws')}/ws/visitor`),
    headers: () => ({ Origin: origin ?? (gateways()[0] as string) }),
    hello: () => ({
      t: 'hello',
      v: 1,
      site,
      language,
      ...(token && { token }),
      ...(conversation && { conversation: { id: conversation, number: events.length } }),
    }),
    onFrame(frame) {
      frames.push(frame);
      if (frame.t === 'welcome') {
        ({ token, visitor: id, availability } = frame as never);
        const known = frame['conversation'] as { id: string } | undefined;
        if (known) switchTo(known.id);
      } else if (frame.t === 'availability') availability = frame['availability'] as string;
      else if (frame.t === 'transcript') {
        switchTo(frame['conversation'] as string);
        for (const event of frame['events'] as ConversationEvent[]) take(event);
      } else if (frame.t === 'event') take(frame['event'] as ConversationEvent);
    },
  });

  function switchTo(next: string): void {
    if (conversation === next) return;
    conversation = next;
    events = [];
  }

  function take(event: ConversationEvent): void {
    switchTo(event.key);
    if (event.number > events.length + 1) {
      socket.cut();
      return;
    }
    if (event.number === events.length + 1) events.push(event);
    socket.settle(event.cause, event.number);
  }

  const messages = (): TranscriptMessage[] => {
    const transcript = fold(events);
    return transcript ? messagesOf(transcript) : [];
  };
  return {
    socket,
    id: () => id,
    conversation: () => conversation,
    availability: () => availability,
    events: () => events,
    messages,
    frames: () => frames,
    say: (text) =>
      conversation
        ? socket.command('send-message', { conversation, text })
        : socket.command('start-conversation', {
            text,
            language,
            page: { url: 'http://shop.example/desk', title: 'Oak desk' },
          }),
    [Symbol.asyncDispose]: () => socket[Symbol.asyncDispose](),
  };
}
