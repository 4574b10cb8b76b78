// MongoDB as a replica set of three on loopback: writes are acknowledged by the majority, and another member takes over when the primary goes.
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { launchMongod, REPLICA_SET } from './mongo.ts';
import { mongoCommand } from './mongo-wire.ts';
import { type Restartable, restartable } from './restartable.ts';

export interface MongoSet extends AsyncDisposable {
  readonly url: string;
  readonly members: readonly Restartable[];
  /** Who takes writes now; waits for an election that is under way. */
  primary(): Promise<Restartable>;
  /** The primary hands over to another member and stays. */
  stepDown(): Promise<void>;
}

const SIZE = 3;
const ELECTED_WITHIN_MS = 60_000;
const ASIDE_SECONDS = 20;

export async function startMongoSet({ dir }: { dir: string }): Promise<MongoSet> {
  await using stack = new AsyncDisposableStack();
  const members = await Promise.all(
    Array.from({ length: SIZE }, async (_, index) =>
      stack.use(
        await restartable((port, again) =>
          launchMongod(
            join(dir, `mongo-${index + 1}`),
            port,
            again ? joined : (here) => mongoCommand(here, { ping: 1 }),
          ),
        ),
      ),
    ),
  );
  const hosts = members.map(({ current }) => `127.0.0.1:${current.port}`);
  await mongoCommand((members[0] as Restartable).current.port, {
    replSetInitiate: { _id: REPLICA_SET, members: hosts.map((host, _id) => ({ _id, host })) },
  });

  async function primary(): Promise<Restartable> {
    for (const deadline = Date.now() + ELECTED_WITHIN_MS; Date.now() < deadline; await sleep(100))
      for (const member of members) {
        const hello = await mongoCommand(member.current.port, { hello: 1 }, { timeoutMs: 1_000 }).catch(
          () => undefined,
        );
        if (hello?.isWritablePrimary) return member;
      }
    throw new Error(`the replica set had no primary for ${ELECTED_WITHIN_MS / 1000} s`);
  }
  await primary();
  await Promise.all(members.map(({ current }) => untilJoined(current.port)));
  const owned = stack.move();
  return {
    url: `mongodb://${hosts.join(',')}/?replicaSet=${REPLICA_SET}`,
    members,
    primary,
    async stepDown() {
      const { current } = await primary();
      await mongoCommand(current.port, { replSetStepDown: ASIDE_SECONDS }, { timeoutMs: 30_000 });
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

async function untilJoined(port: number): Promise<void> {
  for (const deadline = Date.now() + ELECTED_WITHIN_MS; ; await sleep(100)) {
    try {
      return await joined(port);
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
  }
}

/** @throws while it neither leads nor follows */
async function joined(port: number): Promise<void> {
  const { isWritablePrimary, secondary } = await mongoCommand(port, { hello: 1 });
  if (!isWritablePrimary && !secondary) throw new Error('the member has not joined its replica set yet');
}
