// Which shape the documents have stands in the database; `provision` brings it up to that of the code, forward only. However many run at once, one works
// and the others wait: whoever works holds a lease by the database's own clock and renews it.
import { setTimeout as sleep } from 'node:timers/promises';
import { logger } from '@continuo/telemetry';
import { type Connection, mongo } from 'mongoose';
import { isDuplicateKey } from './duplicate-key.ts';
import { type Migration, migrations } from './migrations.ts';

/** It says of the data that it is there, and is no data itself. */
export const SCHEMA_COLLECTION = 'schema';
const LEASE_MS = 60_000;
const LOOK_AGAIN_MS = 100;
const log = logger('migrate');

interface SchemaDocument {
  _id: 'version';
  version: number;
  worker?: string;
  until?: Date;
}

export class NewerDataError extends Error {
  override name = 'NewerDataError';
  constructor(found: number, known: number) {
    super(
      `the data is of version ${found}, and this release knows versions up to ${known}: start the release that wrote it, or a newer one; nobody can go back but by restoring a backup`,
    );
  }
}

const newest = (steps: readonly Migration[]): number => steps.at(-1)?.version ?? 0;
const collectionOf = (connection: Connection) => connection.collection<SchemaDocument>(SCHEMA_COLLECTION);

/** 0 where it was never said. */
export async function schemaVersion(connection: Connection): Promise<number> {
  return (await collectionOf(connection).findOne({ _id: 'version' }))?.version ?? 0;
}

/** @throws {NewerDataError} */
export function expectKnown(version: number, steps = migrations): void {
  if (version > newest(steps)) throw new NewerDataError(version, newest(steps));
}

/** @returns the steps that were run here @throws {NewerDataError}, or what a step threw: then the next run begins with that step */
export async function migrate(connection: Connection, steps = migrations, leaseMs = LEASE_MS): Promise<number[]> {
  const schema = collectionOf(connection);
  const worker = new mongo.ObjectId().toHexString();
  const lease = { $set: { worker, until: { $add: ['$$NOW', leaseMs] } } };
  const free = { $expr: { $lte: [{ $ifNull: ['$until', new Date(0)] }, '$$NOW'] } };
  await begin(connection);
  const done: number[] = [];
  for (;;) {
    const version = await schemaVersion(connection);
    expectKnown(version, steps);
    const step = steps.find((one) => one.version === version + 1);
    if (!step) return done;
    const { matchedCount } = await schema.updateOne({ _id: 'version', version, ...free }, [lease]);
    if (matchedCount === 0) {
      await sleep(LOOK_AGAIN_MS);
      continue;
    }
    const renewing = setInterval(() => {
      schema
        .updateOne({ _id: 'version', worker }, [lease])
        .catch((err) => log.warn({ err }, 'The lease is not renewed.'));
    }, leaseMs / 3);
    try {
      await step.run(connection);
      const moved = await schema.updateOne(
        { _id: 'version', version, worker },
        { $set: { version: step.version }, $unset: { worker: '', until: '' } },
      );
      // Somebody else took over: he runs the step again, which it is made for.
      if (moved.matchedCount === 0) continue;
      done.push(step.version);
      log.info({ version: step.version }, 'The data has been brought to a newer version.');
    } catch (error) {
      await schema.updateOne({ _id: 'version', worker }, { $unset: { worker: '', until: '' } });
      throw error;
    } finally {
      clearInterval(renewing);
    }
  }
}

async function begin(connection: Connection): Promise<void> {
  try {
    await collectionOf(connection).updateOne({ _id: 'version' }, { $setOnInsert: { version: 0 } }, { upsert: true });
  } catch (error) {
    // Two began at once; his document is as good.
    if (!isDuplicateKey(error)) throw error;
  }
}
