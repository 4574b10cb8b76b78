// An agent of a test: logs in as a person does, then works through his socket.
import type { ConversationEvent, DeskSummary } from '@continuo/contracts';
import { fold, messagesOf, type Transcript, type TranscriptMessage } from '@continuo/transcript';
import { keepOut } from './leaks.ts';
import { type Frame, RefusedError, type SocketClient, socketClient } from './socket-client.ts';

export interface TestAgent extends AsyncDisposable {
  readonly socket: SocketClient;
  readonly id: string;
  readonly name: string;
  readonly cookie: string;
  readonly desk: () => DeskSummary | undefined;
  /** Every conversation seen, by id. */
  readonly transcript: (conversation: string) => Transcript | undefined;
  readonly messages: (conversation: string) => TranscriptMessage[];
  /** Ids of the dialogues that are his and not closed. */
  readonly mine: () => string[];
  goOnline(): Promise<void>;
  reply(conversation: string, text: string, from?: 'console' | 'crm-link'): Promise<number>;
  closeDialogue(conversation: string): Promise<number>;
  /** Loads a conversation and keeps it live. */
  open(conversation: string): void;
  query(name: string, data: unknown): Promise<unknown>;
  readonly frames: () => Frame[];
}

/** @throws when the login is refused */
export async function testAgent({
  gateways,
  email,
  password,
}: {
  gateways: () => string[];
  email: string;
  password: string;
}): Promise<TestAgent> {
  const gateway = gateways()[0] as string;
  keepOut(password);
  const login = await fetch(`${gateway}/api/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-continuo': 'console', origin: gateway },
    body: JSON.stringify({ email, password }),
  });
  if (!login.ok) throw new Error(`login answered ${login.status}: ${await login.text()}`);
  const cookies = login.headers.getSetCookie().map((line) => line.split(';')[0] as string);
  for (const one of cookies) keepOut(one.slice(one.indexOf('=') + 1));
  const cookie = cookies.join('; ');

  const events = new Map<string, ConversationEvent[]>();
  const opened = new Set<string>();
  const answers = new Map<string, { resolve(value: unknown): void; reject(error: Error): void }>();
  const frames: Frame[] = [];
  let me = { id: '', name: '' };
  let desk: DeskSummary | undefined;
  let queries = 0;

  const socket = socketClient({
    addresses: () => gateways().map((url) => `${url.replace(/^http/, 'ws')}/ws/agent`),
    // Behind a balancer all of them have the address of the page.
    headers: (address) => ({ Cookie: cookie, Origin: new URL(address.replace(/^ws/, 'http')).origin }),
    hello: () => ({ t: 'hello', v: 1 }),
    onFrame(frame) {
      frames.push(frame);
      if (frame.t === 'welcome') {
        ({ me, desk } = frame as never);
        for (const { conversation } of frame['inbox'] as { conversation: string }[]) opened.add(conversation);
        for (const conversation of opened) load(conversation);
      } else if (frame.t === 'desk') desk = frame['desk'] as DeskSummary;
      else if (frame.t === 'transcript') for (const event of frame['events'] as ConversationEvent[]) take(event);
      else if (frame.t === 'event') take(frame['event'] as ConversationEvent);
      else if (frame.t === 'answer') {
        const waiting = answers.get(frame['id'] as string);
        answers.delete(frame['id'] as string);
        if (frame['ok']) waiting?.resolve(frame['answer']);
        else waiting?.reject(new RefusedError(frame['refusal'] as string, frame['words'] as string));
      }
    },
  });

  function take(event: ConversationEvent): void {
    const known = events.get(event.key) ?? [];
    if (known.length === 0) events.set(event.key, known);
    if (event.number === known.length + 1) known.push(event);
    else if (event.number > known.length + 1) load(event.key);
    socket.settle(event.cause, event.number);
  }
  function load(conversation: string): void {
    opened.add(conversation);
    socket.send({ t: 'open', conversation, number: events.get(conversation)?.length ?? 0 });
  }
  const transcript = (conversation: string): Transcript | undefined => fold(events.get(conversation) ?? []);

  await socket.ready();
  return {
    socket,
    id: me.id,
    name: me.name,
    cookie,
    desk: () => desk,
    transcript,
    messages: (conversation) => {
      const found = transcript(conversation);
      return found ? messagesOf(found) : [];
    },
    mine: () => [...events.keys()].filter((conversation) => transcript(conversation)?.agent?.id === me.id),
    goOnline: async () => void (await socket.command('set-availability', { agent: me.id, state: 'online' })),
    reply: (conversation, text, from) => socket.command('send-message', { conversation, text, ...(from && { from }) }),
    closeDialogue: (conversation) => socket.command('close', { conversation, reason: 'solved' }),
    open: load,
    query: (name, data) =>
      new Promise((resolve, reject) => {
        const id = String(++queries).padStart(22, '0');
        answers.set(id, { resolve, reject });
        socket.send({ t: 'query', id, name, data } as Frame);
      }),
    frames: () => frames,
    [Symbol.asyncDispose]: () => socket[Symbol.asyncDispose](),
  };
}
