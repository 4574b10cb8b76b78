// The whole system of docker-compose.yml under a name, ports and passwords of its own, by whichever Compose this machine has.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '@continuo/servers';
import { composeEnv } from '../k8s/compose-env.ts';
import { ROOT } from '../run-node.ts';

export interface ComposedSystem extends AsyncDisposable {
  readonly gateway: string;
  readonly mails: string;
  /** RabbitMQ as this machine reaches it, and who may. */
  readonly bus: { port: number; username: string; password: string };
  up(): Promise<void>;
  /** Volumes stay. */
  down(): Promise<void>;
  /** States of health of those that run and have one: `starting`, `healthy`, `unhealthy`. */
  health(): Promise<string[]>;
  /** Runs `compose ARGS`. @returns what it wrote to stdout @throws with the end of its stderr */
  run(...args: string[]): Promise<string>;
}

/** Images and their names come from the environment, as in .env; what is not built yet is built. Disposing removes the volumes, too. */
export async function composedSystem(): Promise<ComposedSystem> {
  const [gatewayPort, mailPort, rabbitMqPort] = [await freePort(), await freePort(), await freePort()];
  const dir = await mkdtemp(join(tmpdir(), 'continuo-compose-'));
  const ports = {
    GATEWAY_PORT: String(gatewayPort),
    MAIL_PORT: String(mailPort),
    RABBITMQ_PORT: String(rabbitMqPort),
  };
  const made = composeEnv();
  const env = { ...made, ...ports };
  const file = join(dir, 'env');
  await writeFile(
    file,
    Object.entries(env)
      .map((pair) => `${pair.join('=')}\n`)
      .join(''),
    { mode: 0o600 },
  );
  const [command, ...first] = composeCommand();
  const name = ['-p', `continuo-test-${process.pid}`, '--env-file', file];
  // What the environment says goes before the file, and it may hold those of another system.
  const run = (...args: string[]) => output(command, [...first, ...name, ...args], env);
  return {
    gateway: `http://127.0.0.1:${gatewayPort}`,
    mails: `http://127.0.0.1:${mailPort}`,
    bus: { port: rabbitMqPort, username: 'continuo', password: made['RABBITMQ_PASSWORD'] as string },
    async up() {
      await run('up', '-d', '--no-build');
    },
    async down() {
      await run('down');
    },
    async health() {
      const ids = (await run('ps', '-q')).split('\n').filter(Boolean);
      const format = '{{if .State.Running}}{{if .State.Health}}{{.State.Health.Status}}{{end}}{{end}}';
      return (await output('docker', ['inspect', '-f', format, ...ids], env)).split('\n').filter(Boolean);
    },
    run,
    async [Symbol.asyncDispose]() {
      await run('down', '-v', '-t', '5');
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** Compose 2 is a part of `docker`, Compose 1 a program of its own. */
function composeCommand(): [command: string, ...first: string[]] {
  const answers = (command: string, ...args: string[]) => spawnSync(command, args, { timeout: 20_000 }).status === 0;
  if (answers('docker', 'compose', 'version')) return ['docker', 'compose'];
  if (answers('docker-compose', 'version')) return ['docker-compose'];
  throw new Error('There is no Compose: neither `docker compose` nor `docker-compose` answers.');
}

function output(command: string, args: string[], env: NodeJS.ProcessEnv): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: ROOT,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let [said, errors] = ['', ''];
    child.stdout.on('data', (chunk) => {
      said += chunk;
    });
    child.stderr.on('data', (chunk) => {
      errors += chunk;
    });
    child.once('error', reject);
    child.once('close', (code) =>
      code === 0 ? resolve(said) : reject(new Error(`${args.join(' ')} ended with ${code}:\n${errors.slice(-3_000)}`)),
    );
  });
}
