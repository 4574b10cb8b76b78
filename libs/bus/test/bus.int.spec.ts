// The bus on a real nats-server, with the identities and permissions that services have.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { leaseKey, newId, type Stored } from '@continuo/contracts';
import { startNats } from '@continuo/servers';
import { eventually, hangUp } from '@continuo/testing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  append,
  type Bus,
  ConflictError,
  cancel,
  connectBus,
  consume,
  consumeTimers,
  done,
  lastOf,
  live,
  load,
  newEvent,
  openSettings,
  park,
  permissionsOf,
  provision,
  putSite,
  renewLease,
  request,
  retry,
  schedule,
  serve,
  UnavailableError,
  watchLeases,
} from '../src/index.ts';

/** The client by itself takes more than a minute. */
const soon = { withinMs: 60_000 };
const site = newId();
const visitor = { kind: 'visitor', id: newId() } as const;
const author = { kind: 'visitor', id: visitor.id } as const;
let dir: string;
let server: Awaited<ReturnType<typeof startNats>>;
let admin: Bus;
const open: AsyncDisposable[] = [];

async function as(user: 'conversation' | 'gateway' | 'crm-sync' | 'email-fallback'): Promise<Bus> {
  const bus = await connectBus({ name: user, url: server.url, user, password: user });
  open.push(bus);
  return bus;
}

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'continuo-bus-'));
  const services = ['conversation', 'gateway', 'crm-sync', 'email-fallback'] as const;
  server = await startNats({
    dir,
    users: [
      { user: 'admin', password: 'admin' },
      ...services.map((user) => ({ user, password: user, permissions: permissionsOf(user) })),
    ],
  });
  admin = await connectBus({ name: 'admin', url: server.url, user: 'admin', password: 'admin' });
  await provision(admin);
  await provision(admin);
});
afterAll(async () => {
  for (const one of open.reverse()) await one[Symbol.asyncDispose]();
  await admin[Symbol.asyncDispose]();
  await server.stop();
  await rm(dir, { recursive: true, force: true });
});

const started = (key: string, number = 1) =>
  newEvent('conversation-started', {
    site,
    key,
    number,
    actor: visitor,
    cause: newId(),
    data: { visitor: visitor.id, author, text: 'Добрый день 👋', language: 'ru', channel: 'chat' },
  });
const said = (key: string, number: number, text: string) =>
  newEvent('message-sent', {
    site,
    key,
    number,
    actor: visitor,
    cause: newId(),
    data: { author, text, channel: 'chat' },
  });

test('provision brings a consumer of an earlier version up to date, and leaves it where it stands', async () => {
  await admin.jsm.consumers.update('CONVERSATION', 'email-fallback', { max_ack_pending: 7, description: 'as it was' });
  const before = await admin.jsm.consumers.info('CONVERSATION', 'email-fallback');
  await provision(admin);
  const after = await admin.jsm.consumers.info('CONVERSATION', 'email-fallback');
  expect(after.config.max_ack_pending).toBe(1_000);
  expect([after.created, after.ack_floor]).toEqual([before.created, before.ack_floor]);
});

test('an event comes back as it was stored, with its sequence', async () => {
  const bus = await as('conversation');
  const key = newId();
  const event = started(key);
  const { seq } = await append(bus, event, 0);
  expect((await load(bus, 'CONVERSATION', site, key)).events).toEqual([{ ...event, seq }]);
  expect(await lastOf(bus, 'CONVERSATION', site, key)).toEqual({ seq, number: 1 });
});

test('a stale append is refused as a conflict and stores nothing', async () => {
  const bus = await as('conversation');
  const key = newId();
  const { seq } = await append(bus, started(key), 0);
  await append(bus, said(key, 2, 'eins'), seq);
  await expect(append(bus, said(key, 2, 'zwei'), seq)).rejects.toBeInstanceOf(ConflictError);
  await expect(append(bus, started(key), 0)).rejects.toBeInstanceOf(ConflictError);
  expect((await load(bus, 'CONVERSATION', site, key)).events).toHaveLength(2);
});

