// A webhook receiver as docs/webhook.md asks for one: it checks signatures with the very code of that page, drops ids it knows and older versions, and on
// demand has every bad day that a receiver can have.
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type PushMessage, pushMessages } from '../src/connectors/push/messages.ts';

export type BadDay =
  | { answer: number; headers?: Record<string, string> }
  /** Takes the message and says all the same that it failed. */
  | { answerInstead: number }
  /** Takes the message, and answers when the promise is kept. */
  | { hold: Promise<void> }
  /** Takes the message, promises a long answer and breaks off in the middle of it. */
  | { halfAnswer: true }
  /** Takes the message and breaks the connection without a word. */
  | { hangUp: true };

export interface Received {
  headers: Record<string, string>;
  body: Buffer;
  message: PushMessage;
  /** It was not refused. */
  taken: boolean;
}
export interface WebhookReceiver extends AsyncDisposable {
  readonly url: string;
  secret: string;
  /** Every request whose signature is right, in order. */
  readonly received: Received[];
  readonly refused: number;
  /** @param matches whose day it is; anybody's when left out */
  next(day: BadDay, times?: number, matches?: (message: PushMessage) => boolean): void;
  heal(): void;
  /** What a company would have in its database. */
  text(conversation: string): string;
  lead(id: string): Extract<PushMessage, { type: 'lead-changed' }>['data'] | undefined;
  tasks(lead: string): TaskData[];
}
type TaskData = Extract<PushMessage, { type: 'task-changed' }>['data'];

function keepNewer<T extends { version: number }>(held: Map<string, T>, key: string, data: T): void {
  if ((held.get(key)?.version ?? 0) < data.version) held.set(key, data);
}

type IsFromContinuo = (secret: string, headers: Record<string, string>, body: Buffer, now?: number) => boolean;

const page = (): string => readFileSync(new URL('../../../docs/webhook.md', import.meta.url), 'utf8');
/** The code block behind a mark, as the page prints it. */
export function codeOf(name: string): string {
  const found = new RegExp(`<!-- ${name.replace('.', '\\.')} -->\\n\`\`\`\\w+\\n([\\s\\S]*?)\`\`\``).exec(page())?.[1];
  if (!found) throw new Error(`docs/webhook.md has no ${name}`);
  return found;
}
export async function verification(): Promise<IsFromContinuo> {
  const code = await import(`data:text/javascript,${encodeURIComponent(codeOf('verify.mjs'))}`);
  return (code as { isFromContinuo: IsFromContinuo }).isFromContinuo;
}

export async function startReceiver(secret: string): Promise<WebhookReceiver> {
  const isFromContinuo = await verification();
  const received: Received[] = [];
  const seen = new Set<string>();
  const leads = new Map<string, Extract<PushMessage, { type: 'lead-changed' }>['data']>();
  const parts = new Map<string, Extract<PushMessage, { type: 'transcript-changed' }>['data']>();
  const tasks = new Map<string, TaskData>();
  let days: { day: BadDay; left: number; matches: (message: PushMessage) => boolean }[] = [];
  let refused = 0;

  function keep(message: PushMessage): void {
    if (seen.has(message.id)) return;
    seen.add(message.id);
    if (message.type === 'connection-tested') return;
    if (message.type === 'lead-changed') keepNewer(leads, message.data.lead, message.data);
    else if (message.type === 'task-changed')
      keepNewer(tasks, `${message.data.conversation} ${message.data.task}`, message.data);
    else if (message.type === 'deal-changed') return;
    else keepNewer(parts, `${message.data.conversation} ${message.data.part}`, message.data);
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const headers = request.headers as Record<string, string>;
    if (!isFromContinuo(receiver.secret, headers, body)) {
      refused += 1;
      return void response.writeHead(401).end();
    }
    const parsed = JSON.parse(body.toString('utf8')) as PushMessage;
    // Strict: what is sent is what the published schemas say.
    const message = pushMessages[parsed.type].parse(parsed);
    const planned = days.find(({ left, matches }) => left > 0 && matches(message));
    if (planned) planned.left -= 1;
    const day = planned?.day;
    received.push({ headers, body, message, taken: !(day && 'answer' in day) });
    if (day && 'answer' in day) return void response.writeHead(day.answer, day.headers).end('<h1>no</h1>');
    keep(message);
    if (day && 'answerInstead' in day) return void response.writeHead(day.answerInstead).end();
    if (day && 'hangUp' in day) return void request.socket.destroy();
    if (day && 'halfAnswer' in day) {
      response.writeHead(200, { 'content-length': '1000' });
      response.write('{"ok":', () => request.socket.destroy());
      return;
    }
    if (day && 'hold' in day) await day.hold;
    response.writeHead(200).end('thank you');
  }

  const server = createServer((request, response) => void handle(request, response).catch(() => response.destroy()));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const receiver: WebhookReceiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/continuo`,
    secret,
    received,
    get refused() {
      return refused;
    },
    next: (day, times = 1, matches = () => true) => void days.push({ day, left: times, matches }),
    heal: () => {
      days = [];
    },
    text: (conversation) =>
      [...parts.values()]
        .filter((part) => part.conversation === conversation)
        .sort((a, b) => a.part - b.part)
        .map(({ text }) => text)
        .join(''),
    lead: (id) => leads.get(id),
    tasks: (lead) => [...tasks.values()].filter((task) => task.lead === lead),
    [Symbol.asyncDispose]: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return receiver;
}
