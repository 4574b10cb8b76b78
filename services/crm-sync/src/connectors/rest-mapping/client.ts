// One connection of a mapping: sends requests with who we are, at the pace the CRM allows, and sorts every answer by the mapping's rules.
import { clock } from '@continuo/runtime';
import type { AxiosResponse } from 'axios';
import type { PacedOutbound } from '../connector.ts';
import { CrmError, type CrmFault, isCrmFault } from '../crm-error.ts';
import { type CallOptions, type Method, openHttp, retryAfter } from '../http.ts';
import type { Scope } from './expression.ts';
import { type About, type Answer, faultOf, judge, type Verdict, wordsFor } from './judge.ts';
import { buildRequest } from './request.ts';
import type { Mapping, Request } from './schema.ts';
import { forgetSession, isFetched, openSession, type Session, sessionKey } from './session.ts';

export interface CallAbout {
  about?: About;
  writes?: boolean;
  /** Statuses that the caller knows how to read: they come as an `AnsweredError`. */
  expected?: readonly number[];
}
export interface Client {
  /** Names the connection: CRM, address and settings. */
  readonly key: string;
  /** @throws {CrmError} by the mapping's rules, {AnsweredError} when the answer may still be of use */
  call(request: Request, scope: Scope, options?: CallAbout): Promise<unknown>;
}

/** Keeps what the CRM answered out of logs, and at hand for the duplicate rule. */
export class AnsweredError extends CrmError {
  readonly status: number;
  readonly #data: unknown;
  constructor(
    fault: CrmFault,
    words: string,
    options: {
      status: number;
      data: unknown;
      retryAfterMs: number | undefined;
      outcomeUnknown: boolean;
      field: string | undefined;
    },
  ) {
    super(fault, words, options);
    this.status = options.status;
    this.#data = options.data;
  }
  answer(): unknown {
    return this.#data;
  }
}

export function openClient(
  mapping: Mapping,
  connection: { baseUrl: string; outbound: PacedOutbound; settings: Record<string, string> },
  signal?: AbortSignal,
): Client {
  const { name, time } = mapping;
  const { baseUrl, settings } = connection;
  const outbound = paced(connection.outbound, mapping.limits.rate);
  const key = sessionKey(mapping, baseUrl, settings);
  const http = openHttp({ crm: name, baseUrl, headers: {}, outbound, signal });
  const known = (scope: Scope): Scope => ({ settings, baseUrl, now: clock.now(), ...scope });

  async function send(
    method: Method,
    path: string,
    options: CallOptions,
    { about = 'nothing', expected = [] }: CallAbout = {},
  ): Promise<unknown> {
    const writes = options.writes ?? method !== 'GET';
    const fault = ({ status, data, headers }: Answer): AnsweredError | undefined => {
      const asked = headers?.['retry-after'] as string | undefined;
      const verdict =
        judge(mapping, { status, data, headers }, clock.now()) ??
        notThere(status, about) ??
        (expected.includes(status) ? anyhow(status) : undefined);
      if (!verdict) return undefined;
      return new AnsweredError(faultOf(verdict.means, about), wordsFor(name, verdict), {
        status,
        data,
        retryAfterMs: retryAfter(asked) ?? verdict.retryAfterMs,
        outcomeUnknown: writes && !verdict.surelyNotDone,
        field: verdict.field,
      });
    };
    const classify = ({ status, data, headers }: AxiosResponse<unknown>) =>
      fault({ status, data, headers: headers as Record<string, unknown> });
    // Some CRMs answer 200 to everything.
    const refused = (data: unknown) => fault({ status: 200, data });
    return http.request<unknown>(method, path, { ...options, classify, refused });
  }

  const session = () => openSession(mapping, key, known({}), (method, path, options) => send(method, path, options));

  async function once(session: Session, request: Request, scope: Scope, how: CallAbout): Promise<unknown> {
    const all = known({ ...scope, login: session.login });
    const built = buildRequest({ ...request, headers: { ...mapping.headers, ...request.headers } }, all, time);
    return send(
      built.method,
      built.path,
      {
        params: { ...session.query, ...built.query },
        headers: { ...built.headers, ...session.headers },
        data: built.body,
        writes: how.writes ?? request.method !== 'GET',
        // The template, not the path: keys and ids of people may stand in it.
        template: request.path,
      },
      how,
    );
  }

  return {
    key,
    async call(request, scope, how = {}) {
      const first = await session();
      try {
        return await once(first, request, scope, how);
      } catch (error) {
        // The token may have ended early: a new one is fetched once.
        if (!isFetched(mapping) || !isCrmFault(error, 'refused-access')) throw error;
        forgetSession(key, first);
        return once(await session(), request, scope, how);
      }
    },
  };
}

/** All replicas draw from one bucket per connection; how large it is says the mapping. */
function paced(outbound: PacedOutbound, rate: Mapping['limits']['rate']): PacedOutbound {
  const { pace } = outbound;
  if (!pace || !rate) return outbound;
  return { ...outbound, pace: () => pace({ perSecond: rate.requests / rate.seconds, burst: rate.requests }) };
}

/** What a status means that the caller may read otherwise. */
const anyhow = (status: number): Verdict => ({
  means: status === 401 || status === 403 ? 'refused-access' : status >= 500 ? 'server-error' : 'invalid',
  words: undefined,
  retryAfterMs: undefined,
  surelyNotDone: status < 500,
});

/** Without a rule of its own a 404 means that the record is gone, or that the address is wrong. */
function notThere(status: number, about: About): Verdict | undefined {
  if (status !== 404) return undefined;
  const words =
    about === 'nothing' ? 'There is nothing at this address (404). Check the address in the settings.' : undefined;
  return { means: 'gone', words, retryAfterMs: undefined, surelyNotDone: true };
}
