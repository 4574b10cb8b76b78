// The data of an older release under this one. `older-release` is a backup that the release of 2026-11-27 made of three dialogues in a test, with its keys and what was
// said: one closed and rated, one that went on by mail, one still open. It stays as it is; a release whose data differ gets a folder of its own beside it.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SERVICES } from '@continuo/servers';
import type { Store } from '@continuo/store';
import { eventually, startWorld, type TestAgent, testAgent, type World } from '@continuo/testing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { rebuildViews } from '../../services/conversation/src/views/rebuild.ts';
import { FROM_STORY, PASSING } from '../upgrade/collections.ts';
import { readManifest } from './manifest.ts';
import { restoreBackup } from './restore.ts';

const OLDER = fileURLToPath(new URL('older-release', import.meta.url));
const facts: {
  employee: { email: string; password: string };
  said: Record<string, string[]>;
} = JSON.parse(await readFile(join(OLDER, 'facts.json'), 'utf8'));
const CUSTOMER = 'max@example.com';
let world: World;
let agent: TestAgent;

const store = (): Store => ({
  connection: world.database,
  available: () => true,
  answers: async () => true,
  [Symbol.asyncDispose]: async () => {},
});
const documents = (name: string) =>
  world.database
    .collection(name)
    .find()
    .sort({ _id: 1 as never })
    .toArray();

beforeAll(async () => {
  world = await startWorld({ services: { gateway: 0 }, secretsOf: { dir: OLDER } });
  await restoreBackup({ bus: world.admin, store: store() }, OLDER);
  for (const name of SERVICES) await world.start(name);
  agent = await testAgent({ gateways: world.gateways, ...facts.employee });
}, 240_000);
afterAll(async () => {
  await agent?.[Symbol.asyncDispose]();
  await world?.[Symbol.asyncDispose]();
}, 240_000);

test('every collection that is there once this release runs is tried with data of an older one, here or by `npm run upgrade`', async () => {
  const { collections } = await readManifest(OLDER);
  const filled = collections.filter(({ documents: number }) => number > 0).map(({ name }) => name);
  const opened = (await world.database.db?.listCollections().toArray())?.map(({ name }) => name) ?? [];
  expect(opened).toEqual(expect.arrayContaining(['agents', 'crm_links', 'conversation_events']));
  expect(opened.filter((name) => ![...filled, ...FROM_STORY, ...PASSING].includes(name))).toEqual([]);
});

test('an employee logs in with the password that he had, and every dialogue stands as it was said', async () => {
  for (const [conversation, said] of Object.entries(facts.said)) {
    agent.open(conversation);
    await eventually(() => expect(agent.messages(conversation).map(({ text }) => text)).toEqual(said));
  }
});

test('the views are those that this release would write', async () => {
  const views = async () => ({
    conversations: await documents('conversations'),
    events: (await documents('conversation_events')).length,
  });
  const kept = await views();
  expect(kept.conversations.map(({ _id }) => String(_id))).toEqual(Object.keys(facts.said).sort());
  await rebuildViews(world.admin, store());
  expect(await views()).toEqual(kept);
});

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
