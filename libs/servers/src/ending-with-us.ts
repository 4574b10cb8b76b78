// Nothing that is started here outlives whoever started it, however that ends: a run that was killed runs no code of its own any more, so the kernel does it.
// It costs no process: setpriv (util-linux, on every Debian) asks the kernel for it and becomes the program. Without it a folder's next launcher clears up.
import { spawnSync } from 'node:child_process';
import { onPath } from './on-path.ts';

/** With SIGKILL the program ends even when it is frozen; SIGTERM is for one that has children of its own to end. */
export type LastSignal = 'SIGKILL' | 'SIGTERM';

/** What to spawn instead. The process has the same id, and the same place among processes, as without it. */
export function endingWithUs(
  command: string,
  args: readonly string[],
  signal: LastSignal = 'SIGKILL',
): [string, string[]] {
  const setpriv = knownSetpriv();
  return setpriv === undefined
    ? [command, [...args]]
    : [setpriv, ['--pdeathsig', signal.slice('SIG'.length), '--', command, ...args]];
}

let found: { setpriv: string | undefined } | undefined;

function knownSetpriv(): string | undefined {
  found ??= { setpriv: [...onPath('setpriv')].find(asksTheKernel) };
  return found.setpriv;
}

/** BusyBox has one that cannot. */
const asksTheKernel = (setpriv: string): boolean =>
  spawnSync(setpriv, ['--pdeathsig', 'KILL', '--', 'true'], { stdio: 'ignore' }).status === 0;
