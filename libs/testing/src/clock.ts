// Moves the product's clock: an offset in a file that every process of the world reads, and every durable timer due by the new time is fired.

import { readFile, rename, writeFile } from 'node:fs/promises';
import type { Bus } from '@continuo/bus';
import { DUE_HEADER } from '@continuo/bus';
import { headers } from '@nats-io/transport-node';
import { eventually } from './eventually.ts';

export interface TestClock {
  /** Milliseconds since 1970, as the product sees them. */
  now(): Promise<number>;
  advance(milliseconds: number): Promise<void>;
}

export function testClock(file: string, admin: Bus): TestClock {
  const offset = async (): Promise<number> => Number(await readFile(file, 'utf8').catch(() => '0'));
  return {
    now: async () => Date.now() + (await offset()),
    async advance(milliseconds) {
      const next = (await offset()) + milliseconds;
      // Renamed into place: no reader ever sees half a number.
      await writeFile(`${file}.next`, String(next));
      await rename(`${file}.next`, file);
      if (admin.up()) await rearm(admin, next);
      else rearmWhenUp();
    },
  };

  /** While NATS is away nothing can be fired; what fell due meanwhile is, when it is back. */
  function rearmWhenUp(): void {
    const stop = admin.onStatus((up) => {
      if (!up) return;
      stop();
      void eventually(async () => rearm(admin, await offset()));
    });
  }
}

/** Sets each standing schedule to its moment on the moved clock; what is overdue fires now. One that changed meanwhile is left to its setter. */
async function rearm(admin: Bus, offset: number): Promise<void> {
  const subjects = (await admin.jsm.streams.info('TIMERS', { subjects_filter: 'timer.set.>' })).state.subjects ?? {};
  for (const subject of Object.keys(subjects)) {
    const message = await admin.jsm.streams.getMessage('TIMERS', { last_by_subj: subject }).catch(() => null);
    const due = Number(message?.header.get(DUE_HEADER));
    if (!message || !due) continue;
    const head = headers();
    for (const name of ['Nats-Schedule-Target', 'Nats-Schedule-TTL', DUE_HEADER])
      head.set(name, message.header.get(name));
    head.set('Nats-Schedule', `@at ${new Date(Math.max(due - offset, Date.now() + 1)).toISOString()}`);
    await admin.js
      .publish(subject, message.data, { headers: head, expect: { lastSubjectSequence: message.seq } })
      .catch((error: unknown) => {
        if (!(error instanceof Error && /wrong last sequence/i.test(error.message))) throw error;
      });
  }
}
