// npm run backup -- create FOLDER | check FOLDER | restore FOLDER | rotate PARENT NUMBER. Addresses and the identity of `provision` come from the environment
// (docs/operations.md); beside `npm start` it finds them by itself. A backup may be made while everything runs; a restore wants empty servers and no service running. `rotate` is for whoever calls it by the
// clock: a new folder in PARENT each time, of which the last NUMBER stay.
import { connectBus } from '@continuo/bus';
import { readConfig } from '@continuo/runtime';
import { connectStore } from '@continuo/store';
import { config as provisionConfig } from '../provision.ts';
import { backupSurroundings } from '../running.ts';
import { createBackup } from './create.ts';
import { faultsOf, type Manifest, readManifest } from './manifest.ts';
import { restoreBackup } from './restore.ts';
import { rotate } from './rotate.ts';

/** What `provision` reads; a restore that is told no number makes as many copies as there were. */
export const config = {
  ...provisionConfig,
  CONTINUO_NATS_REPLICAS: provisionConfig.CONTINUO_NATS_REPLICAS.unwrap().optional(),
};
export const VERBS = ['create', 'check', 'restore', 'rotate'];
const USAGE =
  'usage: npm run backup -- create FOLDER | check FOLDER | restore FOLDER | rotate PARENT NUMBER (how many of the last ones stay)';

const told = ({ streams, collections, startedAt }: Manifest): string => {
  const documents = collections.reduce((sum, one) => sum + one.documents, 0);
  const messages = streams.reduce((sum, { state }) => sum + Number(state['messages'] ?? 0), 0);
  return `${messages} messages in ${streams.length} streams, ${documents} documents in ${collections.length} collections, as of ${startedAt}`;
};

async function main([verb = '', folder, number]: string[]): Promise<string> {
  const keep = Number(number);
  if (!folder || !VERBS.includes(verb) || (verb === 'rotate' && !(Number.isInteger(keep) && keep > 0)))
    throw new Error(USAGE);
  if (verb === 'check') {
    const backup = await readManifest(folder);
    const faults = await faultsOf(folder, backup);
    if (faults.length > 0) throw new Error(`The backup is damaged: ${faults.join('; ')}.`);
    return `whole: ${told(backup)}`;
  }
  const env = readConfig(config, await backupSurroundings());
  await using bus = await connectBus({
    name: 'admin',
    url: env.CONTINUO_NATS_URL,
    user: env.CONTINUO_NATS_USER,
    password: env.CONTINUO_NATS_PASSWORD,
  });
  await using store = await connectStore({ url: env.CONTINUO_MONGO_URL, database: env.CONTINUO_MONGO_DATABASE });
  const create = async (place: string): Promise<string> =>
    `written: ${told(await createBackup({ bus, store }, place))}`;
  if (verb === 'create') return await create(folder);
  if (verb === 'rotate') {
    let words = '';
    const made = await rotate(async (place) => (words = await create(place)), {
      parent: folder,
      keep,
      now: new Date(),
    });
    return `${made} ${words}`;
  }
  return `restored: ${told(await restoreBackup({ bus, store, replicas: env.CONTINUO_NATS_REPLICAS }, folder))}. Start the services now.`;
}

if (import.meta.main) {
  try {
    process.stdout.write(`${await main(process.argv.slice(2))}\n`);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
