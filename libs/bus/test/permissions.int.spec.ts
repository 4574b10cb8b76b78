// Every identity publishes on every subject that the catalogue knows and on what an intruder would try; a listener who may hear everything says what
// the server let through. What is allowed is written down here a second time, from ownership alone.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buckets, commands, consumers, events, newId, queries, signals, streams, timers } from '@continuo/contracts';
import { startNats } from '@continuo/servers';
import { eventually } from '@continuo/testing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Bus, connectBus, IDENTITIES, type Identity, permissionsOf, provision, serve } from '../src/index.ts';

const [site, key] = [newId(), newId()];
let dir: string;
let server: Awaited<ReturnType<typeof startNats>>;
let admin: Bus;
const heard = new Set<string>();
const buses = new Map<Identity, Bus>();
const as = (identity: Identity): Bus => buses.get(identity) as Bus;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'continuo-permissions-'));
  server = await startNats({
    dir,
    users: [
      { user: 'admin', password: 'admin' },
      ...IDENTITIES.map((user) => ({ user, password: user, permissions: permissionsOf(user) })),
    ],
  });
  admin = await connectBus({ name: 'admin', url: server.url, user: 'admin', password: 'admin' });
  await provision(admin);
  for (const identity of IDENTITIES)
    buses.set(identity, await connectBus({ name: identity, url: server.url, user: identity, password: identity }));
  admin.nc.subscribe('>', { callback: (_error, { subject }) => void heard.add(subject) });
  await admin.nc.flush();
});
afterAll(async () => {
  for (const bus of buses.values()) await bus[Symbol.asyncDispose]();
  await admin?.[Symbol.asyncDispose]();
  await server?.stop();
  await rm(dir, { recursive: true, force: true });
});

/** Which of these subjects the server lets this identity publish on. */
async function published(identity: Identity, subjects: readonly string[]): Promise<string[]> {
  heard.clear();
  for (const subject of subjects) as(identity).nc.publish(subject, '');
  await as(identity).nc.flush();
  await admin.nc.flush();
  return subjects.filter((subject) => heard.has(subject));
}

interface Candidate {
  subject: string;
  by: (identity: Identity) => boolean;
}
const nobody = () => false;
const only = (...names: readonly string[]) => ((identity) => names.includes(identity)) satisfies Candidate['by'];

/** Facts, requests, hints and answers: everything that services say. */
const SAID: Candidate[] = [
  ...Object.entries(streams)
    .filter(([name]) => name !== 'TIMERS' && name !== 'DEAD_LETTERS')
    .map(([name, { subjects }]) => ({
      subject: subjects[0].replace('*', site).replace('*', key),
      by: only(...Object.values(events).flatMap(({ stream, owner }) => (stream === name ? [owner] : []))),
    })),
  ...Object.entries(commands).map(([name, { owner, sentBy }]) => ({
    subject: `command.${owner}.${name}`,
    by: only(...sentBy),
  })),
  ...Object.entries(queries).map(([name, { owner, askedBy }]) => ({
    subject: `query.${owner}.${name}`,
    by: only(...askedBy),
  })),
  ...Object.keys(signals).map((name) => ({ subject: `signal.${name}.${site}.${key}`, by: only('gateway') })),
  ...Object.keys(consumers).flatMap((name) =>
    ['replay', 'discard', 'another'].map((verb) => ({
      subject: `dead-letter.${verb}.${name}`,
      by: verb === 'another' ? nobody : only('gateway', 'operator'),
    })),
  ),
  ...Object.keys(consumers).map((name) => ({
    subject: `parked.${name}.a-reason.${key}`,
    by: only(consumers[name as keyof typeof consumers].service),
  })),
  ...Object.entries(timers).flatMap(([name, { owner }]) => [
    { subject: `timer.set.${owner}.${name}.${key}`, by: only(owner) },
    { subject: `timer.cancel.${owner}.${name}.${key}`, by: only(owner) },
    { subject: `timer.due.${owner}.${name}.${key}`, by: nobody },
    ...IDENTITIES.map((other) => ({ subject: `timer.set.${other}.another-${name}.${key}`, by: nobody })),
  ]),
  ...Object.entries(buckets).map(([bucket, { owner }]) => ({ subject: `$KV.${bucket}.some.key`, by: only(owner) })),
];

