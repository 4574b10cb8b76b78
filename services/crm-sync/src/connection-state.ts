// How a connection of a site stands, as people are told; and the news of it on the CRM stream.
import { append, type Bus, newEvent, UnavailableError } from '@continuo/bus';
import type { CrmConnectionState } from '@continuo/contracts';
import { clock } from '@continuo/runtime';
import { logger } from '@continuo/telemetry';
import type { Connections, SiteConnection } from './connections.ts';
import type { Which } from './domain/which.ts';
import type { Gates, Standing } from './gate.ts';
import { type Links, linksOf } from './links.ts';

const log = logger('crm-sync');
const WORDS = 500;

export interface StateParts {
  connections: Connections;
  gates: Gates;
  links: Pick<Links, 'collection'>;
}

export async function connectionState(parts: StateParts, connection: SiteConnection): Promise<CrmConnectionState> {
  const [standing, checking] = await Promise.all([
    parts.gates.standing(connection.key, connection.revision),
    parts.links.collection.countDocuments({ ...linksOf(connection), recheck: { $exists: true } }),
  ]);
  return { ...stateOf(connection, standing, clock.now()), checking };
}

/** Pure. @param now product's time */
export function stateOf(
  {
    id: connection,
    name,
    connector,
    host,
    pushes,
    unread,
    unusable,
  }: Pick<SiteConnection, 'id' | 'name' | 'connector' | 'host' | 'pushes' | 'unread' | 'unusable'>,
  { breaker, paused, now: gateNow }: Standing,
  now: number,
): Omit<CrmConnectionState, 'checking'> {
  const { id, makesFields = false } = connector.describe;
  const { failures, stopped, because, pausedUntil } = breaker;
  const whose = { connector: id, connection, name, host, pushes, makesFields };
  if (unusable && !paused) {
    const { failure, words, sealed } = unusable;
    const state = stateWord({ breaker }, unusable);
    return {
      ...whose,
      state,
      failure,
      words: words.slice(0, WORDS),
      ...(sealed && { sealed }),
    };
  }
  const waits = failures > 0 || stopped;
  const retryInMs = pausedUntil - gateNow;
  return {
    ...whose,
    state: stateWord({ breaker, ...(paused && { paused }) }, undefined),
    ...(paused && { paused }),
    ...(waits && because && { failure: because.failure, words: because.words.slice(0, WORDS) }),
    ...(unread !== undefined && { unread: unread.slice(0, WORDS) }),
    ...(!stopped && !paused && retryInMs > 0 && { retryAt: Math.round(now + retryInMs) }),
  };
}

export function stateWord(
  standing: Omit<Standing, 'now'> | undefined,
  unusable: SiteConnection['unusable'],
): CrmConnectionState['state'] {
  if (standing?.paused) return 'paused';
  if (unusable) return unusable.failure === 'mapping-faulty' ? 'waiting' : 'stopped';
  if (standing?.breaker.stopped) return 'stopped';
  return standing && standing.breaker.failures > 0 ? 'waiting' : 'works';
}

/** News only: whoever missed it asks how the connection stands. So nothing waits for it and nothing fails with it. */
export async function reportConnection(bus: Bus, parts: StateParts, { site, id }: Which): Promise<void> {
  const connection = await parts.connections.of(site, id);
  if (connection) await tell(bus, site, await connectionState(parts, connection));
}

/** @param state as it stood until then */
export const reportRemoved = (bus: Bus, site: string, state: CrmConnectionState): Promise<void> =>
  tell(bus, site, { ...state, removed: true });

async function tell(bus: Bus, site: string, data: CrmConnectionState): Promise<void> {
  try {
    const actor = { kind: 'system', id: 'crm-sync' } as const;
    await append(bus, newEvent('crm-connection-changed', { site, key: site, actor, cause: site, data }), 'any');
  } catch (error) {
    if (!(error instanceof UnavailableError)) throw error;
    log.warn({ err: error, site }, 'Nobody could be told how a CRM connection stands.');
  }
}
