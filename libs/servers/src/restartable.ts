// A server that comes back on its port with its data, whoever ended it.
import type { RunningServer } from './processes.ts';

export interface Restartable extends AsyncDisposable {
  /** Under whatever process it runs now. */
  readonly current: RunningServer;
  /** Ends what is left of it and starts it again. */
  restart(): Promise<void>;
}

export async function restartable(
  start: (port: number | undefined, again: boolean) => Promise<RunningServer>,
): Promise<Restartable> {
  let current = await start(undefined, false);
  const { port } = current;
  return {
    get current() {
      return current;
    },
    async restart() {
      await current.stop();
      current = await start(port, true);
    },
    [Symbol.asyncDispose]: () => current.stop(),
  };
}
