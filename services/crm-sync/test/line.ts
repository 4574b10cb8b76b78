// A line to a broker that can lose what it answers, and break.
import { createServer, connect as dial, type Socket } from 'node:net';

export interface Line extends AsyncDisposable {
  readonly port: number;
  /** Nothing that the broker says arrives from now on. */
  loseAnswers(): void;
  /** Something was lost. */
  lost(): boolean;
  heal(): void;
  cut(): void;
  /** The next bytes of the client with these words in them: not handed on, handed on up to the words, or handed on and not answered; then the line breaks. */
  breakAt(words: string, when: 'before' | 'amid' | 'after'): void;
  /** The next bytes with these words are handed on, and answers kept back until it is healed. @returns resolves when they were */
  holdAnswersAt(words: string): Promise<void>;
}

export async function lineTo(target: number): Promise<Line> {
  const sockets = new Set<Socket>();
  let losing = false;
  let lost = false;
  let planned: { words: string; when: 'before' | 'amid' | 'after' | 'hold'; met?: () => void } | undefined;
  let held: { client: Socket; data: Buffer }[] | undefined;
  const server = createServer((client) => {
    const onward = dial(target, '127.0.0.1');
    let breaks = false;
    for (const socket of [client, onward]) {
      sockets.add(socket);
      socket.on('error', () => {});
    }
    client.on('data', (data) => {
      if (!planned || !data.includes(planned.words)) return void onward.write(data);
      const { words, when, met } = planned;
      planned = undefined;
      if (when === 'before') return void client.destroy();
      if (when === 'amid') return void onward.write(data.subarray(0, data.indexOf(words)), () => client.destroy());
      if (when === 'hold') held = [];
      else breaks = true;
      onward.write(data, met);
    });
    client.on('close', () => onward.destroy());
    onward.on('close', () => client.destroy());
    onward.on('data', (data) => {
      if (breaks) client.destroy();
      else if (losing) lost = true;
      else if (held) held.push({ client, data });
      else client.write(data);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: (server.address() as { port: number }).port,
    loseAnswers: () => {
      losing = true;
    },
    lost: () => lost,
    heal: () => {
      losing = false;
      planned = undefined;
      for (const { client, data } of held ?? []) client.write(data);
      held = undefined;
    },
    cut,
    breakAt: (words, when) => {
      planned = { words, when };
    },
    holdAnswersAt: (words) =>
      new Promise((met) => {
        planned = { words, when: 'hold', met };
      }),
    [Symbol.asyncDispose]: async () => {
      cut();
      server.close();
    },
  };
}
