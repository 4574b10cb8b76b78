// A small CRM on loopback, built from a vendor's published contract: a table of routes. What the contract does not know (an address, a parameter, a field, a type)
// is answered with 400 and remembered as a violation, so that a test can say: nothing was sent that this CRM does not document.
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { newId } from '@continuo/contracts';
import { openOutbound } from '@continuo/runtime';
import type { ZodType } from 'zod';
import type { ConnectionDetails } from '../../connector.ts';

export interface Asked {
  method: string;
  path: string;
  query: Record<string, string>;
  headers: Record<string, string>;
  body: unknown;
  /** What the brackets of the route's path caught. */
  at: string[];
}
export interface Answer {
  status?: number;
  headers?: Record<string, string>;
  /** Sent as JSON; without it the answer is empty. */
  body?: unknown;
}
export type Route = [method: string, path: RegExp, handle: (asked: Asked) => Answer];

export interface FakeCrm extends AsyncDisposable {
  readonly url: string;
  /** What was sent although the contract does not know it. */
  readonly violations: readonly string[];
  readonly calls: readonly Asked[];
  /** What the next `times` matching requests meet instead; `done` does them first, and only then fails. */
  next(matches: (asked: Asked) => boolean, answer: Answer & { done?: boolean }, times?: number): void;
}

/** An answer that ends the handling of a request: what the CRM refuses by its own rules. */
export class Refusal extends Error {
  readonly answer: Answer;
  constructor(answer: Answer) {
    super(`refused with ${answer.status}`);
    this.answer = answer;
  }
}
class Violation extends Error {}
export const violation = (words: string): Error => new Violation(words);

/** @throws {Violation} when the value is not what the contract allows */
export function allowed<T>(what: string, schema: ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new Violation(
    `${what}: ${parsed.error.issues.map(({ path, message }) => `${path.map(String).join('.')} ${message}`).join('; ')}`,
  );
}

export interface Contract {
  routes: readonly Route[];
  /** Before anything else: is the sender known? */
  admit(asked: Asked): Answer | undefined;
}

export async function startFakeCrm({ routes, admit }: Contract): Promise<FakeCrm> {
  const violations: string[] = [];
  const calls: Asked[] = [];
  let planned: { matches: (asked: Asked) => boolean; answer: Answer & { done?: boolean }; left: number }[] = [];

  function answerTo(asked: Asked): Answer {
    const refused = admit(asked);
    if (refused) return refused;
    const route = routes.find(([method, path]) => method === asked.method && path.test(asked.path));
    try {
      if (!route) throw new Violation('no such address');
      return route[2]({ ...asked, at: [...(route[1].exec(asked.path) ?? [])].slice(1).map(decodeURIComponent) });
    } catch (error) {
      if (error instanceof Refusal) return error.answer;
      if (!(error instanceof Violation)) throw error;
      violations.push(`${asked.method} ${asked.path}: ${error.message}`);
      return { status: 400, body: { violation: error.message } };
    }
  }

  const server = createServer((request, response) => {
    void readAll(request).then((text) => {
      const { pathname, searchParams } = new URL(request.url ?? '/', 'http://fake');
      const asked: Asked = {
        method: request.method ?? '',
        path: pathname,
        query: Object.fromEntries(searchParams),
        headers: request.headers as Record<string, string>,
        body: bodyOf(request, text),
        at: [],
      };
      calls.push(asked);
      const meets = planned.find(({ matches, left }) => left > 0 && matches(asked));
      if (meets) meets.left -= 1;
      if (meets?.answer.done) answerTo(asked);
      const { status = 200, headers, body } = meets?.answer ?? answerTo(asked);
      response.writeHead(status, { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers });
      response.end(body === undefined ? undefined : JSON.stringify(body));
    });
  });
  // Closes a kept connection long after we do, as CRMs behind a proxy do; on a starved machine the usual five seconds are over before our one is.
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    violations,
    calls,
    next: (matches, answer, times = 1) => {
      planned = [...planned.filter(({ left }) => left > 0), { matches, answer, left: times }];
    },
    [Symbol.asyncDispose]: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function readAll(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

function bodyOf(request: IncomingMessage, text: string): unknown {
  if (text === '') return undefined;
  if (!request.headers['content-type']?.startsWith('application/json'))
    return Object.fromEntries(new URLSearchParams(text));
  return JSON.parse(text);
}

export const connectionTo = (fake: FakeCrm, credentials: Record<string, string>): ConnectionDetails => ({
  baseUrl: fake.url,
  credentials,
  outbound: openOutbound('127.0.0.1:*'),
});

/** A lead of a visitor of its own. */
export const lead = (contact: object = {}) => ({
  contact,
  visitorKey: newId(),
  title: 'Chat',
  description: '',
  unnamed: 'Visitor',
});

/** Rows under running numbers, as most CRMs keep them. */
export interface Table<R> {
  add(row: R): string;
  get(id: string): (R & { id: string }) | undefined;
  remove(id: string): boolean;
  all(): (R & { id: string })[];
}
export function newTable<R extends object>(idOf: (n: number) => string = String): Table<R> {
  const rows = new Map<string, R & { id: string }>();
  let last = 0;
  return {
    add(row) {
      last += 1;
      const id = idOf(last);
      rows.set(id, { ...row, id });
      return id;
    },
    get: (id) => rows.get(id),
    remove: (id) => rows.delete(id),
    all: () => [...rows.values()],
  };
}
