// The data of an older release under this one. `older-release` is a backup that the release of 2026-11-27 made of three dialogues in a test, with its keys and what was
// said: one closed and rated, one that went on by mail, one still open. `older-release-with-files` is what `npm run upgrade -- 331a51a --keep FOLDER` left of the release of that day: visits, a
// dialogue with a file, one still open, a message while nobody was there, and a CRM that was told by webhook. Both stay as they are; a release whose data differ gets a folder of its own beside them.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type StreamLine, streams } from '@continuo/contracts';
import { SERVICES } from '@continuo/servers';
import { eventually, startWorld, type TestAgent, testAgent, type World } from '@continuo/testing';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mongo } from 'mongoose';
import { rebuildViews } from '../../services/conversation/src/views/rebuild.ts';
import { linksFor, PNG } from '../../services/gateway/test/uploads.ts';
import { filledInOlderReleases, OLDER_RELEASES, PASSING } from '../upgrade/collections.ts';
import { differences, type Held } from '../upgrade/differences.ts';
import { held, type Parts, passing } from '../upgrade/held.ts';
import { readManifest } from './manifest.ts';
import { restoreBackup } from './restore.ts';

interface Facts {
  employee: { email: string; password: string };
  said: Record<string, string[]>;
}
const [OLDER, WITH_FILES] = OLDER_RELEASES as [string, string];
const factsOf = async (folder: string): Promise<Facts> =>
  JSON.parse(await readFile(join(folder, 'facts.json'), 'utf8'));
const CUSTOMER = 'max@example.com';
let world: World;
let agent: TestAgent;
let facts: Facts;
let restored: Held['streams'];

const parts = (): Parts => ({
  bus: world.admin,
  store: {
    connection: world.database,
    available: () => true,
    answers: async () => true,
    [Symbol.asyncDispose]: async () => {},
  },
});
const documents = (name: string) =>
  world.database
    .collection(name)
    .find()
    .sort({ _id: 1 as never })
    .toArray();

/** Each document as it was backed up, before a restore brings it to the shape of this release. */
async function backedUp(folder: string): Promise<Held['documents']> {
  const { collections } = await readManifest(folder);
  const read = collections.map(async ({ name, file }) => {
    const found: Record<string, unknown>[] = [];
    const bytes = await readFile(join(folder, file));
    for (let at = 0; at < bytes.length; at += bytes.readInt32LE(at))
      found.push(JSON.parse(JSON.stringify(mongo.BSON.deserialize(bytes.subarray(at, at + bytes.readInt32LE(at))))));
    return [name, Object.fromEntries(found.map((one) => [JSON.stringify(one['_id']), one]))] as const;
  });
  return Object.fromEntries(await Promise.all(read));
}

async function startOn(folder: string): Promise<void> {
  facts = await factsOf(folder);
  world = await startWorld({ services: { gateway: 0 }, secretsOf: { dir: folder } });
  await restoreBackup(parts(), folder);
  restored = (await held(parts())).streams;
  for (const name of SERVICES) await world.start(name);
  agent = await testAgent({ gateways: world.gateways, ...facts.employee });
}
async function end(): Promise<void> {
  await agent?.[Symbol.asyncDispose]();
  await world?.[Symbol.asyncDispose]();
}

async function collectionsAreTried(): Promise<void> {
  const opened = (await world.database.db?.listCollections().toArray())?.map(({ name }) => name) ?? [];
  expect(opened).toEqual(expect.arrayContaining(['agents', 'crm_links', 'conversation_events']));
  const tried = [...(await filledInOlderReleases()), ...PASSING];
  expect(opened.filter((name) => !tried.includes(name))).toEqual([]);
}
async function standsAsSaid(): Promise<void> {
  for (const [conversation, said] of Object.entries(facts.said)) {
    agent.open(conversation);
    await eventually(() => expect(agent.messages(conversation).map(({ text }) => text)).toEqual(said));
  }
}

