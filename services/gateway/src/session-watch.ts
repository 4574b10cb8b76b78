// Open sockets of employees whose session has ended are ended too, on every gateway: at once when somebody logged out or in anew, or his password changed,
// since whoever ends sessions says so; when they expire, or that was not heard, within the seconds between two looks.
import { sendSignal } from '@continuo/bus';
import { isStoreOutage } from '@continuo/store';
import { logger } from '@continuo/telemetry';
import { fail } from './connection.ts';
import type { Gateway } from './gateway.ts';
import type { Agent } from './hub.ts';

const log = logger('session-watch');

/** Has every gateway look at an employee's sessions, this one first. */
export async function tellSessionsEnded(gateway: Gateway, site: string, agent: string): Promise<void> {
  sendSignal(gateway.bus, 'sessions-ended', site, agent, {});
  await checkSessions(gateway, agent);
}

/** Looks at every session that has a socket here, or at those of one employee, in one query. While MongoDB is away nobody is sent out. */
export async function checkSessions({ hub, sessions }: Gateway, of?: string): Promise<void> {
  const agents = [...hub.agents()].filter(({ id }) => of === undefined || id === of);
  if (agents.length === 0) return;
  try {
    const good = await sessions.stillGood(agents.map(({ session }) => session));
    for (const agent of agents) if (!good.has(agent.session)) sendOut(agent);
  } catch (error) {
    if (isStoreOutage(error)) log.warn('Sessions could not be checked: MongoDB does not answer.');
    else log.error({ err: error }, 'Sessions could not be checked.');
  }
}

/** Settings changed: roles hold at once, and who is no employee any more leaves. */
export function followSettings({ hub, settings }: Gateway): void {
  for (const agent of hub.agents()) {
    const now = settings.agent(agent.site, agent.id);
    if (now) agent.role = now.role;
    else sendOut(agent);
  }
}

const sendOut = ({ connection }: Agent): void =>
  fail(connection, 'not-logged-in', 'The session has ended. Log in again.', { fatal: true });
