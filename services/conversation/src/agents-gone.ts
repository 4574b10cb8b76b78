// Employees whose last socket is gone leave the desk, and their dialogues go back to the queue. Told by expired leases; since nobody may have been watching
// when one expired, desk and leases are also compared at start and every minute.
import { type Bus, type Leases, watchLeases } from '@continuo/bus';
import type { Actor } from '@continuo/contracts';
import { deriveId } from '@continuo/runtime';
import { logger } from '@continuo/telemetry';
import type { DeskState } from './domain/desk/state.ts';
import { loadOf } from './domain/desk/state.ts';
import { actOnDesk, type Domain } from './handle.ts';

const COMPARE_EVERY_MS = 60_000;
const FIRST_COMPARISON_MS = 15_000;
/** After an outage leases are renewed within moments; whoever is back by then was not gone. */
const SECOND_LOOK_MS = 3_000;
const actor: Actor = { kind: 'system', id: 'presence' };
const log = logger('agents-gone');

/** Starts watching; disposing stops. */
export async function sendAwayWhoIsGone(bus: Bus, domain: Domain): Promise<AsyncDisposable> {
  const looks = new Set<NodeJS.Timeout>();
  const lookAgain = (site: string, agent: string): void => {
    const look = setTimeout(() => {
      looks.delete(look);
      sendAway(domain, leases, site, agent).catch((error: unknown) =>
        log.warn({ err: error, agent }, 'An agent who is gone stays until the next comparison.'),
      );
    }, SECOND_LOOK_MS);
    looks.add(look);
  };
  const leases: Leases = await watchLeases(bus, lookAgain);
  const compare = async (): Promise<void> => {
    await leases.reread();
    for (const { id: site } of domain.settings.sites()) {
      const { state: desk } = await domain.desks.current(site, '');
      for (const agent of desk.agents.keys())
        if (isAtWork(desk, agent) && !leases.isPresent(site, agent)) lookAgain(site, agent);
    }
  };
  const compareSafely = (): void =>
    void compare().catch((error: unknown) => log.warn({ err: error }, 'Desk and leases could not be compared.'));
  // After a start of the whole installation employees come back within moments: theirs are the dialogues they had.
  const first = setTimeout(compareSafely, FIRST_COMPARISON_MS);
  const ticker = setInterval(compareSafely, COMPARE_EVERY_MS);
  return {
    [Symbol.asyncDispose]: async () => {
      clearTimeout(first);
      clearInterval(ticker);
      for (const look of looks) clearTimeout(look);
      await leases[Symbol.asyncDispose]();
    },
  };
}

async function sendAway(domain: Domain, leases: Leases, site: string, agent: string): Promise<void> {
  if (leases.isPresent(site, agent)) return;
  const { state: desk, seq } = await domain.desks.current(site, '');
  const known = desk.agents.get(agent);
  if (!known || !isAtWork(desk, agent)) return;
  // The same for every replica that noticed it on the same desk: it happens once.
  const id = deriveId('gone', site, agent, String(seq));
  const result = await actOnDesk(
    domain,
    { id, site, actor },
    { name: 'set-state', agent, state: 'offline', capacity: known.capacity },
  );
  if (result.kind === 'stored') log.info({ site, agent }, 'An agent is gone; his dialogues wait for another.');
}

const isAtWork = (desk: DeskState, agent: string): boolean =>
  desk.agents.get(agent)?.state !== 'offline' || loadOf(desk, agent) > 0;
