// What happens under the older release: a visit, a dialogue with a file that is finished and rated, one that stays open, and a message while nobody is there.
import { eventually, type TestAgent, type TestVisitor, testAgent, testVisitor } from '@continuo/testing';
import { PNG, upload } from '../../services/gateway/test/uploads.ts';

export interface Story extends AsyncDisposable {
  site: string;
  dialogues: string[];
  /** What stands in each dialogue, in order. */
  said: Record<string, string[]>;
  /** The one that is not finished, and who is in it. */
  open: string;
  visitor: TestVisitor;
  agent: TestAgent;
  /** Resolves when both are connected again. */
  back(): Promise<void>;
}

export async function story({
  port,
  site,
  employee,
}: {
  port: number;
  site: string;
  employee: { email: string; password: string };
}): Promise<Story> {
  const gateway = `http://127.0.0.1:${port}`;
  await using stack = new AsyncDisposableStack();
  const gateways = (): string[] => [gateway];
  const origin = `http://127.0.0.1:${port + 1}`;
  const someone = async (): Promise<TestVisitor> => {
    const visitor = stack.use(testVisitor({ gateways, site, origin }));
    await visitor.socket.ready();
    visitor.socket.send({ t: 'page', page: { url: `${origin}/desk`, title: 'Oak desk' } });
    return visitor;
  };

  const late = await someone();
  await late.socket.command('leave-offline-message', {
    text: 'Do you deliver on Saturdays?',
    language: 'en',
    email: 'lea@visitor.example',
  });

  const agent = stack.use(await testAgent({ gateways, ...employee }));
  await agent.goOnline();
  const first = await someone();
  await first.say('Is the oak desk in stock?');
  const finished = first.conversation() as string;
  await eventually(() => seen(agent, finished));
  const { file } = await upload(gateway, first, { name: 'room.png', content: PNG });
  await first.socket.command('send-message', { conversation: finished, text: 'It goes here.', files: [file.id] });
  await agent.reply(finished, 'Four of them.');
  await first.socket.command('request-transcript', { conversation: finished, email: 'max@visitor.example' });
  await agent.closeDialogue(finished);
  await first.socket.command('rate', { conversation: finished, score: 5, comment: 'Quick.' });

  const visitor = await someone();
  await visitor.say('And the chair?');
  const open = visitor.conversation() as string;
  await eventually(() => seen(agent, open));
  await agent.reply(open, 'Next week.');
  await eventually(() => {
    if (visitor.messages().length < 2) throw new Error('The answer has not come.');
  });

  const everyone = { [finished]: first, [open]: visitor, [late.conversation() as string]: late };
  const said = Object.fromEntries(
    Object.entries(everyone).map(([dialogue, who]) => [dialogue, who.messages().map(({ text }) => text)]),
  );
  const moved = stack.move();
  return {
    ...{ site, said, open, visitor, agent, dialogues: Object.keys(everyone) },
    back: async () => void (await Promise.all([visitor.socket.ready(), agent.socket.ready()])),
    [Symbol.asyncDispose]: () => moved.disposeAsync(),
  };
}

function seen(agent: TestAgent, dialogue: string): void {
  if (!agent.mine().includes(dialogue)) throw new Error(`The employee has not been given ${dialogue}.`);
}
