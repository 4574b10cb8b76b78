// POST /api/login, POST /api/logout, GET /api/me: an employee comes, goes, and asks who he is.
import type { AgentSettings } from '@continuo/contracts';
import { clock } from '@continuo/runtime';
import express, { type Request } from 'express';
import { z } from 'zod';
import type { Gateway } from '../gateway.ts';
import { SESSION_MS } from '../sessions/agent-sessions.ts';
import { attempt } from '../sessions/attempt.ts';
import { deviceCookie, noSession, sessionCookie, sessionIn } from '../sessions/cookie.ts';
import { KNOWN_MS, signDevice } from '../sessions/known-device.ts';
import { MAX_PASSWORD } from '../sessions/password.ts';
import { faultWords, type Handlers } from './fault-words.ts';
import { ownPagesOnly } from './security.ts';

const NEEDED = 'E-mail and password are needed.';
const AGAIN = 'Try again in a minute.';
const credentials = z.strictObject({
  email: z.string().min(3).max(254),
  password: z.string().min(1).max(MAX_PASSWORD),
});

export function logIn(gateway: Gateway): Handlers {
  const { config, sessions, settings } = gateway;
  return [
    ownPagesOnly(gateway),
    express.json({ limit: '4kb' }),
    async (request, response) => {
      const given = credentials.safeParse(request.body);
      if (!given.success) return void response.status(400).json({ words: NEEDED });
      const account = given.data.email.trim().toLowerCase();
      const { waitMs, succeeded } = await attempt(gateway, request, account);
      if (waitMs > 0) {
        const retryAfterSeconds = Math.ceil(waitMs / 1000);
        return void response
          .status(429)
          .set('Retry-After', String(retryAfterSeconds))
          .json({ words: 'Too many attempts. Wait a moment.', retryAfterSeconds });
      }
      const login = await sessions.logIn(given.data.email, given.data.password);
      if (login && !settings.agent(login.session.site, login.session.agent)) await sessions.logOut(login.session);
      if (!login || !settings.agent(login.session.site, login.session.agent))
        return void response.status(401).json({ words: 'E-mail or password is wrong.' });
      await succeeded();
      const before = await sessions.read(sessionIn(request.headers.cookie));
      if (before) await sessions.logOut(before);
      const secure = isSecure(gateway, request);
      const device = signDevice(config.CONTINUO_TOKEN_KEY, account, clock.now());
      response
        .set('Set-Cookie', [
          sessionCookie(login.cookie, { secure, maxAgeSeconds: SESSION_MS / 1000 }),
          deviceCookie(device, { secure, maxAgeSeconds: KNOWN_MS / 1000 }),
        ])
        .status(204)
        .end();
    },
    faultWords({ unfit: NEEDED, away: `Logging in does not work at the moment. ${AGAIN}` }),
  ];
}

export function logOut(gateway: Gateway): Handlers {
  const { sessions } = gateway;
  return [
    ownPagesOnly(gateway),
    async (request, response) => {
      const session = await sessions.read(sessionIn(request.headers.cookie));
      if (session) await sessions.logOut(session);
      response
        .set('Set-Cookie', noSession(isSecure(gateway, request)))
        .status(204)
        .end();
    },
    faultWords({ away: `Logging out does not work at the moment. ${AGAIN}` }),
  ];
}

export function whoAmI({ sessions, settings }: Gateway): Handlers {
  return [
    async (request, response) => {
      const session = await sessions.read(sessionIn(request.headers.cookie));
      const me = session && settings.agent(session.site, session.agent);
      if (!me) return void response.status(401).json({ words: 'Log in first.' });
      response.set('Cache-Control', 'no-store').json(shown(me));
    },
    faultWords({ away: `Who is logged in cannot be found out at the moment. ${AGAIN}` }),
  ];
}

const shown = ({ id, site, name, photo, role, email, capacity }: AgentSettings) => ({
  id,
  site,
  name,
  role,
  email,
  capacity,
  ...(photo !== undefined && { photo }),
});

/** Whether the browser came over https: by itself, or to a trusted proxy that says so. */
const isSecure = ({ config }: Gateway, request: Request): boolean =>
  config.CONTINUO_PROXY_HOPS > 0 && request.get('x-forwarded-proto')?.split(',')[0]?.trim() === 'https';
