// How a connection proves who it is. What has to be fetched first (an OAuth2 token, a log-in) is kept in memory as long as it lasts, for all runs.
import { createHash } from 'node:crypto';
import { clock } from '@continuo/runtime';
import { CrmError, isCrmFault } from '../crm-error.ts';
import type { CallOptions, Method } from '../http.ts';
import { read, renderText, type Scope, textOf } from './expression.ts';
import { buildRequest } from './request.ts';
import type { Mapping } from './schema.ts';

export interface Session {
  headers: Record<string, string>;
  query: Record<string, string>;
  /** `{{login.NAME}}` in requests. */
  login: Record<string, unknown>;
  until: number;
}
/** Sends without authentication, by the mapping's rules for answers. */
export type Send = (method: Method, path: string, options: CallOptions) => Promise<unknown>;

/** Of very many connections the oldest logs in again. */
const MOST_KEPT = 2_000;
const kept = new Map<string, Session>();
/** A token is not used in its last half minute. */
const MARGIN_MS = 30_000;

export const sessionKey = (mapping: Mapping, baseUrl: string, settings: Record<string, string>): string =>
  createHash('sha256')
    .update(JSON.stringify([mapping.id, baseUrl, settings]))
    .digest('hex');

/** Can another try with a new session succeed where this one was refused? */
export const isFetched = ({ auth }: Mapping): boolean =>
  auth.type === 'oauth2-client-credentials' || auth.type === 'log-in';

/** Only the one that was refused: another call may have fetched a new one meanwhile. */
export function forgetSession(key: string, refused: Session): void {
  if (kept.get(key) === refused) kept.delete(key);
}

/** Some CRMs end the last token when they issue one: several calls at once share what is being fetched. */
const opening = new Map<string, Promise<Session>>();

export async function openSession(mapping: Mapping, key: string, scope: Scope, send: Send): Promise<Session> {
  const known = kept.get(key);
  if (known && known.until > clock.now()) return known;
  if (!isFetched(mapping)) return newSession(mapping, scope, send);
  const underWay = opening.get(key);
  if (underWay)
    return underWay.catch((error: unknown) => {
      // The other call may have been stopped: then this one fetches itself. A refusal holds for all, so that nobody is locked out.
      if (!isCrmFault(error, 'unreachable')) throw error;
      return openSession(mapping, key, scope, send);
    });
  const fetching = newSession(mapping, scope, send);
  opening.set(key, fetching);
  try {
    const session = await fetching;
    kept.delete(key);
    kept.set(key, session);
    if (kept.size > MOST_KEPT) kept.delete(kept.keys().next().value as string);
    return session;
  } finally {
    opening.delete(key);
  }
}

const forEver = (more: Partial<Session>): Session => ({
  headers: {},
  query: {},
  login: {},
  until: Number.POSITIVE_INFINITY,
  ...more,
});

async function newSession(mapping: Mapping, scope: Scope, send: Send): Promise<Session> {
  const { auth } = mapping;
  const text = (template: string) => renderText(template, scope);
  switch (auth.type) {
    case 'none':
      return forEver({});
    case 'header':
      return forEver({ headers: { [auth.name]: text(auth.value) } });
    case 'query':
      return forEver({ query: { [auth.name]: text(auth.value) } });
    case 'bearer':
      return forEver({ headers: { authorization: `Bearer ${text(auth.token)}` } });
    case 'basic':
      return forEver({ headers: { authorization: basic(text(auth.user), text(auth.password)) } });
    case 'oauth2-client-credentials':
      return token(mapping, auth, scope, send);
    case 'log-in': {
      const { method, path, query, headers, body } = buildRequest(auth.request, scope, mapping.time);
      const answer = await send(method, path, { params: query, headers, data: body, writes: false });
      const login = Object.fromEntries(Object.entries(auth.values).map(([name, at]) => [name, read(answer, at)]));
      if (Object.values(login).some((value) => textOf(value) === undefined)) throw refused(mapping);
      const more = { ...scope, login };
      const made = Object.entries(auth.headers).map(([name, value]) => [name, renderText(value, more)] as const);
      return { headers: Object.fromEntries(made), query: {}, login, until: clock.now() + auth.minutes * 60_000 };
    }
  }
}

async function token(
  mapping: Mapping,
  auth: Extract<Mapping['auth'], { type: 'oauth2-client-credentials' }>,
  scope: Scope,
  send: Send,
): Promise<Session> {
  const [id, secret] = [renderText(auth.clientId, scope), renderText(auth.clientSecret, scope)];
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    ...(auth.scope !== undefined && { scope: auth.scope }),
    ...(auth.sentAs === 'body' && { client_id: id, client_secret: secret }),
  });
  const headers = {
    'content-type': 'application/x-www-form-urlencoded',
    ...(auth.sentAs === 'basic' && {
      authorization: basic(encodeURIComponent(id), encodeURIComponent(secret)),
    }),
  };
  const answer = await send('POST', renderText(auth.tokenUrl, scope), {
    headers,
    data: form.toString(),
    writes: false,
  }).catch((error: unknown) => {
    // RFC 6749 answers 400 to a wrong secret: that is nobody's record.
    throw isCrmFault(error, 'invalid') ? refused(mapping) : error;
  });
  const access = textOf(read(answer, 'access_token'));
  if (access === undefined) throw refused(mapping);
  const seconds = Number(read(answer, 'expires_in') ?? 3600) || 3600;
  const lasts = Math.max(seconds * 1000 - MARGIN_MS, 1_000);
  return { ...forEver({ headers: { authorization: `Bearer ${access}` } }), until: clock.now() + lasts };
}

const basic = (user: string, password: string): string =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

const refused = ({ name }: Mapping): CrmError =>
  new CrmError('refused-access', `${name} does not let us log in: check the token, key or password in the settings.`);
