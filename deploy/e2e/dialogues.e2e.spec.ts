// 25 dialogues at once, five agents, two replicas of what carries them, killed meanwhile: each transcript stands in the CRM in order, once.

import { eventually, startWorld, type TestAgent, type TestVisitor, type World } from '@continuo/testing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { crmDialogues } from './crm-transcripts.ts';
import { type Dialogue, dialogues } from './real-dialogues.ts';

const AGENTS = 5;
const { source, list } = dialogues(25);
let world: World;

beforeAll(async () => {
  world = await startWorld({
    services: { gateway: 2, conversation: 2, 'crm-sync': 2, 'email-fallback': 1, 'visitor-tracking': 1 },
    agents: AGENTS + 1,
    crm: true,
    // 25 visitors sit behind one address here.
    env: {
      CONTINUO_LIMIT_STARTS_PER_ADDRESS: '1000',
      CONTINUO_LIMIT_COMMANDS_PER_ADDRESS: '100000',
      CONTINUO_LIMIT_COMMANDS_PER_VISITOR: '10000',
    },
  });
}, 240_000);
afterAll(async () => {
  await world?.[Symbol.asyncDispose]();
}, 240_000);

test(`25 dialogues at once (${source})`, async () => {
  const agents = await Promise.all(Array.from({ length: AGENTS }, (_, index) => world.agent(index)));
  await Promise.all(agents.map((agent) => agent.goOnline()));
  const visitors = list.map(() => world.visitor());
  await Promise.all(visitors.map((visitor) => visitor.socket.ready()));

  await Promise.all(visitors.map((visitor, index) => visitor.say(list[index]?.messages[0]?.text as string)));
  // Every dialogue has an agent, and no agent more than five, before the first is answered.
  const holders = await eventually(() => {
    const found = visitors.map((visitor) =>
      agents.find((agent) => agent.mine().includes(visitor.conversation() as string)),
    );
    expect(found.filter((agent) => agent === undefined)).toHaveLength(0);
    return found as TestAgent[];
  });
  for (const agent of agents) expect(holders.filter((holder) => holder === agent)).toHaveLength(5);

  let sent = 0;
  const total = list.reduce((sum, { messages }) => sum + messages.length - 1, 0);
  const killed: Promise<unknown>[] = [];
  const killAt = new Map([
    [Math.floor(total / 4), 'conversation' as const],
    [Math.floor(total / 2), 'crm-sync' as const],
  ]);
  await Promise.all(
    list.map((dialogue, index) =>
      play(dialogue, visitors[index] as TestVisitor, holders[index] as TestAgent, () => {
        sent += 1;
        const name = killAt.get(sent);
        if (name) killed.push(world.kill(name).then(() => world.start(name)));
      }),
    ),
  );
  await Promise.all(killed);
  expect(killed).toHaveLength(2);

  for (const [index, visitor] of visitors.entries()) {
    await eventually(() => expect(said(visitor)).toEqual(wanted(list[index] as Dialogue)));
    await (holders[index] as TestAgent).closeDialogue(visitor.conversation() as string);
  }
  await eventually(
    async () => {
      const inCrm = new Map((await crmDialogues(world.crm)).map((dialogue) => [dialogue.conversation, dialogue]));
      for (const [index, visitor] of visitors.entries()) {
        const held = inCrm.get(visitor.conversation() as string);
        expect(held?.messages).toEqual(wanted(list[index] as Dialogue));
        expect(held?.records).toHaveLength(1);
      }
      expect(inCrm.size).toBe(list.length);
    },
    { withinMs: 180_000 },
  );
}, 400_000);

const wanted = ({ messages }: Dialogue) => messages.map(({ author, text }) => ({ from: author, text: text.trim() }));
const said = (visitor: TestVisitor) => visitor.messages().map(({ author, text }) => ({ from: author.kind, text }));

/** Each message when the one before is stored, through the socket of who wrote it. */
async function play({ messages }: Dialogue, visitor: TestVisitor, agent: TestAgent, onSent: () => void): Promise<void> {
  for (const { author, text } of messages.slice(1)) {
    if (author === 'visitor') await visitor.say(text);
    else await agent.reply(visitor.conversation() as string, text);
    onSent();
  }
}
