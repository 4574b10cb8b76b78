// Makes streams, durable consumers and buckets from the catalogue, with an identity of its own. Run before the services, and again after every update.
import { connectBus, provision } from '@continuo/bus';
import { busConfig, readConfig } from '@continuo/runtime';
import { z } from 'zod';

export const config = {
  ...busConfig,
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
    await provision(bus, { replicas: env.CONTINUO_NATS_REPLICAS });
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
