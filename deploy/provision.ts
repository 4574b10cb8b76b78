// Makes streams, durable consumers and buckets from the catalogue, with an identity of its own, and brings documents to the shape of this release. Run before the services, and again after every update.
import { connectBus, provision } from '@continuo/bus';
import { busConfig, readConfig, storeConfig } from '@continuo/runtime';
import { connectStore, migrate } from '@continuo/store';
import { z } from 'zod';

export const config = {
  ...busConfig,
  ...storeConfig,
  CONTINUO_NATS_REPLICAS: z.coerce
    .number()
    .pipe(z.union([z.literal(1), z.literal(3), z.literal(5)]))
    .default(1)
    .describe('copies of each stream in a NATS cluster'),
};

if (import.meta.main) {
  try {
    const env = readConfig(config);
    await using bus = await connectBus({
      name: 'admin',
      url: env.CONTINUO_NATS_URL,
      user: env.CONTINUO_NATS_USER,
      password: env.CONTINUO_NATS_PASSWORD,
    });
    // Before anything is changed: data that is too new is left alone.
    await using store = await connectStore({ url: env.CONTINUO_MONGO_URL, database: env.CONTINUO_MONGO_DATABASE });
    await migrate(store.connection);
    await provision(bus, { replicas: env.CONTINUO_NATS_REPLICAS });
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
