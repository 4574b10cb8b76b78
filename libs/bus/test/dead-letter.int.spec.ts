// What a handler cannot digest, on a real nats-server with the services' own identities: an outage is no attempt, a fault is parked at last, others go on, and
// an operator has it handled again or takes it away.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newId } from '@continuo/contracts';
import { hanging } from '@continuo/runtime';
import { startNats } from '@continuo/servers';
import { eventually } from '@continuo/testing';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { headers } from '@nats-io/transport-node';
import {
  append,
  type Bus,
  type ConsumeOptions,
  connectBus,
  consume,
  discardDeadLetter,
  done,
  type EventHandlers,
  type HandlerContext,
  listDeadLetters,
  newEvent,
  type Outcome,
  park,
  permissionsOf,
  provision,
  replayDeadLetter,
  retry,
  UnavailableError,
} from '../src/index.ts';

const site = newId();
/** Of a consumer's vital. */
const HANGS_MS = 300_000;
const visitor = { kind: 'visitor', id: newId() } as const;
let stack: AsyncDisposableStack;
let as: (user: 'admin' | 'conversation' | 'email-fallback' | 'crm-sync' | 'operator') => Promise<Bus>;
let admin: Bus;
let writer: Bus;
let operator: Bus;
let service: Bus;

beforeEach(async () => {
  stack = new AsyncDisposableStack();
  const dir = await mkdtemp(join(tmpdir(), 'continuo-dead-letters-'));
  stack.defer(() => rm(dir, { recursive: true, force: true }));
  const server = await startNats({
    dir,
    users: [
      { user: 'admin', password: 'admin' },
      ...(['conversation', 'email-fallback', 'crm-sync', 'operator'] as const).map((user) => ({
        user,
        password: user,
        permissions: permissionsOf(user),
      })),
    ],
  });
  stack.defer(() => server.stop());
  as = async (user) => stack.use(await connectBus({ name: user, url: server.url, user, password: user }));
  [admin, writer, operator, service] = await Promise.all([
    as('admin'),
    as('conversation'),
    as('operator'),
    as('email-fallback'),
  ]);
  await provision(admin);
});
afterEach(() => stack.disposeAsync());

type Handle = (key: string, context: HandlerContext) => Promise<Outcome> | Outcome;

/** The same handler for every event that e-mail fallback hears. */
async function handling(handle: Handle, options: ConsumeOptions = {}): Promise<void> {
  const one = async (event: { key: string }, context: HandlerContext): Promise<Outcome> => handle(event.key, context);
  const handlers: EventHandlers<'email-fallback'> = {
    'conversation-started': one,
    'message-sent': one,
    'offline-message-left': one,
    'messages-read': one,
    'contact-identified': one,
    'transcript-requested': one,
  };
  stack.use(await consume(service, 'email-fallback', handlers, { wait: () => 1, ...options }));
}

async function begin(of = site, key: string = newId()): Promise<string> {
  const author = { kind: 'visitor', id: visitor.id } as const;
  const data = { visitor: visitor.id, author, text: 'an unmistakable text', language: 'en', channel: 'chat' } as const;
  await append(
    writer,
    newEvent('conversation-started', { site: of, key, number: 1, actor: visitor, cause: newId(), data }),
    0,
  );
  return key;
}

/** Something that no version of Continuo wrote. */
async function scrawl(
  text: string,
  said: Record<string, string> = { Type: 'message-sent', Version: '1' },
): Promise<string> {
  const key = newId();
  const head = headers();
  for (const [name, value] of Object.entries(said)) head.set(`Continuo-${name}`, value);
  await admin.js.publish(`conversation.${site}.${key}`, text, { headers: head });
  return key;
}

const streamed = async (): Promise<number> => (await admin.jsm.streams.info('CONVERSATION')).state.messages;
const parked = async (n: number) =>
  eventually(async () => {
    const letters = await listDeadLetters(operator);
    expect(letters).toHaveLength(n);
    return letters;
  });

test('a dependency that is away is no attempt: the message stays at its first delivery and is handled when it is back', async () => {
  let away = true;
  const deliveries: number[] = [];
  await handling((_key, { delivery }) => {
    deliveries.push(delivery);
    if (away) throw new UnavailableError('the dependency is away');
    return done;
  });
  await begin();
  await eventually(() => expect(deliveries.length).toBeGreaterThanOrEqual(3));
  away = false;
  await eventually(async () =>
    expect(await admin.jsm.consumers.info('CONVERSATION', 'email-fallback')).toMatchObject({
      num_ack_pending: 0,
      num_pending: 0,
      num_redelivered: 0,
    }),
  );
  expect(new Set(deliveries)).toEqual(new Set([1]));
  expect(await listDeadLetters(operator)).toEqual([]);
});

