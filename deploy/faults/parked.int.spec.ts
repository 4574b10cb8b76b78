// Dead letters on a running installation: listed, replayed and discarded over the gateway and on the command line, by those who may.

import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { newId } from '@continuo/contracts';
import { keptSecrets } from '@continuo/servers';
import { eventually, newCompany, startWorld, type TestAgent, type World } from '@continuo/testing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { parked } from '../parked.ts';
import { connectOperator, noteRunning, operatorSurroundings } from '../running.ts';

let world: World;
let gateway: string;
let supervisor: TestAgent;
beforeAll(async () => {
  world = await startWorld({ services: { gateway: 1, conversation: 1 }, agents: 3 });
  gateway = world.gateways()[0] as string;
  supervisor = await world.agent(2);
});
afterAll(async () => {
  await world?.[Symbol.asyncDispose]();
});

const events = () => world.database.collection<{ _id: string }>('conversation_events');

/** A conversation whose first event the views could not take: it is parked and missing in MongoDB. */
async function withLetter(): Promise<{ id: string; missing: string }> {
  const visitor = world.visitor();
  await visitor.socket.ready();
  await visitor.say('an unmistakable sentence');
  const conversation = visitor.conversation() as string;
  const missing = `${conversation}:1`;
  await eventually(async () => expect((await events().deleteOne({ _id: missing })).deletedCount).toBe(1));
  const subject = `conversation.${world.site.id}.${conversation}`;
  const stored = await world.admin.jsm.streams.getMessage('CONVERSATION', { last_by_subj: subject });
  if (!stored) throw new Error('the conversation is not there');
  const copy = stored.header;
  copy.set('Continuo-Parked-Subject', subject);
  copy.set('Continuo-Parked-Sequence', String(stored.seq));
  copy.set('Continuo-Parked-Attempts', '20');
  copy.set('Continuo-Parked-Words', 'The handler failed 20 times.');
  const id = `parked.conversation-views.handler-failed.${conversation}-${stored.seq}`;
  await world.admin.js.publish(id, stored.data, { headers: copy });
  return { id, missing };
}

const call = (path: string, { cookie = '', id }: { cookie?: string; id?: string } = {}, extra = {}) =>
  fetch(`${gateway}/api/dead-letters${path}`, {
    method: id === undefined ? 'GET' : 'POST',
    headers: { cookie, 'x-continuo': 'console', origin: gateway, 'content-type': 'application/json', ...extra },
    ...(id !== undefined && { body: JSON.stringify({ id }) }),
  });
const listed = async (): Promise<{ id: string }[]> =>
  ((await (await call('', { cookie: supervisor.cookie })).json()) as { letters: { id: string }[] }).letters;

test('a supervisor sees what was parked and why, but not what the visitor wrote; replayed, it is handled and gone', async () => {
  const { id, missing } = await withLetter();
  const answer = await call('', { cookie: supervisor.cookie });
  const text = await answer.text();
  const conversation = missing.split(':')[0];
  expect(JSON.parse(text).letters).toMatchObject([
    {
      id,
      type: 'conversation-started',
      site: world.site.id,
      conversation,
      parkedAt: expect.any(Number),
      consumer: 'conversation-views',
      reason: 'handler-failed',
      words: 'The handler failed 20 times.',
      attempts: 20,
    },
  ]);
  expect(text).not.toContain('unmistakable');
  expect((await call('/replay', { cookie: supervisor.cookie, id })).status).toBe(204);
  expect(await events().countDocuments({ _id: missing })).toBe(1);
  expect(await listed()).toEqual([]);
  expect((await call('/replay', { cookie: supervisor.cookie, id })).status).toBe(404);
});

const open = (id: string, cookie = ''): Promise<Response> => call(`/${encodeURIComponent(id)}`, { cookie });