test('more events than a page holds are loaded whole and in order', async () => {
  const bus = await as('conversation');
  const key = newId();
  let { seq } = await append(bus, started(key), 0);
  for (let number = 2; number <= 620; number++) ({ seq } = await append(bus, said(key, number, `${number}`), seq));
  const { events, lastSeq } = await load(bus, 'CONVERSATION', site, key);
  expect(events.map(({ number }) => number)).toEqual(Array.from({ length: 620 }, (_, i) => i + 1));
  expect(lastSeq).toBe(seq);
  expect((await load(bus, 'CONVERSATION', site, key, lastSeq)).events).toEqual([]);
  expect((await load(bus, 'CONVERSATION', site, newId())).events).toEqual([]);
});

test('nobody but the owner may write into a conversation', async () => {
  const bus = await as('gateway');
  await expect(append(bus, started(newId()), 0)).rejects.toThrow();
});

test('a handler’s outcomes: done once, retried until it works, parked with its reason', async () => {
  const bus = await as('email-fallback');
  const writer = await as('conversation');
  const [good, shaky, bad] = [newId(), newId(), newId()];
  const seen: string[] = [];
  const handle = async (event: Stored): Promise<ReturnType<typeof retry>> => {
    if (![good, shaky, bad].includes(event.key as never)) return done;
    seen.push(event.key);
    if (event.key === bad) return park('bad-record', 'Look at the record.');
    return event.key === shaky && seen.filter((key) => key === shaky).length < 3 ? retry(10) : done;
  };
  const handlers = {
    'conversation-started': handle,
    'message-sent': handle,
    'offline-message-left': handle,
    'messages-read': handle,
    'contact-identified': handle,
  };
  open.push(await consume(bus, 'email-fallback', handlers as never));
  for (const key of [good, shaky, bad]) await append(writer, started(key), 0);
  await eventually(async () => expect((await admin.jsm.streams.info('DEAD_LETTERS')).state.messages).toBe(1));
  await eventually(() => expect(seen.filter((key) => key === shaky)).toHaveLength(3));
  await eventually(async () =>
    expect((await admin.jsm.consumers.info('CONVERSATION', 'email-fallback')).num_ack_pending).toBe(0),
  );
  expect(seen.filter((key) => key === good)).toHaveLength(1);
  expect(seen.filter((key) => key === bad)).toHaveLength(1);
});

test('a timer fires once; the first one wins its window; after it fired a new window opens; a cancelled one never fires', async () => {
  const bus = await as('crm-sync');
  const fired: string[] = [];
  open.push(
    await consumeTimers(bus, 'crm-sync-timers', {
      'sync-due': async ({ conversation }) => {
        fired.push(conversation);
        return done;
      },
      'resync-due': async () => done,
    }),
  );
  const [one, two] = [newId(), newId()];
  // Longer than a busy machine takes for what has to be said before; the cancelled one would have fired by the time of the last look.
  const soon = Date.now() + 3_000;
  expect(await schedule(bus, 'sync-due', `${site}-${two}`, soon + 1_000, { site, conversation: two })).toBe(true);
  await cancel(bus, 'sync-due', `${site}-${two}`);
  expect(
    await schedule(bus, 'sync-due', `${site}-${one}`, soon, { site, conversation: one }, { firstWins: true }),
  ).toBe(true);
  expect(
    await schedule(bus, 'sync-due', `${site}-${one}`, soon + 60_000, { site, conversation: one }, { firstWins: true }),
  ).toBe(false);
  await eventually(() => expect(fired).toEqual([one]));
  await eventually(async () =>
    expect(
      await schedule(
        bus,
        'sync-due',
        `${site}-${one}`,
        Date.now() + 1500,
        { site, conversation: one },
        { firstWins: true },
      ),
    ).toBe(true),
  );
  await eventually(() => expect(fired).toEqual([one, one]));
});