test('what cannot be set aside, because the stream for it does not answer, is delivered again until it can', async () => {
  await handling(() => done);
  await admin.jsm.streams.delete('DEAD_LETTERS');
  await scrawl('{"text":"cut sh');
  const info = () => admin.jsm.consumers.info('CONVERSATION', 'email-fallback');
  await eventually(async () => expect(await info()).toMatchObject({ num_redelivered: 1 }));
  await provision(admin);
  await parked(1);
  await eventually(async () => expect(await info()).toMatchObject({ num_ack_pending: 0 }));
});

test('a handler that fails twenty times has its record parked with the reason, while the others go on', async () => {
  const handled: string[] = [];
  const bad = newId();
  let tries = 0;
  await handling((key) => {
    if (key === bad) {
      tries += 1;
      throw new RangeError('an unmistakable text');
    }
    handled.push(key);
    return done;
  });
  await begin(site, bad);
  const good = [await begin(), await begin(), await begin()];
  const [letter] = await parked(1);
  expect(tries).toBe(20);
  expect(letter).toMatchObject({
    consumer: 'email-fallback',
    reason: 'handler-failed',
    words: expect.stringContaining('failed 20 times: RangeError'),
    site,
    subject: `conversation.${site}.${bad}`,
    attempts: 20,
  });
  expect(JSON.stringify(letter)).not.toContain('unmistakable');
  expect(handled.sort()).toEqual(good.sort());
});

test('a record that is no JSON is parked at its first delivery, since no try could help it; what stands behind it is handled', async () => {
  const handled: string[] = [];
  await handling((key) => {
    handled.push(key);
    return done;
  });
  const bad = await scrawl('{"text":"an unmistakable te');
  const good = await begin();
  const [letter] = await parked(1);
  expect(letter).toMatchObject({ reason: 'unreadable', attempts: 1, site, subject: `conversation.${site}.${bad}` });
  expect(JSON.stringify(letter)).not.toContain('unmistakable');
  await eventually(() => expect(handled).toEqual([good]));
});

test('a record that does not say what it is, or not in a way that Continuo writes, is parked at its first delivery', async () => {
  const handled: string[] = [];
  await handling((key) => {
    handled.push(key);
    return done;
  });
  const bad = [
    await scrawl('{"text":"an unmistakable text"}', {}),
    await scrawl('{"text":"an unmistakable text"}', { Version: '1' }),
    await scrawl('{"text":"an unmistakable text"}', { Type: 'An unmistakable text', Version: '1' }),
  ];
  const good = await begin();
  const letters = await parked(bad.length);
  expect(letters.map(({ subject }) => subject).sort()).toEqual(bad.map((key) => `conversation.${site}.${key}`).sort());
  for (const letter of letters) {
    expect(letter).toMatchObject({
      reason: 'unreadable',
      attempts: 1,
      words: expect.stringContaining('does not say what it is'),
      type: undefined,
    });
  }
  expect(JSON.stringify(letters)).not.toContain('unmistakable');
  await eventually(() => expect(handled).toEqual([good]));
});

test('a handler that puts a record off again and again has it parked at last', async () => {
  let wanting = true;
  await handling(() => (wanting ? retry() : done));
  await begin();
  const [letter] = await parked(1);
  expect(letter).toMatchObject({
    reason: 'put-off',
    attempts: 20,
    words: expect.stringContaining('put it off 20 times'),
  });
  wanting = false;
  expect(await replayDeadLetter(operator, { id: letter?.id as string, by: 'operator:test' })).toEqual({ ok: true });
});

test('a handler that hangs is told to let go and counts as failed: what waits behind it on its subject goes on, and it is tried again', async () => {
  const told: boolean[] = [];
  const handled: number[] = [];
  await handling(
    (_key, { signal, delivery }) => {
      if (told.length > 0 || delivery > 1) {
        handled.push(delivery);
        return done;
      }
      return new Promise<never>(() => signal.addEventListener('abort', () => told.push(signal.aborted)));
    },
    { patienceMs: 400, inHand: 1 },
  );
  const key = await begin();
  await append(
    writer,
    newEvent('messages-read', {
      site,
      key,
      number: 2,
      actor: visitor,
      cause: newId(),
      data: { by: { kind: 'visitor', id: visitor.id }, upTo: 1 },
    }),
    'any',
  );
  await eventually(() => expect(handled.toSorted()).toEqual([1, 2]));
  expect(told).toEqual([true]);
  expect(await listDeadLetters(operator)).toEqual([]);
});