/** Who shows a stream as it grows makes a consumer for it; who folds it reads it by sequence. */
const FOLLOWERS: Record<string, readonly string[]> = {
  ...Object.fromEntries(['CONVERSATION', 'DESK', 'TRACKING', 'CRM', 'MAIL'].map((stream) => [stream, ['gateway']])),
  ...Object.fromEntries(
    Object.entries(buckets).map(([bucket, { readBy }]) => [`KV_${bucket}`, readBy === 'all' ? IDENTITIES : readBy]),
  ),
};
/** Who follows a stream is told what it holds, and so is who measures how full it is. */
const INFORMED: Record<string, readonly string[]> = { ...FOLLOWERS, DEAD_LETTERS: ['gateway'] };
const LOADERS: Record<string, readonly string[]> = {
  CONVERSATION: ['conversation', 'crm-sync', 'email-fallback'],
  DESK: ['conversation'],
  DEAD_LETTERS: ['gateway', 'operator'],
};
const STREAMS = [...Object.keys(streams), ...Object.keys(buckets).map((bucket) => `KV_${bucket}`)];

/** What would change, empty or remove a stream or a durable consumer, for every one that there is. */
const JETSTREAM: Candidate[] = [
  ...STREAMS.flatMap((stream) => [
    ...[
      'CREATE',
      'UPDATE',
      'DELETE',
      'PURGE',
      'MSG.DELETE',
      'SNAPSHOT',
      'RESTORE',
      'LEADER.STEPDOWN',
      'PEER.REMOVE',
    ].map((verb) => ({ subject: `$JS.API.STREAM.${verb}.${stream}`, by: nobody })),
    { subject: `$JS.API.CONSUMER.DURABLE.CREATE.${stream}.mine`, by: nobody },
    { subject: `$JS.API.CONSUMER.CREATE.${stream}`, by: nobody },
    { subject: `$JS.API.CONSUMER.LIST.${stream}`, by: nobody },
    { subject: `$JS.API.STREAM.INFO.${stream}`, by: only(...(INFORMED[stream] ?? [])) },
    { subject: `$JS.API.STREAM.MSG.GET.${stream}`, by: only(...(LOADERS[stream] ?? [])) },
    { subject: `$JS.API.DIRECT.GET.${stream}`, by: only(...(LOADERS[stream] ?? [])) },
    { subject: `$JS.API.CONSUMER.CREATE.${stream}.mine`, by: only(...(FOLLOWERS[stream] ?? [])) },
    {
      subject: `$JS.API.CONSUMER.CREATE.${stream}.mine.any.filter`,
      by: only(...(FOLLOWERS[stream] ?? [])),
    },
  ]),
  ...Object.entries(consumers).flatMap(([name, { stream, service }]) => [
    ...['CREATE', 'DURABLE.CREATE', 'DELETE', 'PAUSE', 'UNPIN', 'LEADER.STEPDOWN'].map((verb) => ({
      subject: `$JS.API.CONSUMER.${verb}.${stream}.${name}`,
      by: nobody,
    })),
    { subject: `$JS.API.CONSUMER.CREATE.${stream}.${name}.a.filter`, by: nobody },
    { subject: `$JS.API.CONSUMER.MSG.NEXT.${stream}.${name}`, by: only(service) },
    { subject: `$JS.ACK.${stream}.${name}.1.1.1.1.1`, by: only(service) },
    {
      subject: `$JS.API.DIRECT.GET.DEAD_LETTERS.parked.${name}.a-reason.${key}`,
      by: only(service, 'gateway', 'operator'),
    },
  ]),
  ...['INFO', 'STREAM.NAMES', 'STREAM.LIST', 'ACCOUNT.PURGE.$G', 'META.LEADER.STEPDOWN', 'SERVER.REMOVE'].map(
    (verb) => ({
      subject: `$JS.API.${verb}`,
      by: nobody,
    }),
  ),
  ...['$SYS.REQ.SERVER.PING', '$SYS.ACCOUNT.$G.CONNECT', 'anything', 'conversation', `conversation.${site}`].map(
    (subject) => ({
      subject,
      by: nobody,
    }),
  ),
];

test('each identity writes what it owns, and the server drops the rest', async () => {
  for (const identity of IDENTITIES)
    expect({
      identity,
      published: await published(
        identity,
        SAID.map(({ subject }) => subject),
      ),
    }).toEqual({
      identity,
      published: SAID.filter(({ by }) => by(identity)).map(({ subject }) => subject),
    });
});

