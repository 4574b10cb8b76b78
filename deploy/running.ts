// What `npm start` says about itself, so that the operator's tools beside it find the servers by themselves: where NATS listens and the operator's password,
// in a file that its owner alone may read, for as long as the launcher lives.
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Bus, connectBus } from '@continuo/bus';
import { busConfig, readConfig } from '@continuo/runtime';
import { identify, isRunning, type ProcessIdentity } from '@continuo/servers';
import { ROOT } from './run-node.ts';

export interface Installation {
  natsUrl: string;
  /** Of the identity `operator`. */
  password: string;
}
interface Noted extends Installation {
  owner: ProcessIdentity;
}

const FILE = join(ROOT, '.cache', 'running.json');

/** Of several installations the last one started is found. Disposing takes the word back, unless another has come since. */
export async function noteRunning(installation: Installation, file = FILE): Promise<AsyncDisposable> {
  const noted: Noted = { ...installation, owner: identify(process.pid) as ProcessIdentity };
  await mkdir(dirname(file), { recursive: true });
  await writeFile(`${file}.${process.pid}`, JSON.stringify(noted), { mode: 0o600 });
  await rename(`${file}.${process.pid}`, file);
  return {
    [Symbol.asyncDispose]: async () => {
      if ((await read(file))?.owner.pid === process.pid) await rm(file, { force: true });
    },
  };
}

/** As the operator, where the environment says; where it names no server, to what `npm start` has started. */
export async function connectOperator(env: NodeJS.ProcessEnv = process.env, file = FILE): Promise<Bus> {
  const {
    CONTINUO_NATS_URL: url,
    CONTINUO_NATS_USER: user,
    CONTINUO_NATS_PASSWORD: password,
  } = readConfig(busConfig, await operatorSurroundings(env, file));
  return await connectBus({ name: 'operator', url, user, password });
}

/** The environment, with what is running filled in. */
export async function operatorSurroundings(env: NodeJS.ProcessEnv, file: string): Promise<NodeJS.ProcessEnv> {
  if (env['CONTINUO_NATS_URL'] !== undefined) return env;
  const noted = await read(file);
  if (!noted || !isRunning(noted.owner)) return env;
  const { natsUrl, password } = noted;
  return { ...env, CONTINUO_NATS_URL: natsUrl, CONTINUO_NATS_USER: 'operator', CONTINUO_NATS_PASSWORD: password };
}

const read = (file: string): Promise<Noted | undefined> =>
  readFile(file, 'utf8').then(
    (text) => JSON.parse(text) as Noted,
    () => undefined,
  );
