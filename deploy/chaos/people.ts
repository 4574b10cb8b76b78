// Visitors and employees over real sockets. Whatever a screen shows as stored goes to the ledger before its person goes on.
import { setTimeout as sleep } from 'node:timers/promises';
import { newId } from '@continuo/contracts';
import {
  eventually,
  RefusedError,
  type SocketClient,
  type TestAgent,
  type TestVisitor,
  testAgent,
  testVisitor,
} from '@continuo/testing';
import type { Company } from './installation.ts';
import type { Ledger } from './ledger.ts';
import { inPatience } from './patience.ts';
import { randomFrom } from './schedule.ts';
import { toldOver } from './told.ts';

export interface Traffic {
  /** Commands that were sent to the gateway at this port and not answered yet. */
  inFlightAt(port: number): string[];
  /** It has no answer yet, from whomever. */
  isOpen(command: string): boolean;
  /** Nobody begins anything new; resolves when all that was begun is answered and mails are due. @throws what was never answered */
  finish(): Promise<void>;
  /** What every screen shows in the end goes to the ledger, and what each was told on the way there. */
  writeScreens(): Promise<void>;
  /** The last number that any agent has seen of it. */
  headOf(conversation: string): number;
}
export interface TrafficOptions {
  company: Company;
  gateways: () => string[];
  ledger: Ledger;
  seed: number;
  visitors: number;
  /** Visitors who leave an address and go before they are answered. */
  mailed: number;
}

const CLOSE_AFTER = 8;
/** Of the last ones, so that who still waits for an employee comes to one. */
const CLOSE_SOON_AFTER = 1;
const STILL_MS = 90_000;
const MOST_MS = 120_000;
const AWAY = 'please answer by mail';

