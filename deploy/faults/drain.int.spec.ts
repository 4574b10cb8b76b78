// A rolling update under load: each service is told to stop while people talk, and another takes its place. It ends by itself, and no message is lost.

import type { ServiceName } from '@continuo/servers';
import { eventually, startWorld, type TestAgent, type TestVisitor, type World } from '@continuo/testing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';

let world: World;
let agent: TestAgent;
let visitors: TestVisitor[];
beforeAll(async () => {
  world = await startWorld({
    site: { mail: { fromAddress: 'desk@nordhem.example', answerDelaySeconds: 30 } },
    env: { CONTINUO_LIMIT_COMMANDS_PER_VISITOR: '100000', CONTINUO_LIMIT_COMMANDS_PER_ADDRESS: '100000' },
  });
  agent = await world.agent(0);
  await agent.goOnline();
  visitors = [world.visitor(), world.visitor(), world.visitor(), world.visitor()];
  await Promise.all(visitors.map(({ socket }) => socket.ready()));
});
afterAll(async () => {
  await world?.[Symbol.asyncDispose]();
});

/** Everybody writes, one message after the other, until the work is done. @returns what each has written */
async function talking(work: () => Promise<void>): Promise<string[][]> {
  let over = false;
  const written = visitors.map(async (visitor, place) => {
    const said: string[] = [];
    while (!over || said.length < 5) {
      said.push(`${place} says ${performance.now()}`);
      await visitor.say(said.at(-1) as string);
    }
    return said;
  });
  await work();
  over = true;
  return Promise.all(written);
}

/** One for each gateway that a socket was on. */
const welcomes = ({ frames }: Pick<TestVisitor, 'frames'>): number =>
  frames().filter(({ t }) => t === 'welcome').length;

/** What WebSocket says of an end that nobody announced. */
const TORN = 1006;
const REPLACED: ServiceName[] = ['conversation', 'gateway', 'visitor-tracking', 'crm-sync', 'email-fallback'];

test('every service drains while people talk, and another of its kind goes on: nothing is lost, doubled or out of order', async () => {
  const said = await talking(async () => {
    await Promise.all(REPLACED.map((name) => world.start(name)));
    expect(await Promise.all(REPLACED.map((name) => world.drain(name)))).toEqual(REPLACED.map(() => 0));
  });
  // They were told to move and moved.
  for (const { socket } of [...visitors, agent]) expect(socket.closed()).not.toContain(TORN);
  for (const [place, visitor] of visitors.entries()) {
    const conversation = visitor.conversation() as string;
    const texts = () => visitor.messages().map(({ text }) => text);
    await eventually(() => expect(texts()).toEqual(said[place]));
    agent.open(conversation);
    await eventually(() => expect(agent.messages(conversation)).toEqual(visitor.messages()));
    // A message that the server handed out in the moment in which its reader stopped comes again after half a minute.
    await eventually(
      async () =>
        expect(await world.database.collection('conversation_events').countDocuments({ conversation })).toBe(
          visitor.events().length,
        ),
      { withinMs: 60_000 },
    );
    expect(welcomes(visitor)).toBe(2);
  }
  expect(welcomes(agent)).toBe(2);
  expect((await world.admin.jsm.streams.info('DEAD_LETTERS')).state.messages).toBe(0);
}, 240_000);