async function viewsAreOurs(): Promise<void> {
  const views = async () => ({
    conversations: await documents('conversations'),
    events: (await documents('conversation_events')).length,
  });
  const kept = await views();
  expect(kept.conversations.map(({ _id }) => String(_id))).toEqual(Object.keys(facts.said).sort());
  await rebuildViews(world.admin, parts().store);
  expect(await views()).toEqual(kept);
}

describe('dialogues of the first releases', () => {
  beforeAll(() => startOn(OLDER), 240_000);
  afterAll(end, 240_000);

  test('every collection that is there once this release runs is tried with data of an older one', collectionsAreTried);

  test('an employee logs in with the password that he had, and every dialogue stands as it was said', standsAsSaid);

  test('the views are those that this release would write', viewsAreOurs);

  test('a dialogue goes on by mail in the thread that it had, and nothing is sent or written again', async () => {
    const [conversation] = Object.entries(facts.said).find(([, said]) => said.includes('Ja, zweimal im Jahr.')) ?? [];
    const [sent] = (await documents('mails')).map(({ messageId }) => messageId as string);
    await agent.goOnline();
    await agent.reply(conversation as string, 'Und ein Tuch.');
    await world.mail.waitFor(() => world.mail.mails().length > 0, 50_000);
    const [mail] = world.mail.mails();
    expect(mail?.envelope.to).toEqual([CUSTOMER]);
    expect(mail?.references).toContain(sent);
    expect(mail?.text).toContain('Und ein Tuch.');
    expect(world.mail.mails()).toHaveLength(1);
  });
});

describe('visits, files and what the CRM was told', () => {
  beforeAll(() => startOn(WITH_FILES), 240_000);
  afterAll(end, 240_000);

  test('every collection that is there once this release runs is tried with data of an older one', collectionsAreTried);

  test('an employee logs in with the password that he had, and every dialogue stands as it was said', standsAsSaid);

  test('a file that was sent is opened, byte by byte as it was', async () => {
    const [gateway] = world.gateways() as [string];
    const [file] = Object.keys(facts.said).flatMap((conversation) =>
      agent.messages(conversation).flatMap(({ files }) => files ?? []),
    );
    const links = await linksFor(gateway, agent, file?.id as string);
    expect(links).toMatchObject({ save: expect.any(String) });
    const answer = await fetch(new URL((links as { save: string }).save, gateway));
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(PNG);
  });

  test('the views are those that this release would write', viewsAreOurs);

  test('streams, views, links, journal, files and visits hold what they held, and nothing is sent or set aside', async () => {
    const before = await backedUp(WITH_FILES);
    const open = Object.values(before['conversations'] ?? {}).filter(({ status }) => status !== 'closed');
    expect(open).toHaveLength(2);
    // The folder grows old: some streams let go of what is old, and an open dialogue goes on by itself, by all timers that have become due.
    const settled = ({ streams: all, documents: of }: Held): Held => ({
      streams: Object.fromEntries(
        Object.entries(all).filter(([name]) => !(streams as Record<string, StreamLine>)[name]?.maxAge),
      ),
      documents: Object.fromEntries(
        Object.entries(of).map(([name, all]) => {
          const stays = (one: object) => !open.some(({ _id }) => JSON.stringify(one).includes(String(_id)));
          return [name, Object.fromEntries(Object.entries(all).filter(([, one]) => stays(one)))];
        }),
      ),
    });
    const then = settled({ streams: restored, documents: before });
    const now = settled(await held(parts()));
    // Who logs in ends his sessions of before that are over.
    expect(differences(then, now, [...(await passing(parts())), 'sessions'])).toEqual([]);
    for (const name of ['crm_deliveries', 'visitors', 'files', 'file_bytes.files', 'file_bytes.chunks']) {
      expect(Object.keys(then.documents[name] ?? {})).not.toEqual([]);
      expect(now.documents[name]).toMatchObject(then.documents[name] ?? {});
    }
    expect(world.mail.mails()).toEqual([]);
  });
});
