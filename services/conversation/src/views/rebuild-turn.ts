// One rebuild at a time: two would fill and take over the same new collections. The turn ends by itself a minute after a rebuild that was killed.
import { newId } from '@continuo/contracts';
import { isDuplicateKey, type Store } from '@continuo/store';

const TURN_MS = 60_000;
const RENEW_MS = TURN_MS / 4;

/** @throws when another rebuild is under way */
export async function takeTurn({ connection }: Store): Promise<AsyncDisposable> {
  const turns = connection.collection<{ _id: string; holder: string; until: number }>('rebuild_turns');
  const holder = newId();
  const mine = { _id: 'conversations', holder };
  const until = () => Date.now() + TURN_MS;
  try {
    await turns.updateOne(
      { _id: mine._id, until: { $lt: Date.now() } },
      { $set: { holder, until: until() } },
      { upsert: true },
    );
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
    throw new Error('Another rebuild is under way. Wait until it is over; after one that was killed, a minute.');
  }
  const renewing = setInterval(() => {
    // Where it fails, so does the rebuild itself.
    turns.updateOne(mine, { $set: { until: until() } }).catch(() => {});
  }, RENEW_MS);
  return {
    async [Symbol.asyncDispose]() {
      clearInterval(renewing);
      await turns.deleteOne(mine);
    },
  };
}
