// Makes the views in MongoDB anew from the stream, while everything runs: with the environment of the conversation service, or by `npm run rebuild-views`, which
// finds what `npm start` runs. Broken off, it is run again.
import { connectBus } from '@continuo/bus';
import { readConfig } from '@continuo/runtime';
import { connectStore } from '@continuo/store';
import { config } from '../config.ts';
import { rebuildViews } from './rebuild.ts';

try {
  const env = readConfig(config);
  await using store = await connectStore({ url: env.CONTINUO_MONGO_URL, database: env.CONTINUO_MONGO_DATABASE });
  await using bus = await connectBus({
    name: 'conversation',
    url: env.CONTINUO_NATS_URL,
    user: env.CONTINUO_NATS_USER,
    password: env.CONTINUO_NATS_PASSWORD,
  });
  const { conversations, events, compared, leftOut } = await rebuildViews(bus, store);
  process.stdout.write(
    `Rebuilt ${conversations} conversations from ${events} events; ${compared} compared with the stream and equal.\n`,
  );
  if (leftOut.length > 0)
    process.stdout.write(
      `Left out, as in the views before: what is no event of a dialogue, with the sequences ${leftOut.join(', ')}. npm run parked -- list names what was not discarded yet.\n`,
    );
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
