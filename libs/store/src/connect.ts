// One connection to MongoDB per process: majority writes, journaled, and reads of what the majority has.
import { logger, watchGauge } from '@continuo/telemetry';
import mongoose, { type Connection } from 'mongoose';
import { expectKnown, schemaVersion } from './migrate.ts';

const log = logger('store');
const PING_MS = 2_000;

export interface Store extends AsyncDisposable {
  /** A mongoose connection of its own (not the global one): native collections, or models made on it. */
  readonly connection: Connection;
  readonly available: () => boolean;
  /** Asks it: false after two seconds, e.g. from a server that is frozen. */
  readonly answers: () => Promise<boolean>;
}

/** Connects and waits until a primary answers. @throws when none does within 20 s, or when a newer release has written here; later outages are faults of single calls (`isStoreOutage`) */
export async function connectStore({ url, database }: { url: string; database: string }): Promise<Store> {
  const connection = mongoose.createConnection(url, {
    dbName: database,
    writeConcern: { w: 'majority', journal: true },
    readConcern: { level: 'majority' },
    serverSelectionTimeoutMS: 20_000,
    // Fewer sockets than the driver's 100: a service has a handful of writers.
    maxPoolSize: 20,
    autoIndex: false,
    bufferCommands: false,
  });
  const away = () => log.warn('MongoDB does not answer.');
  // Whoever lets go himself is no outage.
  const close = () => connection.off('disconnected', away).close();
  connection.on('disconnected', away);
  connection.on('reconnected', () => log.info('MongoDB answers again.'));
  await connection.asPromise();
  try {
    expectKnown(await schemaVersion(connection));
  } catch (error) {
    await close();
    throw error;
  }
  const available = (): boolean => connection.readyState === 1;
  const answers = async (): Promise<boolean> => available() && (await answersPing(connection));
  const gauge = watchGauge('continuo.store.up', async () => [{ value: (await answers()) ? 1 : 0, labels: {} }]);
  return {
    connection,
    available,
    answers,
    [Symbol.asyncDispose]: async () => {
      gauge[Symbol.dispose]();
      await close();
    },
  };
}

async function answersPing({ db }: Connection): Promise<boolean> {
  const late = new Promise<false>((resolve) => void setTimeout(resolve, PING_MS, false).unref());
  const pong = Promise.resolve(db?.command({ ping: 1 })).then(
    (answer) => answer !== undefined,
    () => false,
  );
  return Promise.race([pong, late]);
}

const OUTAGE = new Set([
  'MongoNetworkError',
  'MongoNetworkTimeoutError',
  'MongoServerSelectionError',
  'MongoNotConnectedError',
  'MongoTopologyClosedError',
  'MongoPoolClearedError',
  'MongoWriteConcernError',
  'MongooseServerSelectionError',
  'PoolClearedOnNetworkError',
]);
/** Not primary, interrupted, shutting down, out of disk: codes of a server that cannot work right now. */
const OUTAGE_CODES = new Set([6, 7, 89, 91, 189, 262, 9001, 10107, 11600, 11602, 13388, 13435, 13436, 14031]);

/** Is this the database being away, rather than a fault of the record at hand? */
export function isStoreOutage(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (OUTAGE.has(error.name) || OUTAGE_CODES.has((error as { code?: number }).code ?? 0)) return true;
  // A bulk write wraps what kept it from the server as if it were the server's answer.
  const { cause, errorResponse } = error as { cause?: unknown; errorResponse?: unknown };
  return isStoreOutage(cause) || isStoreOutage(errorResponse);
}
