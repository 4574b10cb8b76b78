// One call that a person wants, whatever the gate thinks of the CRM: it tells the gate what came of it, and when it works everything that waits goes.
import type { Bus } from '@continuo/bus';
import type { CrmFailure } from '@continuo/contracts';
import type { Connections } from './connections.ts';
import type { Crm } from './connectors/connector.ts';
import { CrmError } from './connectors/crm-error.ts';
import { failureOf } from './failures.ts';
import type { Gates } from './gate.ts';
import type { Links } from './links.ts';
import { wakeWaiting } from './wake.ts';

/** Whoever sends a command waits for five seconds. */
const TEST_MS = 4_000;

const tooSlowFor = (name: string): string =>
  `${name} did not answer within ${TEST_MS / 1000} seconds, which is as long as a test waits. What is written is waited for longer and tried again, so it may work all the same.`;

/** `unread`: it works, but what the company tells back is not read. */
export type Tested = 'works' | 'missing' | { failure: CrmFailure; words: string } | { unread: string };

export async function testConnection(
  parts: { bus: Bus; links: Links; connections: Connections; gates: Gates },
  which: { site: string; id?: string | undefined },
): Promise<Tested> {
  const { connections, gates } = parts;
  const connection = await connections.of(which.site, which.id);
  if (!connection) return 'missing';
  const { key, revision, unusable } = connection;
  // Nothing is asked of the CRM, so the gate hears nothing of it.
  if (unusable) return unusable;
  let crm: Crm;
  const patience = AbortSignal.timeout(TEST_MS);
  try {
    crm = connection.open(patience);
    await crm.check();
  } catch (error) {
    if (!(error instanceof CrmError)) throw error;
    const failure = failureOf(error);
    const tooSlow = patience.aborted && failure === 'unreachable';
    const words = tooSlow ? tooSlowFor(connection.name) : error.message;
    await gates.tell(key, revision, { failure, words, retryAfterMs: error.retryAfterMs });
    return { failure, words };
  }
  await gates.tell(key, revision, 'success');
  await connections.touch(key);
  await wakeWaiting(parts, connection);
  try {
    // What is written goes whether contacts come back or not, so the gate is not told.
    await crm.checkReading?.();
  } catch (error) {
    if (!(error instanceof CrmError)) throw error;
    return { unread: error.message };
  }
  return 'works';
}