test('a command is answered by its owner; bad data is refused in words; without an owner the outcome is unknown', async () => {
  const bus = await as('conversation');
  const gateway = await as('gateway');
  const envelope = { id: newId(), site, actor: visitor };
  const conversation = newId();
  await expect(request(gateway, 'close', envelope, { conversation, reason: 'left' })).rejects.toBeInstanceOf(
    UnavailableError,
  );
  open.push(
    await serve(bus, 'conversation', {
      commands: { close: async () => ({ ok: true, conversation, number: 7, seq: 9 }) },
    }),
  );
  expect(await request(gateway, 'close', envelope, { conversation, reason: 'left' })).toEqual({
    ok: true,
    conversation,
    number: 7,
    seq: 9,
  });
  expect(await request(gateway, 'close', envelope, { conversation, reason: 'bored' as never })).toMatchObject({
    ok: false,
    refusal: 'invalid',
    words: expect.stringContaining('reason'),
  });
});

test('a service that stops answers what it has in hand before it is gone', async () => {
  const gateway = await as('gateway');
  const [asked, decided] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const serving = await serve(await as('crm-sync'), 'crm-sync', {
    commands: {
      'retry-crm-writes': async () => {
        asked.resolve();
        await decided.promise;
        return { ok: true, scheduled: 1 };
      },
    },
  });
  const envelope = { id: newId(), site, actor: { kind: 'agent', id: newId() } } as const;
  const answer = request(gateway, 'retry-crm-writes', envelope, { conversation: newId() });
  await asked.promise;
  let gone = false;
  const stopped = serving[Symbol.asyncDispose]().then(() => {
    gone = true;
  });
  await expect(
    request(gateway, 'retry-crm-writes', envelope, { conversation: newId() }, { timeoutMs: 500 }),
  ).rejects.toBeInstanceOf(UnavailableError);
  expect(gone).toBe(false);
  decided.resolve();
  expect(await answer).toMatchObject({ ok: true });
  await stopped;
});

test('a consumer that stops while messages stream in leaves none of them in hand', async () => {
  const bus = await as('email-fallback');
  const writer = await as('conversation');
  let writing = true;
  const written = (async () => {
    while (writing) await Promise.all(Array.from({ length: 20 }, () => append(writer, started(newId()), 0)));
  })();
  const handled: string[] = [];
  const handle = async ({ key }: Stored) => {
    handled.push(key);
    return done;
  };
  const handlers = {
    'conversation-started': handle,
    'message-sent': handle,
    'offline-message-left': handle,
    'messages-read': handle,
    'contact-identified': handle,
  };
  try {
    for (let round = 0; round < 5; round++) {
      const before = handled.length;
      const consuming = await consume(bus, 'email-fallback', handlers as never);
      await eventually(() => expect(handled.length).toBeGreaterThan(before + 20));
      await consuming[Symbol.asyncDispose]();
      // The server takes acknowledgements in a queue of its own; what nobody acknowledged stays in hand for 30 s.
      await eventually(async () =>
        expect((await admin.jsm.consumers.info('CONVERSATION', 'email-fallback')).num_ack_pending).toBe(0),
      );
    }
  } finally {
    writing = false;
    await written;
  }
});

test('a service that stops at the moment its server hangs up ends as it should, though it still has something to say', async () => {
  const bus = await as('conversation');
  // The client lets an error of its socket fall where it closes in the turn in which it wrote: a process that nobody watches over ends of it.
  let left: PromiseLike<void> | undefined;
  await hangUp(bus.nc, () => {
    bus.nc.publish('s.anything', 'still something to say');
    left = bus[Symbol.asyncDispose]();
  });
  await left;
  expect(bus.nc.isClosed()).toBe(true);
});