test('what a record holds is shown on demand to a supervisor of its site, to nobody else, and it is noted who has looked', async () => {
  const { id, missing } = await withLetter();
  const agent = await world.agent(0);
  const foreign = await newCompany(world, { name: 'Südmark', roles: ['supervisor', 'admin'] });
  await using stranger = await foreign.agent('supervisor');
  await using strangersAdmin = await foreign.agent('admin');
  const refused = [];
  for (const cookie of ['', agent.cookie, stranger.cookie, strangersAdmin.cookie]) {
    const answer = await open(id, cookie);
    expect(await answer.text()).not.toContain('unmistakable');
    refused.push(answer.status);
  }
  expect(refused).toEqual([401, 403, 404, 404]);
  for (const attack of ['*', 'parked.>', 'parked.*.*.*', `parked.conversation-views.handler-failed.*`, `${id}.x`])
    expect([attack, (await open(attack, supervisor.cookie)).status]).toEqual([attack, 404]);
  expect(await world.logs()).not.toContain('A dead letter was opened.');

  const answer = await open(id, supervisor.cookie);
  expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-store']);
  const { letter, content } = (await answer.json()) as { letter: object; content: string };
  expect(letter).toMatchObject({ id, conversation: missing.split(':')[0], type: 'conversation-started' });
  expect(JSON.parse(content)).toMatchObject({ text: 'an unmistakable sentence' });
  const looked = () => world.logs().then((all) => all.split('\n').filter((line) => line.includes('was opened')));
  await eventually(async () => expect(await looked()).toHaveLength(1));
  expect(JSON.parse((await looked())[0] as string)).toMatchObject({ id, by: `agent:${world.employees[2]?.id}` });
  await call('/discard', { cookie: supervisor.cookie, id });
  expect((await open(id, supervisor.cookie)).status).toBe(404);
});

test('a discarded record is gone and was not handled', async () => {
  const { id, missing } = await withLetter();
  expect((await call('/discard', { cookie: supervisor.cookie, id })).status).toBe(204);
  expect(await listed()).toEqual([]);
  expect(await events().countDocuments({ _id: missing })).toBe(0);
});

test('nobody else may: not a stranger, an agent, another page, or for another site', async () => {
  const { id } = await withLetter();
  const agent = await world.agent(0);
  const foreign = await newCompany(world, { name: 'Südmark', roles: ['supervisor'] });
  await using stranger = await foreign.agent('supervisor');
  expect((await call('')).status).toBe(401);
  expect((await call('', { cookie: agent.cookie })).status).toBe(403);
  expect(await (await call('', { cookie: stranger.cookie })).json()).toMatchObject({ letters: [] });
  for (const verb of ['/replay', '/discard']) {
    expect((await call(verb, { id })).status).toBe(401);
    expect((await call(verb, { cookie: agent.cookie, id })).status).toBe(403);
    expect((await call(verb, { cookie: stranger.cookie, id })).status).toBe(404);
    expect((await call(verb, { cookie: supervisor.cookie, id }, { origin: 'http://evil.example' })).status).toBe(403);
    expect((await call(verb, { cookie: supervisor.cookie, id }, { 'x-continuo': '' })).status).toBe(403);
    for (const attack of [
      '*',
      'parked.>',
      `parked.conversation-views.handler-failed.${newId()}-1`,
      `parked.nobody.handler-failed.${newId()}-1`,
      `conversation.${world.site.id}.*`,
    ])
      expect((await call(verb, { cookie: supervisor.cookie, id: attack })).status).toBe(404);
  }
  expect((await listed()).map((letter) => letter.id)).toEqual([id]);
  await call('/discard', { cookie: supervisor.cookie, id });
});

test('the command line lists, replays and discards', async () => {
  const [one, two] = [await withLetter(), await withLetter()];
  const list = (await parked(world.operator, ['list'])).lines.join('\n');
  for (const part of [
    one.id,
    'conversation-started, for conversation-views',
    `site ${world.site.id}, conversation ${one.missing.split(':')[0]}`,
    'after 20 deliveries',
    'The handler failed 20 times.',
  ])
    expect(list).toContain(part);
  expect(list).not.toContain('unmistakable');
  const { lines, ok } = await parked(world.operator, ['show', one.id, 'parked.nobody.handler-failed.none']);
  expect(lines[0]).toContain('"text":"an unmistakable sentence"');
  expect(lines.slice(1)).toEqual(['NOT THERE parked.nobody.handler-failed.none: There is no such record any more.']);
  expect(ok).toBe(false);
  expect(await parked(world.operator, ['replay', one.id])).toEqual({ lines: [`replayed  ${one.id}`], ok: true });
  expect(await events().countDocuments({ _id: one.missing })).toBe(1);
  expect(await parked(world.operator, ['discard', 'all'])).toEqual({ lines: [`discarded ${two.id}`], ok: true });
  expect(await parked(world.operator, ['list'])).toEqual({ lines: ['Nothing is parked.'], ok: true });
  const nobodys = `parked.nobody.handler-failed.${newId()}-1`;
  for (const verb of ['replay', 'discard'])
    expect(await parked(world.operator, [verb, one.id, nobodys])).toEqual({
      lines: [
        `NOT DONE  ${one.id}: There is no such record any more.`,
        `NOT DONE  ${nobodys}: Nothing here is called “nobody”, so nobody can replay or discard a record of it.`,
      ],
      ok: false,
    });
  expect(await parked(world.operator, [])).toMatchObject({ ok: false });
});

