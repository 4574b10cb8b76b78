// Gateways that die or are replaced while people talk: what was said is there once and in order, for everybody.

import type { ServiceProcess } from '@continuo/servers';
import { eventually, startWorld, type TestAgent, type TestVisitor, type World } from '@continuo/testing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';

let world: World;
beforeAll(async () => {
  world = await startWorld({ services: { gateway: 2, conversation: 1 } });
});
afterAll(async () => {
  await world?.[Symbol.asyncDispose]();
});

const PAIRS = 3;
const ROUNDS = 12;

/** Some visitors talk with one agent, all at once; `before` they come and `meanwhile` something happens. */
async function talk(
  meanwhile: () => Promise<unknown>,
  before = async () => {},
): Promise<{ agent: TestAgent; visitors: TestVisitor[] }> {
  const agent = await world.agent(0);
  await agent.goOnline();
  await before();
  const visitors = Array.from({ length: PAIRS }, () => world.visitor());
  await Promise.all(visitors.map(({ socket }) => socket.ready()));
  await Promise.all(visitors.map((visitor) => visitor.say('question 0')));
  for (const visitor of visitors)
    await eventually(() => expect(agent.mine()).toContain(visitor.conversation() as string));
  let happening: Promise<unknown> | undefined;
  for (let round = 1; round <= ROUNDS; round++) {
    if (round === ROUNDS / 2) happening = meanwhile();
    const said = visitors.flatMap((visitor) => [
      visitor.say(`question ${round}`),
      agent.reply(visitor.conversation() as string, `answer ${round}`),
    ]);
    await Promise.all(said);
  }
  await happening;
  return { agent, visitors };
}

/** At the end the agent lets the dialogues go, so that he has room for others. */
async function everythingOnce({ agent, visitors }: Awaited<ReturnType<typeof talk>>): Promise<void> {
  const rounds = Array.from({ length: ROUNDS }, (_, index) => index + 1);
  const questions = ['question 0', ...rounds.map((round) => `question ${round}`)];
  const answers = rounds.map((round) => `answer ${round}`);
  for (const visitor of visitors) {
    const written = (kind: string) =>
      visitor.messages().flatMap(({ author, text }) => (author.kind === kind ? [text] : []));
    await eventually(() => {
      expect(written('visitor')).toEqual(questions);
      expect(written('agent')).toEqual(answers);
    });
    await eventually(() => expect(agent.messages(visitor.conversation() as string)).toEqual(visitor.messages()));
    // Clients mend gaps and drop doubles by themselves; over each socket the gateway sent neither.
    await agent.closeDialogue(visitor.conversation() as string);
    for (const numbers of numbersPerSocket(visitor))
      expect(numbers).toEqual(numbers.map((_, index) => (numbers[0] as number) + index));
  }
}

function numbersPerSocket(visitor: TestVisitor): number[][] {
  const sockets: number[][] = [];
  for (const frame of visitor.frames()) {
    if (frame.t === 'welcome') sockets.push([]);
    const events = [frame['event'] ?? [], frame['events'] ?? []].flat() as { number: number }[];
    sockets.at(-1)?.push(...events.map(({ number }) => number));
  }
  return sockets;
}

test('a gateway that is killed with commands in flight takes no message with it and doubles none', async () => {
  const { port } = world.running('gateway')[0] as { port: number };
  const [conversation] = world.running('conversation') as [ServiceProcess];
  let sentOn = 0;
  world.admin.nc.subscribe('command.conversation.send-message', { callback: () => void sentOn++ });
  await world.admin.nc.flush();
  const talked = await talk(async () => {
    // Nobody decides before the gateway is dead: what it has sent on is stored then, and it can tell nobody.
    const before = sentOn;
    conversation.signal('SIGSTOP');
    try {
      await eventually(() => expect(sentOn - before).toBe(2 * PAIRS));
      await world.kill('gateway', 0);
    } finally {
      conversation.signal('SIGCONT');
    }
    const again = await world.start('gateway', port);
    // Its address is the console's, where agents log in.
    const gateways = world.running('gateway');
    gateways.unshift(...gateways.splice(gateways.indexOf(again), 1));
  });
  expect(
    [...talked.visitors, talked.agent].some(({ frames }) => frames().filter(({ t }) => t === 'welcome').length > 1),
  ).toBe(true);
  await everythingOnce(talked);
});

test('a gateway that is replaced in the middle of dialogues sends its sockets elsewhere and ends in peace', async () => {
  const third = await world.start('gateway');
  const gateways = world.running('gateway');
  const takeOut = () => gateways.splice(gateways.indexOf(third), 1);
  const talked = await talk(
    async () => {
      takeOut();
      third.signal('SIGTERM');
      expect(await third.exited).toBe(0);
    },
    // It stands first, so all visitors come to it.
    async () => void gateways.unshift(...takeOut()),
  );
  for (const { frames } of talked.visitors)
    await eventually(() => expect(frames().filter(({ t }) => t === 'welcome').length).toBeGreaterThan(1));
  await everythingOnce(talked);
  await expect(fetch(`http://127.0.0.1:${third.port}/readyz`)).rejects.toThrow();
});
