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
  /** The next bytes of the client with these words in them: not handed on, or handed on and not answered; then the line breaks. */
  breakAt(words: string, when: 'before' | 'after'): void;
}

export async function lineTo(target: number): Promise<Line> {
  const sockets = new Set<Socket>();
  let losing = false;
  let lost = false;
  let planned: { words: string; when: 'before' | 'after' } | undefined;
  const server = createServer((client) => {
    const onward = dial(target, '127.0.0.1');
    let breaks = false;
    for (const socket of [client, onward]) {
      sockets.add(socket);
      socket.on('error', () => {});
    }
    client.on('data', (data) => {
      if (!planned || !data.includes(planned.words)) return void onward.write(data);
      const { when } = planned;
      planned = undefined;
      if (when === 'before') return void client.destroy();
      breaks = true;
      onward.write(data);
    });
    client.on('close', () => onward.destroy());
    onward.on('close', () => client.destroy());
    onward.on('data', (data) => {
      if (breaks) client.destroy();
      else if (losing) lost = true;
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
    },
    cut,
    breakAt: (words, when) => {
      planned = { words, when };
    },
    [Symbol.asyncDispose]: async () => {
      cut();
      server.close();
    },
  };
}