test('a handler that is long at work and says so is left alone', async () => {
  const finished: number[] = [];
  await handling(
    async (_key, { working, delivery, signal }) => {
      for (let step = 0; step < 12; step++) {
        working();
        await new Promise((resolve) => setTimeout(resolve, 300));
      }
      if (!signal.aborted) finished.push(delivery);
      return done;
    },
    { patienceMs: 3_000 },
  );
  await begin();
  await eventually(() => expect(finished).toEqual([1]));
});

test('a loop that waits with all hands full does not hang', async () => {
  let goOn: (() => void) | undefined;
  await handling(() => new Promise<Outcome>((resolve) => (goOn = () => resolve(done))), {
    inHand: 1,
    patienceMs: 4_000,
  });
  await begin();
  await eventually(() => expect(goOn).toBeDefined());
  // Again and again it turns after that, so a probe that comes as late as Kubernetes' patience lasts finds it alive.
  for (const _ of [1, 2, 3]) {
    const now = performance.now();
    await eventually(() => expect(hanging(now + HANGS_MS + 1)).toEqual([]), { withinMs: 10_000 });
  }
  goOn?.();
});

test('a record replayed after mending is handled once, by the consumer that parked it alone, and is parked no longer', async () => {
  const handled: string[] = [];
  let mended = false;
  await handling((key) => {
    if (!mended) return park('bad-record', 'Mend it.');
    handled.push(key);
    return done;
  });
  const [key, before] = [await begin(), await streamed()];
  const [letter] = await parked(1);
  const id = letter?.id as string;
  expect(await replayDeadLetter(operator, { id, by: 'operator:test' })).toEqual({
    ok: false,
    refusal: 'failed-again',
    words: 'Mend it.',
  });
  expect(await listDeadLetters(operator)).toEqual([letter]);
  mended = true;
  expect(await replayDeadLetter(operator, { id, by: 'operator:test' })).toEqual({ ok: true });
  expect(handled).toEqual([key]);
  expect(await listDeadLetters(operator)).toEqual([]);
  expect(await replayDeadLetter(operator, { id, by: 'operator:test' })).toMatchObject({ refusal: 'unknown' });
  expect(handled).toEqual([key]);
  expect(await streamed()).toBe(before);
});

test('a discarded record is gone; what it said is no longer in the stream', async () => {
  await handling(() => park('bad-record', 'Look at it.'));
  await begin();
  await begin();
  const [first, second] = await parked(2);
  expect(await discardDeadLetter(operator, { id: first?.id as string, by: 'operator:test' })).toEqual({ ok: true });
  expect(await listDeadLetters(operator)).toEqual([second]);
  const mark = await admin.jsm.streams.getMessage('DEAD_LETTERS', { last_by_subj: first?.id as string });
  expect(mark?.data).toHaveLength(0);
  expect(mark?.header.get('Continuo-Settled')).toBe('discard by operator:test');
});

test('one site’s letters are listed and settled for that site alone', async () => {
  await handling(() => park('bad-record', 'Look at it.'));
  const other = newId();
  await begin(other);
  const [letter] = await parked(1);
  const id = letter?.id as string;
  expect(await listDeadLetters(operator, { site })).toEqual([]);
  expect(await listDeadLetters(operator, { site: other })).toEqual([letter]);
  expect(await discardDeadLetter(operator, { id, by: 'agent:x', site })).toMatchObject({ refusal: 'unknown' });
  expect(await discardDeadLetter(operator, { id, by: 'agent:x', site: other })).toEqual({ ok: true });
});

test('while the service does not run, or the id is none, nothing happens and it is said', async () => {
  const id = `parked.crm-sync.handler-failed.${newId()}-1`;
  await expect(replayDeadLetter(operator, { id, by: 'operator:test' })).rejects.toBeInstanceOf(UnavailableError);
  const nobodys = `parked.nobody.handler-failed.${newId()}-1`;
  for (const wrong of ['', '*', 'parked.>', `parked.*.*.*`, `conversation.${site}.${newId()}`, nobodys])
    for (const settle of [replayDeadLetter, discardDeadLetter])
      expect(await settle(operator, { id: wrong, by: 'operator:test' })).toMatchObject({ refusal: 'unknown' });
  expect(await listDeadLetters(operator, { consumer: 'nobody' })).toEqual([]);
  expect(await listDeadLetters(operator, { consumer: '*' })).toEqual([]);
});