export async function startTraffic({
  company: { site, employees },
  gateways,
  ledger,
  seed,
  visitors,
  mailed,
}: TrafficOptions): Promise<Traffic & AsyncDisposable> {
  await using stack = new AsyncDisposableStack();
  const pending = new Set<string>();
  let ended = false;
  let closeAfter = CLOSE_AFTER;
  let closings = 0;
  const refusals = new Map<string, string>();
  stack.defer(() => {
    ended = true;
  });

  async function tell(
    socket: SocketClient,
    by: string,
    name: string,
    data: { text: string; conversation?: string },
    whose: () => string | undefined,
  ): Promise<boolean> {
    const command = newId();
    pending.add(command);
    const at = Date.now();
    try {
      const number = await socket.command(name, data, command);
      // The word that it is stored may come before the event that names the dialogue.
      const conversation = data.conversation ?? (await eventually(() => known(whose())));
      ledger.write({
        kind: 'acknowledged',
        command,
        conversation,
        number,
        by,
        text: data.text,
        at,
        ms: Date.now() - at,
      });
      return true;
    } catch (error) {
      if (!(error instanceof RefusedError)) throw error;
      ledger.write({ kind: 'refused', command, refusal: error.refusal });
      if (data.conversation !== undefined) refusals.set(data.conversation, error.refusal);
      return false;
    } finally {
      pending.delete(command);
    }
  }

  const sockets: SocketClient[] = [];
  /** Each begins on another gateway, so that none is idle. */
  const startingAt = (turn: number) => (): string[] => {
    const all = gateways();
    return [...all.slice(turn % all.length), ...all.slice(0, turn % all.length)];
  };
  const newVisitor = (): TestVisitor => {
    const origin = site.origins[0] as string;
    const visitor = stack.use(testVisitor({ gateways: startingAt(sockets.length), site: site.id, origin }));
    sockets.push(visitor.socket);
    return visitor;
  };
  const write = (visitor: TestVisitor, text: string): Promise<boolean> => {
    const conversation = visitor.conversation();
    return conversation
      ? tell(visitor.socket, 'visitor', 'send-message', { conversation, text }, visitor.conversation)
      : tell(visitor.socket, 'visitor', 'start-conversation', { text, language: 'en' } as never, visitor.conversation);
  };

  async function chat(visitor: TestVisitor, index: number): Promise<void> {
    const random = randomFrom(seed * 1_000 + index);
    for (let turn = 1; !ended; turn++) {
      await write(visitor, `v${index} says ${turn}`);
      await sleep(50 + random() * 250);
    }
  }

  async function work(agent: TestAgent, index: number): Promise<void> {
    const replies = new Map<string, number>();
    for (let turn = 1; !ended; turn++) {
      const me = agent.desk()?.agents.find(({ id }) => id === agent.id);
      if (me?.state !== 'online') await agent.goOnline();
      for (const conversation of agent.mine()) {
        const said = agent.messages(conversation);
        if (ended || said.at(-1)?.author.kind !== 'visitor' || said.some(({ text }) => text === AWAY)) continue;
        const answered = await tell(
          agent.socket,
          'agent',
          'send-message',
          { conversation, text: `a${index} answers ${turn}` },
          () => conversation,
        );
        const count = (replies.get(conversation) ?? 0) + (answered ? 1 : 0);
        const enough = count >= closeAfter;
        replies.set(conversation, enough ? 0 : count);
        if (!enough) continue;
        await agent.closeDialogue(conversation).catch(unlessRefused);
        closings += 1;
      }
      await sleep(40);
    }
  }

  const toMail = new Set<string>();
  const whoWaits = (): string =>
    `nobody came free to answer by mail: ${[...toMail].map((id) => `${id} (${refusals.get(id) ?? 'no refusal'})`).join(', ')}`;
  const unanswered = (): string =>
    pending.size === 0
      ? 'every command was answered'
      : `${pending.size} commands were never answered: ${[...pending].join(', ')}`;

  /** Leaves an address, goes, and is answered when he is gone. */
  async function beMailed(agents: TestAgent[], index: number): Promise<void> {
    const visitor = newVisitor();
    await visitor.socket.ready();
    await write(visitor, AWAY);
    const conversation = visitor.conversation() as string;
    const to = `visitor${index}-${site.id}@example.com`;
    await visitor.socket.command('identify-contact', { conversation, email: to });
    await visitor[Symbol.asyncDispose]();
    toMail.add(conversation);
    const text = `the mailed answer ${index} of ${conversation}`;
    for (let tries = 0; ; tries++) {
      const agent = agents[tries % agents.length] as TestAgent;
      if (await tell(agent.socket, 'agent', 'send-message', { conversation, text }, () => conversation)) break;
      await sleep(200);
    }
    toMail.delete(conversation);
    ledger.write({ kind: 'mail-due', conversation, to, text });
  }

  const agents = await Promise.all(
    employees.map(async ({ email, password }, index) =>
      stack.use(await testAgent({ gateways: startingAt(index), email, password })),
    ),
  );
  sockets.push(...agents.map(({ socket }) => socket));
  await Promise.all(agents.map((agent) => agent.goOnline()));
  const people = Array.from({ length: visitors }, newVisitor);
  await Promise.all(people.map(({ socket }) => socket.ready()));
  const going = Promise.all([...people.map(chat), ...agents.map(work)]);
  const mails = Promise.all(Array.from({ length: mailed }, (_, index) => beMailed(agents, index)));
  going.catch(() => undefined);
  mails.catch(() => undefined);
  const owned = stack.move();
  return {
    inFlightAt: (port) =>
      sockets.flatMap((socket) =>
        socket
          .unanswered()
          .filter(({ at }) => at !== undefined && Number(new URL(at).port) === port)
          .map(({ id }) => id),
      ),
    isOpen: (command) => sockets.some((socket) => socket.unanswered().some(({ id }) => id === command)),
    async finish() {
      // Who is due a mail waits for a free employee, and there is one only as long as dialogues are closed.
      // Whoever of them failed meanwhile is the reason, and not that nobody came free.
      const failed = going.then(() => mails);
      const moved = (): number => ledger.answers.length;
      closeAfter = CLOSE_SOON_AFTER;
      const fair = closings + 2 * (visitors + mailed);
      await inPatience(Promise.race([mails, failed]), {
        stillMs: STILL_MS,
        mostMs: MOST_MS,
        moved,
        // First come, first served: everybody who was before them has been served by then.
        enough: () => closings > fair,
        words: () => `${whoWaits()}; ${closings} dialogues were closed, ${unanswered()}`,
      });
      ended = true;
      await inPatience(going, { stillMs: STILL_MS, mostMs: MOST_MS, moved, words: unanswered });
    },
    async writeScreens() {
      const conversations = people.map((visitor) => visitor.conversation()).filter((id) => id !== undefined);
      await untilAgreed(people, agents, conversations);
      for (const [index, visitor] of people.entries())
        ledger.write({
          kind: 'screen',
          who: `visitor ${index}`,
          conversation: visitor.conversation() ?? '',
          number: visitor.events().length,
          messages: shown(visitor.messages()),
        });
      for (const [index, agent] of agents.entries())
        for (const conversation of conversations)
          ledger.write({
            kind: 'screen',
            who: `agent ${index}`,
            conversation,
            number: agent.transcript(conversation)?.number ?? 0,
            messages: shown(agent.messages(conversation)),
          });
      const told = (who: string, frames: ReturnType<TestVisitor['frames']>): void =>
        ledger.write({ kind: 'told', who, sockets: toldOver(frames) });
      for (const [index, visitor] of people.entries()) told(`visitor ${index}`, visitor.frames());
      for (const [index, agent] of agents.entries()) told(`agent ${index}`, agent.frames());
    },
    headOf: (conversation) => Math.max(0, ...agents.map((agent) => agent.transcript(conversation)?.number ?? 0)),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

function known(conversation: string | undefined): string {
  if (conversation === undefined) throw new Error('the dialogue that was begun is not known yet');
  return conversation;
}

const shown = (messages: { number: number; id: string; text: string }[]) =>
  messages.map(({ number, id, text }) => ({ number, id, text }));

/** Until all screens show the same numbers twice in a row; what still differs after a minute is for the checker to find. */
async function untilAgreed(people: TestVisitor[], agents: TestAgent[], conversations: string[]): Promise<void> {
  // What he has seen of a dialogue came to him by itself. Opened again, it would hide what did not.
  for (const agent of agents)
    for (const conversation of conversations) if (!agent.transcript(conversation)) agent.open(conversation);
  const deadline = Date.now() + 60_000;
  for (let before = ''; Date.now() < deadline; ) {
    const visitors = people.map((visitor) => visitor.events().length).join();
    const all = agents.map((agent) => conversations.map((id) => agent.transcript(id)?.number ?? 0).join());
    if (all.every((numbers) => numbers === visitors) && before === visitors) return;
    before = visitors;
    await sleep(1_000);
  }
}

function unlessRefused(error: unknown): void {
  if (!(error instanceof RefusedError)) throw error;
}
