// The container engine that this machine has, if one answers: `docker` with DOCKER_HOST or its default, as everybody calls it.
import { spawn, spawnSync } from 'node:child_process';

/** @returns why there is none, in one sentence; nothing where one answers */
export function noEngine(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const { error, status, stderr } = spawnSync('docker', ['version', '--format', '{{.Server.Version}}'], {
    encoding: 'utf8',
    env,
    timeout: 20_000,
  });
  if (error) return 'no container engine answers: there is no command `docker`';
  if (status === 0) return undefined;
  // Whoever says it ends the sentence himself.
  const words = stderr
    .trim()
    .split('\n')
    .at(-1)
    ?.replace(/(\. Is the docker daemon running\?|\.)$/, '');
  return `no container engine answers: ${words}`;
}

/** Runs `docker ARGS`, with what it says on stderr. @throws when it fails */
export function docker(args: string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    // The builder without plug-ins: an engine alone has it.
    const env = { ...process.env, DOCKER_BUILDKIT: '0' };
    const child = spawn('docker', args, { env, stdio: ['ignore', process.stderr, process.stderr] });
    child.once('error', reject);
    child.once('close', (code) => (code === 0 ? resolve() : reject(new Error(`docker ${args[0]} ended with ${code}`))));
  });
}
