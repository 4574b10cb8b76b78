// What `npm start` says about itself, so that the operator's tools beside it find the servers by themselves: where they listen and the passwords that the
// tools need, in a file that its owner alone may read, for as long as the launcher lives.
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
  /** Of the identity `admin`, who alone may copy streams. */
  adminPassword?: string;
  /** What it takes to make the views of conversations anew. */
  views?: {
    mongoUrl: string;
    database: string;
    /** Of the identity `conversation`, who alone writes them. */
    password: string;
  };
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

/**
 * As the operator, where the environment says; where it names no server, to what `npm start` has started.
 * @throws what to do where neither says anything of NATS, or one sentence when no server answers there
 */
export async function connectOperator(env: NodeJS.ProcessEnv = process.env, file = FILE): Promise<Bus> {
  const surroundings = await operatorSurroundings(env, file);
  if (!Object.keys(surroundings).some((name) => name.startsWith('CONTINUO_NATS_')))
    throw nothingFound('that an operator could speak to', 'the identity operator', NATS);
  const {
    CONTINUO_NATS_URL: url,
    CONTINUO_NATS_USER: user,
    CONTINUO_NATS_PASSWORD: password,
  } = readConfig(busConfig, surroundings);
  return await connectBus({ name: 'operator', url, user, password });
}

/** The environment, with what is running filled in. */
export async function operatorSurroundings(env: NodeJS.ProcessEnv, file: string): Promise<NodeJS.ProcessEnv> {
  if (Object.keys(env).some((name) => /^CONTINUO_NATS_URL/.test(name))) return env;
  const noted = await living(file);
  if (!noted) return env;
  const { natsUrl, password } = noted;
  return filledIn(env, {
    CONTINUO_NATS_URL: natsUrl,
    CONTINUO_NATS_USER: 'operator',
    CONTINUO_NATS_PASSWORD: password,
  });
}

/** Of what is filled in nothing is said a second time by a file. */
const filledIn = (env: NodeJS.ProcessEnv, values: Record<string, string>): NodeJS.ProcessEnv => ({
  ...Object.fromEntries(Object.entries(env).filter(([name]) => !(name.replace(/_FILE$/, '') in values))),
  ...values,
});

/** The environment of whoever makes the views anew, as above. @throws what to do where neither the environment nor anything that runs names the servers */
export function viewsSurroundings(env: NodeJS.ProcessEnv = process.env, file = FILE): Promise<NodeJS.ProcessEnv> {
  return bothServers(env, file, {
    user: 'conversation',
    passwordOf: ({ views }) => views?.password,
    words: 'whose views could be made anew',
    as: 'its conversation service',
  });
}

/** The environment of whoever makes a backup, as above. */
export function backupSurroundings(env: NodeJS.ProcessEnv = process.env, file = FILE): Promise<NodeJS.ProcessEnv> {
  return bothServers(env, file, {
    user: 'admin',
    passwordOf: ({ adminPassword }) => adminPassword,
    words: 'of which to make a backup, or onto which to restore one',
    as: 'its provision',
  });
}

interface Who {
  user: string;
  passwordOf(installation: Installation): string | undefined;
  words: string;
  as: string;
}

async function bothServers(
  env: NodeJS.ProcessEnv,
  file: string,
  { user, passwordOf, words, as }: Who,
): Promise<NodeJS.ProcessEnv> {
  if (Object.keys(env).some((name) => /^CONTINUO_(NATS|MONGO)_URL/.test(name))) return env;
  const found = await living(file);
  const password = found && passwordOf(found);
  if (!found?.views || password === undefined)
    throw nothingFound(words, as, [...NATS, 'CONTINUO_MONGO_URL', 'CONTINUO_MONGO_DATABASE']);
  return filledIn(env, {
    CONTINUO_NATS_URL: found.natsUrl,
    CONTINUO_NATS_USER: user,
    CONTINUO_NATS_PASSWORD: password,
    CONTINUO_MONGO_URL: found.views.mongoUrl,
    CONTINUO_MONGO_DATABASE: found.views.database,
  });
}

const NATS = ['CONTINUO_NATS_URL', 'CONTINUO_NATS_USER', 'CONTINUO_NATS_PASSWORD'];
const nothingFound = (what: string, who: string, variables: string[]): Error =>
  new Error(
    `Nothing was found ${what}. Either start it with npm start and try again beside it, or say where it runs, in the environment, as ${who} has it: ${variables.join(', ')}.`,
  );

/** A launcher that was killed took nothing back. */
async function living(file: string): Promise<Noted | undefined> {
  const noted = await read(file);
  return noted && isRunning(noted.owner) ? noted : undefined;
}

const read = (file: string): Promise<Noted | undefined> =>
  readFile(file, 'utf8').then(
    (text) => JSON.parse(text) as Noted,
    () => undefined,
  );
