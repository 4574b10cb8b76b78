// An employee comes: his session cookie says who he is. What happens while his welcome is gathered is kept and follows it.
import { ask, UnavailableError } from '@continuo/bus';
import type { Actor, AgentRef, AgentSettings, DeskSummary } from '@continuo/contracts';
import { newId } from '@continuo/contracts/ids';
import { clock } from '@continuo/runtime';
import { isStoreOutage } from '@continuo/store';
import { type Connection, fail, failForNow, send, sendBytes } from './connection.ts';
import { maxBytesOf } from './files/upload.ts';
import type { Gateway } from './gateway.ts';
import type { Agent } from './hub.ts';
import { isOwnOrigin } from './own-origin.ts';
import { sessionIn } from './sessions/cookie.ts';

const FIRST_PAGE = 50;
/** Frames that wait for a welcome; its answers are overdue by then. */
const MOST_EARLY = 10_000;
const RETRY_MS = 2_000;
const NO_DESK: DeskSummary = { availability: 'offline', waiting: 0, agents: [] };

/** @returns the agent once he is welcome; otherwise he has been told why not */
export async function greetAgent(gateway: Gateway, connection: Connection): Promise<Agent | undefined> {
  const { settings, hub, presence, leases } = gateway;
  if (!isOwnOrigin(gateway, connection))
    return void fail(connection, 'origin-refused', 'The console works on its own address only.', { fatal: true });
  let agent: Agent | undefined;
  try {
    const session = await gateway.sessions.read(sessionIn(connection.cookie));
    const me = session && settings.agent(session.site, session.agent);
    if (!session || !me) return void fail(connection, 'not-logged-in', 'Log in first.', { fatal: true });
    agent = {
      kind: 'agent',
      connection,
      site: me.site,
      id: me.id,
      role: me.role,
      session: session.id,
      opened: new Map(),
      early: [],
    };
    hub.addAgent(agent);
    leases.came(agent);
    await welcome(gateway, agent, me);
    presence.watch(me.site);
    for (const visitor of presence.online(me.site)) send(connection, { t: 'presence', visitor, online: true });
    if (!gateway.outage.up()) send(connection, { t: 'service', up: false });
    return agent;
  } catch (error) {
    if (agent) {
      hub.removeAgent(agent);
      leases.left(agent);
    }
    if (error instanceof UnavailableError) gateway.outage.suspect();
    else if (!isStoreOutage(error)) throw error;
    return void failForNow(connection, 'unavailable', 'The service does not answer at the moment.', RETRY_MS);
  }
}

async function welcome({ bus, config, desks, settings }: Gateway, agent: Agent, me: AgentSettings): Promise<void> {
  const envelope = { id: newId(), site: me.site, actor: actorOf(agent) };
  const [inbox, desk] = await Promise.all([
    ask(bus, 'inbox', envelope, { filter: 'all', limit: FIRST_PAGE }),
    ask(bus, 'desk', { ...envelope, id: newId() }, {}),
  ]);
  const site = settings.site(me.site);
  const { ok: _ok, ...asked } = desk.ok ? desk : { ok: false, ...NO_DESK };
  send(agent.connection, {
    t: 'welcome',
    me: {
      ...refOf(me),
      site: me.site,
      role: me.role,
      email: me.email,
      capacity: me.capacity,
    },
    site: {
      id: me.site,
      name: site?.name ?? '',
      fileBytes: maxBytesOf(config),
      ...(site?.surveys?.length && { surveys: site.surveys }),
    },
    agents: settings.agents(me.site).map((each) => ({ ...refOf(each), role: each.role })),
    // Desk events may be ahead of the answer; they never are behind it for long.
    desk: desks.deskOf(me.site) ?? asked,
    inbox: inbox.ok ? inbox.conversations : [],
    time: clock.now(),
  });
  const { early } = agent;
  agent.early = undefined;
  for (const bytes of early ?? []) sendBytes(agent.connection, bytes);
}

export const actorOf = ({ id, role }: Agent): Actor => ({ kind: 'agent', id, role });

/** To an agent's socket, or to what follows his welcome. */
export function toAgent(agent: Agent, bytes: Buffer): void {
  if (!agent.early) sendBytes(agent.connection, bytes);
  else if (agent.early.push(bytes) > MOST_EARLY) {
    agent.early = [];
    failForNow(agent.connection, 'unavailable', 'Too much happens to be shown in order. Try again.', RETRY_MS);
  }
}

const refOf = ({ id, name, photo }: AgentSettings): AgentRef => ({
  id,
  name,
  ...(photo !== undefined && { photo }),
});
