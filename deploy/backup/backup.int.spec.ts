// A copy of a running installation, restored onto empty servers: every message, view, link and journal row is there, and the dialogues go on.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { load } from '@continuo/bus';
import { eventually, startWorld, type TestAgent, testAgent, type World } from '@continuo/testing';
import { fold } from '@continuo/transcript';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Db } from 'mongodb';
import { documentsOf, messagesOf } from './compare.ts';
import { createBackup, keptStreams } from './create.ts';
import { restoreBackup } from './restore.ts';

let from: World;
let to: World;
let folder: string;
const backupOf = (name: string): string => join(folder, name);
const installation = ({ admin: bus, database: connection }: World) => ({ bus, store: { connection } });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'continuo-backup-'));
  from = await startWorld({
    crm: true,
    agents: 1,
    services: { gateway: 1, conversation: 1, 'crm-sync': 1, 'visitor-tracking': 1 },
  });
  // Servers of its own; the keys of an installation are kept apart from its backups.
  to = await startWorld({ services: { gateway: 0 }, secretsOf: from });
}, 240_000);
afterAll(async () => {
  await to?.[Symbol.asyncDispose]();
  await from?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
}, 240_000);

const databaseOf = ({ database }: World): Db => database.db as unknown as Db;
const crmHolds = async (conversation: string): Promise<string[]> =>
  (await from.database.collection('crm_links').find({ conversation }).toArray()).map(({ state }) => state as string);

test('a running installation is copied and restored whole, and its dialogues go on', async () => {
  const agent = await from.agent();
  await agent.goOnline();
  const visitor = from.visitor();
  await visitor.say('Is the oak desk in stock?');
  const conversation = visitor.conversation() as string;
  await eventually(() => expect(agent.mine()).toContain(conversation));
  await agent.reply(conversation, 'Four of them.');
  await eventually(async () => expect(await crmHolds(conversation)).toEqual(['pushed']));
  let writing = true;
  const writer = (async () => {
    for (let line = 1; writing; line++) await visitor.say(`And of line ${line}?`);
  })();
  await createBackup(installation(from), backupOf('whole'));
  writing = false;
  await writer;

  const restored = await restoreBackup(installation(to), backupOf('whole'));
  expect(restored.streams.map(({ name }) => name)).toEqual(keptStreams());
  for (const { name, state } of restored.streams) {
    // After that the restored timers fire by themselves.
    const upTo = Number(state['last_seq']);
    expect([name, await messagesOf(to.admin, name, upTo)]).toEqual([name, await messagesOf(from.admin, name, upTo)]);
  }
  const indexes = async (world: World, name: string) =>
    (await databaseOf(world).collection(name).indexes()).map(({ key, unique }) => ({ key, unique }));
  for (const { name, documents } of restored.collections) {
    expect([name, (await documentsOf(to.database))[name]?.length]).toEqual([name, documents]);
    expect(await indexes(to, name)).toEqual(await indexes(from, name));
  }

  const services = ['conversation', 'crm-sync', 'visitor-tracking', 'gateway'] as const;
  for (const name of services) await to.start(name);
  const [employee] = from.employees;
  await using resumed: TestAgent = await testAgent({
    gateways: to.gateways,
    email: employee?.email as string,
    password: employee?.password as string,
  });
  resumed.open(conversation);
  // The view has caught up with the stream, and the console shows the same.
  const said = await eventually(async () => {
    const { events } = await load(to.admin, 'CONVERSATION', from.site.id, conversation);
    const number = fold(events)?.number as number;
    const view = await to.database.collection('conversations').findOne({ _id: conversation as never });
    expect([view?.['number'], resumed.transcript(conversation)?.number]).toEqual([number, number]);
    return number;
  });
  await resumed.goOnline();
  await resumed.reply(conversation, 'They come on Friday.');
  await eventually(async () => {
    const [link] = await to.database.collection('crm_links').find({ conversation }).toArray();
    expect(link).toMatchObject({ state: 'pushed' });
    expect(link?.['writtenUpTo']).toBeGreaterThan(said);
  });
}, 240_000);

test('servers that hold data are left alone, and so is a folder that is not empty', async () => {
  await expect(createBackup(installation(from), backupOf('whole'))).rejects.toThrow(/is not empty/);
  const before = (await from.admin.jsm.streams.info('CONVERSATION')).state.last_seq;
  await from.database.createCollection('nothing_yet');
  await expect(restoreBackup(installation(from), backupOf('whole'))).rejects.toThrow(
    /hold data already: stream CONVERSATION/,
  );
  expect((await from.admin.jsm.streams.info('CONVERSATION')).state.last_seq).toBe(before);
  expect(Object.keys(await documentsOf(from.database))).toContain('nothing_yet');
});

test('a backup that broke off, or was changed since, is refused in words before anything is touched', async () => {
  await expect(restoreBackup(installation(to), backupOf('none'))).rejects.toThrow(/holds no backup/);
  const file = join(backupOf('whole'), 'CONVERSATION.stream');
  const bytes = await readFile(file);
  await writeFile(file, bytes.subarray(0, bytes.length - 1));
  await expect(restoreBackup(installation(to), backupOf('whole'))).rejects.toThrow(
    'The backup is damaged: CONVERSATION.stream is not as it was written. Nothing was restored.',
  );
});