test('nobody makes, changes, empties or removes streams and durable consumers, or reads those of others', async () => {
  const before = await standing();
  for (const identity of IDENTITIES)
    expect({
      identity,
      published: await published(
        identity,
        JETSTREAM.map(({ subject }) => subject),
      ),
    }).toEqual({
      identity,
      published: JETSTREAM.filter(({ by }) => by(identity)).map(({ subject }) => subject),
    });
  expect(await standing()).toEqual(before);
});

test('whatever a permission names can be used by its identity', async () => {
  for (const identity of IDENTITIES) {
    const { allow } = permissionsOf(identity).publish;
    const subjects = allow
      .filter((pattern) => !pattern.startsWith('$JS.API.CONSUMER.DELETE'))
      .map((pattern) => pattern.replaceAll('*', key).replace('>', key));
    expect(await published(identity, subjects)).toEqual(subjects);
  }
});

test('each identity hears what is meant for it and nothing else', async () => {
  const tried = [
    '>',
    '*',
    '*.>',
    '_INBOX.>',
    ...IDENTITIES.flatMap((one) => [`_INBOX_${one}.>`, `command.${one}.*`, `query.${one}.*`]),
    '_INBOX_admin.>',
    ...Object.values(streams).flatMap(({ subjects }) => subjects),
    ...[
      'signal.>',
      'command.>',
      'query.>',
      'dead-letter.>',
      ...Object.keys(consumers).map((name) => `dead-letter.*.${name}`),
      '$JS.>',
      '$JS.API.>',
      '$JS.ACK.>',
      '$JS.EVENT.>',
      '$KV.>',
      '$SYS.>',
      '$O.>',
    ],
  ];
  const hasQueries = new Set<string>(Object.values(queries).map(({ owner }) => owner));
  const hasCommands = new Set<string>(Object.values(commands).map(({ owner }) => owner));
  for (const identity of IDENTITIES) {
    const refused = new Set<string>();
    for (const subject of tried)
      as(identity).nc.subscribe(subject, { callback: (error) => void (error && refused.add(subject)) });
    await as(identity).nc.flush();
    await as(identity).nc.flush();
    const may = [
      `_INBOX_${identity}.>`,
      ...(hasCommands.has(identity) ? [`command.${identity}.*`] : []),
      ...(hasQueries.has(identity) ? [`query.${identity}.*`] : []),
      ...(identity === 'gateway' ? ['signal.>'] : []),
      ...Object.entries(consumers).flatMap(([name, { service }]) =>
        service === identity ? [`dead-letter.*.${name}`] : [],
      ),
    ];
    await eventually(() => expect(tried.filter((subject) => !refused.has(subject)).sort()).toEqual(may.sort()));
  }
});

test('an answer goes to the inbox of whoever asked, and nowhere else', async () => {
  await using own = await connectBus({
    name: 'conversation',
    url: server.url,
    user: 'conversation',
    password: 'conversation',
  });
  let asked = 0;
  await using _serving = await serve(own, 'conversation', {
    queries: {
      desk: async () => {
        asked += 1;
        return { ok: true, availability: 'offline', waiting: 0, agents: [] };
      },
    },
  });
  const envelope = { id: newId(), site, actor: { kind: 'agent', id: newId() } };
  const ask = JSON.stringify({ ...envelope, data: {} });
  heard.clear();
  const elsewhere = [
    `conversation.${site}.${key}`,
    `$KV.settings.site.${site}`,
    '$JS.API.STREAM.PURGE.DESK',
    // Asks nothing of the conversation service.
    '_INBOX_visitor-tracking.x',
  ];
  for (const reply of elsewhere) as('gateway').nc.publish('query.conversation.desk', ask, { reply });
  as('gateway').nc.publish('query.conversation.desk', ask);
  expect((await as('gateway').nc.request('query.conversation.desk', ask)).json()).toMatchObject({ ok: true });
  await own.nc.flush();
  await admin.nc.flush();
  expect(elsewhere.filter((subject) => heard.has(subject))).toEqual([]);
  // Only the honest question and the one that names another's inbox got as far as the handler.
  expect(asked).toBe(2);
});

/** Streams and durable consumers as they are set up, without what changes by use. */
async function standing(): Promise<unknown> {
  const found = [];
  for (const name of STREAMS) {
    const { config } = await admin.jsm.streams.info(name);
    const durables = [];
    for await (const consumer of admin.jsm.consumers.list(name))
      if (consumer.config.durable_name !== undefined) durables.push(consumer.config);
    found.push({ config, durables: durables.sort((a, b) => (a.name ?? '').localeCompare(b.name ?? '')) });
  }
  return found;
}
