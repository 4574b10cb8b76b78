// Installs Debian packages where that is possible without asking anybody: as root, with apt-get.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';

export function canInstall(): boolean {
  return process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');
}

export async function aptInstall(...packages: string[]): Promise<void> {
  await aptGet('update', '-qq');
  await aptGet('install', '-y', '-qq', '--no-install-recommends', ...packages);
}

function aptGet(...args: string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    const child = spawn('apt-get', args, { env, stdio: ['ignore', 'ignore', 'pipe'] });
    let output = '';
    child.stderr.on('data', (chunk) => {
      output += chunk;
    });
    child.once('error', reject);
    child.once('close', (code) => {
      const reason = output.trim().split('\n').pop();
      if (code === 0) resolve();
      else reject(new Error(`apt-get ${args[0]} failed: ${reason}`));
    });
  });
}
