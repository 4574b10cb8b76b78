// How employees log in and stay logged in. The gateway's own collections: `logins` (password hashes) and `sessions` (a hash of the cookie's number), never in an event.
import { createHash, randomBytes } from 'node:crypto';
import { refuse } from '@continuo/bus';
import type { CommandData, Envelope, Reply } from '@continuo/contracts';
import { clock } from '@continuo/runtime';
import type { Store } from '@continuo/store';
import { hashPassword, isPasswordHash, verifyPassword } from './password.ts';

/** A session ends so long after the login, by the product's clock. */
export const SESSION_MS = 12 * 3600 * 1000;

interface LoginDocument {
  /** The e-mail, in lower case. */
  _id: string;
  agent: string;
  site: string;
  passwordHash: string;
}
interface SessionDocument {
  _id: string;
  agent: string;
  site: string;
  endsAt: number;
}
export interface AgentSession {
  /** What the session is known by here; not what stands in the cookie. */
  id: string;
  agent: string;
  site: string;
}
export type AgentSessions = Awaited<ReturnType<typeof openAgentSessions>>;

/** @param ended told of each employee some of whose sessions were ended before their time */
export async function openAgentSessions(
  { connection }: Store,
  ended: (site: string, agent: string) => Promise<void> = async () => {},
) {
  const logins = connection.collection<LoginDocument>('logins');
  const sessions = connection.collection<SessionDocument>('sessions');
  await sessions.createIndex({ agent: 1 });
  // An unknown e-mail costs as much as a wrong password, so a stranger cannot find out who works here.
  const nobody = await hashPassword(randomBytes(16).toString('hex'));

  return {
    /** @returns the number for the cookie and whose session it is; undefined when e-mail or password is wrong */
    async logIn(email: string, password: string): Promise<{ cookie: string; session: AgentSession } | undefined> {
      const login = await logins.findOne({ _id: email.trim().toLowerCase() });
      const right = await verifyPassword(password, login?.passwordHash ?? nobody);
      if (!login || !right) return undefined;
      const cookie = randomBytes(32).toString('base64url');
      const session = { id: digest(cookie), agent: login.agent, site: login.site };
      const now = clock.now();
      await sessions.deleteMany({ agent: login.agent, endsAt: { $lte: now } });
      await sessions.insertOne({ _id: session.id, agent: session.agent, site: session.site, endsAt: now + SESSION_MS });
      return { cookie, session };
    },

    async read(cookie: string | undefined): Promise<AgentSession | undefined> {
      if (cookie === undefined) return undefined;
      const found = await sessions.findOne({ _id: digest(cookie) });
      return found && found.endsAt > clock.now() ? { id: found._id, agent: found.agent, site: found.site } : undefined;
    },

    /** Which of these sessions go on. */
    async stillGood(ids: string[]): Promise<Set<string>> {
      const found = await sessions.find({ _id: { $in: ids }, endsAt: { $gt: clock.now() } }).toArray();
      return new Set(found.map(({ _id }) => _id));
    },

    async logOut(session: AgentSession): Promise<void> {
      await sessions.deleteOne({ _id: session.id });
      await ended(session.site, session.agent);
    },

    /** The command `save-login`. Another password or e-mail ends all sessions of the employee; the same again changes nothing. */
    async saveLogin(
      { actor, site }: Envelope,
      { agent, email, passwordHash, onlyIfNone }: CommandData<'save-login'>,
    ): Promise<Reply<'save-login'>> {
      if (actor.kind !== 'operator') return refuse('not-allowed', 'Only an operator sets logins.');
      if (!isPasswordHash(passwordHash)) return refuse('invalid', 'The password hash is not argon2id in PHC form.');
      const _id = email.trim().toLowerCase();
      const known = await logins.findOne({ _id });
      if (known && known.site !== site) return refuse('invalid', 'This e-mail logs in at another site.');
      if (known?.agent === agent && (onlyIfNone || known.passwordHash === passwordHash)) return { ok: true };
      await logins.replaceOne({ _id }, { agent, site, passwordHash }, { upsert: true });
      await logins.deleteMany({ agent, _id: { $ne: _id } });
      // Whoever had this e-mail before can no longer log in with it, so he does not stay logged in by it either.
      const all = [...new Set(known ? [agent, known.agent] : [agent])];
      await sessions.deleteMany({ agent: { $in: all } });
      for (const each of all) await ended(site, each);
      return { ok: true };
    },
  };
}

const digest = (cookie: string): string => createHash('sha256').update(cookie).digest('hex');