test('a gateway sees each event once and in order, from now on', async () => {
  const writer = await as('conversation');
  const gateway = await as('gateway');
  const key = newId();
  let { seq } = await append(writer, started(key), 0);
  const seen: number[] = [];
  open.push(
    await live(gateway, 'CONVERSATION', { from: 'new', wants: (_site, id) => id === key }, (event) =>
      seen.push(event.number),
    ),
  );
  for (let number = 2; number <= 20; number++) ({ seq } = await append(writer, said(key, number, `${number}`), seq));
  await eventually(() => expect(seen).toEqual(Array.from({ length: 19 }, (_, i) => i + 2)));
});

const settings = (id: string) => ({
  id,
  name: 'Nordhem',
  origins: ['http://127.0.0.1:1'],
  language: 'en',
  consoleUrl: 'http://127.0.0.1:1',
  typingPreview: true,
  mail: { fromAddress: 'desk@nordhem.example', answerDelaySeconds: 60 },
  crm: { windowSeconds: 4 },
});

test('settings reach every service, those stored before and after it started', async () => {
  const writer = await as('conversation');
  const before = newId();
  const after = newId();
  await putSite(writer, settings(before));
  const reader = await openSettings(await as('crm-sync'));
  open.push(reader);
  expect(reader.site(before)?.name).toBe('Nordhem');
  await putSite(writer, settings(after));
  await eventually(() => expect(reader.site(after)).toBeDefined());
});

test('an agent whose lease ended while nobody could be told is gone at the next reading, and who renews meanwhile stays', async () => {
  const [gateway, conversation] = [await as('gateway'), await as('conversation')];
  const [gone, here] = [newId(), newId()];
  const [lost, kept] = [newId(), newId()];
  renewLease(gateway, site, gone, lost, 60);
  renewLease(gateway, site, here, kept, 60);
  const told: string[] = [];
  await using leases = await watchLeases(conversation, (_, agent) => told.push(agent));
  await eventually(() => expect([gone, here].map((agent) => leases.isPresent(site, agent))).toEqual([true, true]));
  // As when the mark of the end has gone, too, before the line is back.
  const filter = `$KV.presence.${leaseKey(site, gone, lost)}`;
  await admin.jsm.streams.purge('KV_presence', { filter });
  expect(leases.isPresent(site, gone)).toBe(true);
  await leases.reread();
  expect([gone, here].map((agent) => leases.isPresent(site, agent))).toEqual([false, true]);
  expect(told).toEqual([gone]);
  await admin.jsm.streams.purge('KV_presence', { filter: `$KV.presence.${leaseKey(site, here, kept)}` });
  await leases.reread();
  expect(told).toEqual([gone, here]);
});

test('settings and leases are followed on when the server has lost their place, with what came and went meanwhile', async () => {
  const [gateway, conversation] = [await as('gateway'), await as('conversation')];
  const [gone, comes] = [newId(), newId()];
  const [lost, changed, added] = [newId(), newId(), newId()];
  await putSite(conversation, settings(changed));
  renewLease(gateway, site, gone, lost, 60);
  const told: string[] = [];
  await using leases = await watchLeases(conversation, (_, agent) => told.push(agent));
  await using reader = await openSettings(conversation);
  await eventually(() => expect(leases.isPresent(site, gone)).toBe(true));
  expect(reader.site(changed)?.name).toBe('Nordhem');
  for (const stream of ['KV_settings', 'KV_presence'])
    for await (const { name } of admin.jsm.consumers.list(stream)) await admin.jsm.consumers.delete(stream, name);
  // Not even the mark of its end is left.
  await admin.jsm.streams.purge('KV_presence', { filter: `$KV.presence.${leaseKey(site, gone, lost)}` });
  renewLease(gateway, site, comes, newId(), 60);
  await putSite(conversation, { ...settings(changed), name: 'Sydhem' });
  await putSite(conversation, settings(added));
  await eventually(() => {
    expect(reader.site(changed)?.name).toBe('Sydhem');
    expect(reader.site(added)).toBeDefined();
    expect(leases.isPresent(site, comes)).toBe(true);
    expect(told).toEqual([gone]);
  }, soon);
});
