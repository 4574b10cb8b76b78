// Presence by leases: whoever's browser is gone leaves the desk within the lease, and his dialogues go to somebody who is there. Two gateways, two deciders.

import { renewLease } from '@continuo/bus';
import { type DeskSummary, newId } from '@continuo/contracts';
import { eventually, startWorld, type TestAgent, type World } from '@continuo/testing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Kvm } from '@nats-io/kv';
import { rawSocket } from './raw-socket.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld({
    services: { gateway: 2, conversation: 2 },
    agents: 4,
    env: { CONTINUO_AGENT_LEASE_SECONDS: '6' },
  });
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
});

const stateOf = (seenBy: TestAgent, agent: TestAgent) => seenBy.desk()?.agents.find(({ id }) => id === agent.id)?.state;
/** His states as a colleague's screen has shown them since then. */
const statesOf = (seenBy: TestAgent, agent: TestAgent, since: number) =>
  (seenBy.frames().slice(since) as unknown as { t: string; desk: DeskSummary }[]).flatMap(({ t, desk }) =>
    t === 'desk' ? desk.agents.filter(({ id }) => id === agent.id).map(({ state }) => state) : [],
  );
/** Keys that stand: the library's list also names those of which only the mark of their end is left. */
const keys = async (): Promise<string[]> => {
  const kv = await new Kvm(world.admin.js).open('presence');
  const standing: string[] = [];
  for await (const key of await kv.keys()) if ((await kv.get(key))?.operation === 'PUT') standing.push(key);
  return standing;
};

test('a closed browser, a killed gateway, one of two tabs: who is gone is off line within the lease, his dialogue goes on with another', async () => {
  const gone = await world.agent(0);
  await gone.goOnline();
  const visitor = world.visitor();
  await visitor.socket.ready();
  await visitor.say('Is anybody there?');
  await eventually(() => expect(gone.mine()).toEqual([visitor.conversation()]));

  const stays = await world.agent(1);
  const otherTab = await world.agent(1, 1);
  await stays.goOnline();

  // His two tabs are on two gateways. One of these is killed: its tab finds another, and when the lease there has ended he has not been away for a moment.
  const seen = stays.frames().length;
  await world.kill('gateway', 1);
  await eventually(() => expect(otherTab.socket.closed()).toHaveLength(1));
  await otherTab.socket.ready();
  await world.start('gateway');
  expect(stays.socket.closed()).toEqual([]);

  // One of two tabs is closed. When its lease has ended, the other agent's browser is, without a word: by the time that he is known to be gone, everybody
  // knows who stays.
  await otherTab[Symbol.asyncDispose]();
  const leasesOf = async ({ id }: TestAgent) => (await keys()).filter((key) => key.includes(id));
  await eventually(async () => expect((await leasesOf(stays)).length).toBeLessThan(2));
  await gone[Symbol.asyncDispose]();
  await eventually(() => expect(stateOf(stays, gone)).toBe('offline'));
  await eventually(() => expect(stays.mine()).toEqual([visitor.conversation()]));
  const desks = stays
    .frames()
    .slice(seen)
    .filter(({ t }) => t === 'desk') as unknown as { desk: DeskSummary }[];
  for (const { desk } of desks) expect(desk.agents.find(({ id }) => id === stays.id)?.state).toBe('online');
  // The visitor sees who has him now.
  await eventually(() =>
    expect(visitor.events().at(-1)).toMatchObject({ type: 'agent-assigned', data: { agent: { id: stays.id } } }),
  );

  // Both gateways are killed and come back: who is still there reconnects and keeps everything.
  const ports = world.running('gateway').map(({ port }) => port);
  for (const port of ports) {
    await world.kill('gateway');
    await world.start('gateway', port);
  }
  await visitor.say('Still here');
  await eventually(() => expect(stays.messages(visitor.conversation() as string).at(-1)?.text).toBe('Still here'));
  expect(stays.mine()).toEqual([visitor.conversation()]);

  // No key outlives its writer: only the socket that is there has one.
  await eventually(async () => {
    const left = await keys();
    expect(left).toHaveLength(1);
    expect(left[0]).toContain(stays.id);
  });
}, 240_000);

test('a browser that falls silent on an open socket leaves after the lease; whoever answers and says nothing else stays', async () => {
  const watcher = await world.agent(3);
  await watcher.goOnline();
  const agent = await world.agent(2);
  const gateway = world.gateways()[0] as string;
  await using silent = await rawSocket(gateway, 'agent', { Origin: gateway, Cookie: agent.cookie });
  silent.say({ t: 'hello', v: 1 });
  await silent.heard('welcome');
  await agent[Symbol.asyncDispose]();
  silent.say({ t: 'command', id: newId(), name: 'set-availability', data: { agent: agent.id, state: 'online' } });
  await eventually(() => expect(stateOf(watcher, agent)).toBe('online'));
  const seen = watcher.frames().length;
  await eventually(() => expect(stateOf(watcher, agent)).toBe('offline'));
  // The gateway had asked in time, and given up neither the socket nor the one who answers.
  await silent.heard('ping');
  expect(silent.closed()).toBeUndefined();
  expect(new Set(statesOf(watcher, watcher, seen))).toEqual(new Set(['online']));
}, 240_000);

test('whoever is back moments after his lease has ended was not gone', async () => {
  const back = await world.agent(0);
  const gone = await world.agent(2);
  const watcher = await world.agent(3);
  await back.goOnline();
  await gone.goOnline();
  await eventually(() => expect([back, gone].map((agent) => stateOf(watcher, agent))).toEqual(['online', 'online']));
  const seen = watcher.frames().length;
  const kv = await new Kvm(world.admin.js).open('presence');
  for (const key of await keys()) if (key.includes(back.id)) await kv.purge(key);
  renewLease(world.admin, world.site.id, back.id, newId(), 10);
  // Whoever goes now is sent away later than he would have been.
  await gone[Symbol.asyncDispose]();
  await eventually(() => expect(stateOf(watcher, gone)).toBe('offline'));
  expect(new Set(statesOf(watcher, back, seen))).toEqual(new Set(['online']));
  await back[Symbol.asyncDispose]();
}, 240_000);

test('nobody watched when a lease ended: the comparison at start finds it', async () => {
  const agent = await world.agent(2);
  const watcher = await world.agent(3);
  await agent.goOnline();
  await eventually(() => expect(stateOf(watcher, agent)).toBe('online'));
  await world.kill('conversation');
  await world.kill('conversation');
  await agent[Symbol.asyncDispose]();
  await eventually(async () => expect((await keys()).filter((key) => key.includes(agent.id))).toEqual([]));
  await world.start('conversation');
  await eventually(() => expect(stateOf(watcher, agent)).toBe('offline'));
}, 240_000);

test('a lease that ended unseen, its mark gone as well, is found at the next comparison', async () => {
  const agent = await world.agent(0);
  const watcher = await world.agent(3);
  await agent.goOnline();
  await eventually(() => expect(stateOf(watcher, agent)).toBe('online'));
  // With its gateway dead nobody writes the key again, and purged it leaves no mark: as when the line to NATS is away for longer than marks stay.
  const ports = world.running('gateway').map(({ port }) => port);
  for (const _ of ports) await world.kill('gateway');
  await agent[Symbol.asyncDispose]();
  await world.admin.jsm.streams.purge('KV_presence', { filter: `$KV.presence.agent.${world.site.id}.${agent.id}.>` });
  for (const port of ports) await world.start('gateway', port);
  await eventually(() => expect(stateOf(watcher, agent)).toBe('offline'), { withinMs: 90_000 });
}, 240_000);
