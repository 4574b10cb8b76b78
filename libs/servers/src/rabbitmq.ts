// A RabbitMQ node of its own on loopback: own name, data, cookie and ports, also for the name server that Erlang nodes ask for each other. It disturbs no
// other RabbitMQ on this machine, and none disturbs it.
import { execFile } from 'node:child_process';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from './ports.ts';
import { launch, onPort, type RunningServer, running } from './processes.ts';
import { resolveRabbitMq } from './rabbitmq-resolve.ts';

/** On a busy machine an Erlang node takes its time. */
const START_TIMEOUT_MS = 180_000;

export interface RabbitMqOptions {
  /** Data and logs; kept between starts. */
  dir: string;
  /** A free one when left out. */
  port?: number;
  onProgress?: (line: string) => void;
}

export interface RunningRabbitMq extends RunningServer {
  /** What its operator does with it: the arguments of rabbitmqctl. */
  ctl(...args: string[]): Promise<void>;
}
const run = promisify(execFile);

/** @returns its url with the user `guest`, who may connect from this machine alone */
export async function startRabbitMq({ dir, port, onProgress }: RabbitMqOptions): Promise<RunningRabbitMq> {
  const { server: command, erlangBin } = await resolveRabbitMq(onProgress ? { onProgress } : {});
  const home = resolve(dir);
  await mkdir(home, { recursive: true });
  return onPort(port, async (chosen) => {
    // Kept running by us, not by the node: a name server that a node starts for itself outlives it.
    const epmdPort = await freePort();
    const epmd = await launch({
      name: 'epmd',
      dir: join(home, 'epmd'),
      port: epmdPort,
      command: erlangBin ? join(erlangBin, 'epmd') : 'epmd',
      args: ['-port', String(epmdPort), '-address', '127.0.0.1'],
    });
    try {
      const env = await environment(home, chosen, epmdPort, erlangBin);
      const node = await launch({
        name: 'rabbitmq-server',
        dir: home,
        port: chosen,
        command,
        args: [],
        env,
        // A script that waits for the node, which ends when it is told to.
        lastSignal: 'SIGTERM',
      });
      await node.waitUntil(() => greets(chosen), START_TIMEOUT_MS);
      const server = running(`amqp://guest:guest@127.0.0.1:${chosen}`, chosen, node);
      // Whatever ends the node, its folder is free for the next one when it is said to have ended.
      const exited = node.exited.then(async (how) => {
        await epmd.stop();
        return how;
      });
      const stop = async (): Promise<void> => {
        await node.stop(30_000);
        await exited;
      };
      const ctl = async (...args: string[]): Promise<void> => {
        await run(join(dirname(command), 'rabbitmqctl'), args, { env });
      };
      return { ...server, exited, stop, ctl, [Symbol.asyncDispose]: stop };
    } catch (error) {
      await epmd.stop();
      throw error;
    }
  });
}

async function environment(
  dir: string,
  port: number,
  epmdPort: number,
  erlangBin: string | undefined,
): Promise<NodeJS.ProcessEnv> {
  const config = join(dir, 'rabbitmq.conf');
  const plugins = join(dir, 'enabled_plugins');
  await writeFile(config, `listeners.tcp.1 = 127.0.0.1:${port}\nlog.console = true\nlog.console.level = warning\n`);
  await writeFile(plugins, '[].\n');
  return {
    ...withoutRabbit(process.env),
    ...(erlangBin && { PATH: `${erlangBin}:${process.env.PATH}` }),
    // The cookie is ~/.erlang.cookie.
    HOME: await ownHome(join(dir, 'home')),
    // The data belongs to this name; the name server of its own keeps it from clashing.
    RABBITMQ_NODENAME: 'rabbit@localhost',
    RABBITMQ_CONF_ENV_FILE: join(dir, 'none.conf'),
    RABBITMQ_CONFIG_FILE: config,
    RABBITMQ_ENABLED_PLUGINS_FILE: plugins,
    RABBITMQ_MNESIA_BASE: join(dir, 'mnesia'),
    RABBITMQ_MNESIA_DIR: join(dir, 'mnesia', 'node'),
    RABBITMQ_LOG_BASE: join(dir, 'log'),
    RABBITMQ_PID_FILE: join(dir, 'rabbit.pid'),
    RABBITMQ_DIST_PORT: String(await freePort()),
    // One scheduler is enough for what it has to do here, and leaves the others to the services.
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '-kernel inet_dist_use_interface {127,0,0,1} +S 1:1 +sbwt none',
    ERL_EPMD_ADDRESS: '127.0.0.1',
    ERL_EPMD_PORT: String(epmdPort),
  };
}

/** What is set for another RabbitMQ on this machine is not for this one. */
const withoutRabbit = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(env).filter(([name]) => !/^(RABBITMQ|ERL)_/.test(name)));

async function ownHome(dir: string): Promise<string> {
  await mkdir(dir, { recursive: true });
  const cookie = join(dir, '.erlang.cookie');
  // Erlang refuses one that others may read.
  if (await readFile(cookie).catch(() => undefined)) await chmod(cookie, 0o400);
  return dir;
}

/** AMQP 0-9-1: the client greets; a ready server answers with a method frame. */
function greets(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port }, () =>
      socket.write(Buffer.from('AMQP\u0000\u0000\u0009\u0001', 'latin1')),
    );
    socket.setTimeout(2_000, () => socket.destroy(new Error('no answer')));
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('closed before it greeted')));
    socket.on('data', () => {
      resolve();
      socket.destroy();
    });
  });
}