test('a service that does not answer keeps nobody from the records of the others, and is named', async () => {
  const { id } = await withLetter();
  const { js, jsm } = world.admin;
  const stored = await jsm.streams.getMessage('DEAD_LETTERS', { last_by_subj: id });
  if (!stored) throw new Error('the record is not there');
  const [conversation] = id.split('.').slice(-1);
  // crm-sync does not run here. Its records are older, so they come first.
  await jsm.streams.purge('DEAD_LETTERS');
  const theirs = [1, 2].map((copy) => `parked.crm-sync.handler-failed.${conversation}${copy}`);
  for (const one of [...theirs, id]) await js.publish(one, stored.data, { headers: stored.header });
  const words =
    'The service of crm-sync does not answer. See to it that it runs, look whether the record is still listed, then do the same again.';
  expect(await parked(world.operator, ['discard', 'all'])).toEqual({
    lines: [...theirs.map((one) => `NOT DONE  ${one}: ${words}`), `discarded ${id}`],
    ok: false,
  });
  await jsm.streams.purge('DEAD_LETTERS');
});

test('a page shows the oldest five hundred and says that there are more; the command line has them all', async () => {
  const { id } = await withLetter();
  const { js, jsm } = world.admin;
  const stored = await jsm.streams.getMessage('DEAD_LETTERS', { last_by_subj: id });
  if (!stored) throw new Error('the record is not there');
  for (let copy = 1; copy <= 500; copy++)
    await js.publish(id.replace(/\d+$/, `9${copy}`), stored.data, { headers: stored.header });
  const page = async () => {
    const answer = await call('', { cookie: supervisor.cookie });
    const { letters, more } = (await answer.json()) as { letters: unknown[]; more: boolean };
    return [letters.length, more];
  };
  expect(await page()).toEqual([500, true]);
  await call('/discard', { cookie: supervisor.cookie, id });
  expect(await page()).toEqual([500, false]);
  expect((await parked(world.operator, ['discard', 'all'])).lines).toHaveLength(500);
});

test('the command line finds by itself what npm start has started, as long as that runs and nothing else is named', async () => {
  const file = join(world.dir, 'cache', 'running.json');
  const { nats } = await keptSecrets(join(world.dir, 'secrets.json'));
  const natsUrl = `nats://${world.admin.nc.getServer()}`;
  const nowhere = { CONTINUO_NATS_URL: 'nats://127.0.0.1:9' };
  const noted = await noteRunning({ natsUrl, password: nats.operator }, file);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  {
    await using found = await connectOperator({}, file);
    expect(await parked(found, ['list'])).toEqual({ lines: ['Nothing is parked.'], ok: true });
  }
  expect(await operatorSurroundings(nowhere, file)).toEqual(nowhere);
  // A launcher that was killed takes nothing back.
  const left = JSON.parse(await readFile(file, 'utf8'));
  await writeFile(file, JSON.stringify({ ...left, owner: { ...left.owner, started: 'long ago' } }));
  expect(await operatorSurroundings({}, file)).toEqual({});
  // Somebody else's word stays.
  await writeFile(file, JSON.stringify({ ...left, owner: { pid: 1, started: 'long ago' } }));
  await noted[Symbol.asyncDispose]();
  expect(await readFile(file, 'utf8')).toContain('"pid":1');
  const own = await noteRunning({ natsUrl, password: nats.operator }, file);
  await own[Symbol.asyncDispose]();
  await expect(stat(file)).rejects.toMatchObject({ code: 'ENOENT' });
});
