// Runs a script on the Node that runs this, in the same terminal, and tells how it ended. It does not outlive us.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { endingWithUs } from '@continuo/servers';

export const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** The exit code; 1 when a signal ended it. */
export function runNode(args: string[], env: NodeJS.ProcessEnv = {}): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(...endingWithUs(process.execPath, args, 'SIGTERM'), {
      cwd: ROOT,
      stdio: 'inherit',
      env: { ...process.env, ...env },
    });
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}
