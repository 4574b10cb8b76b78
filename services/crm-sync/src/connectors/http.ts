// HTTP towards a CRM: one time limit, no redirect followed (a POST would turn into a GET, and it may lead inside), no way into the installation's own
// network, and every way to fail sorted into a class with plain words.
import { OUTBOUND_REFUSED, OUTBOUND_WORDS } from '@continuo/runtime';
import axios, { type AxiosInstance, type AxiosResponse, isAxiosError } from 'axios';
import type { ZodType } from 'zod';
import type { PacedOutbound } from './connector.ts';
import { CrmError } from './crm-error.ts';
import { measured } from './measured.ts';
import { noAnswerOf } from './no-answer.ts';

export const CALL_TIMEOUT_MS = 15_000;
const LARGEST_ANSWER = 30 * 1024 * 1024;

export interface HttpOptions {
  /** Name of the CRM, for the words. */
  crm: string;
  baseUrl: string;
  headers: Record<string, string>;
  outbound: PacedOutbound;
  signal?: AbortSignal | undefined;
  /** Sorts an answer of this CRM that is not a success; undefined leaves it to the general rules. */
  classify?: (response: AxiosResponse<unknown>) => CrmError | undefined;
}
export interface Http {
  /** @throws {CrmError} also for an answer that has not the shape */
  get<T>(path: string, shape: ZodType<T>, params?: Record<string, string | number>): Promise<T>;
  /** @param shape of the answer; without it nothing is read of it */
  send<T = unknown>(method: 'POST' | 'PATCH' | 'DELETE', path: string, body?: unknown, shape?: ZodType<T>): Promise<T>;
  request<T>(method: Method, path: string, options: CallOptions): Promise<T>;
}
export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
export interface CallOptions {
  params?: object;
  headers?: Record<string, string>;
  data?: unknown;
  /** Changes something in the CRM, so that a lost answer leaves a doubt; else the method says so. */
  writes?: boolean;
  /** What stands on the span instead of the path. */
  template?: string;
  classify?: HttpOptions['classify'];
  /** What is wrong with an answer that says it is a success. */
  refused?: (data: unknown) => CrmError | undefined;
  shape?: ZodType | undefined;
}

export function openHttp({ crm, baseUrl, headers, outbound, signal, classify }: HttpOptions): Http {
  const client: AxiosInstance = axios.create({
    baseURL: baseUrl.replace(/\/+$/, ''),
    headers: { accept: 'application/json', ...headers },
    timeout: CALL_TIMEOUT_MS,
    maxRedirects: 0,
    maxContentLength: LARGEST_ANSWER,
    proxy: false,
    httpAgent: outbound.httpAgent,
    httpsAgent: outbound.httpsAgent,
    validateStatus: () => true,
  });

  /** The path stands on the span as a template: ids in it are people. */
  async function call<T>(method: Method, path: string, options: CallOptions): Promise<T> {
    await outbound.pace?.();
    const template = options.template ?? templateOf(path);
    const answer = await measured({ crm, method, template }, () => exchange<T>(method, path, options));
    await outbound.worked?.(options.writes ?? method !== 'GET');
    return answer;
  }

  async function exchange<T>(method: Method, path: string, options: CallOptions): Promise<T> {
    const { params, headers: more, data: body, writes = method !== 'GET', classify: sorted = classify } = options;
    mustBeHeaders(crm, { ...headers, ...more });
    let response: AxiosResponse<unknown>;
    try {
      response = await client.request({
        method,
        url: path,
        ...(params && { params }),
        ...(more && { headers: more }),
        ...(body !== undefined && { data: body }),
        // Besides axios' own time-out, which a trickling answer can outlive.
        signal: AbortSignal.any([AbortSignal.timeout(CALL_TIMEOUT_MS + 1_000), ...(signal ? [signal] : [])]),
      });
    } catch (error) {
      throw noAnswer({ crm, baseUrl }, error, writes);
    }
    const { status, data } = response;
    if ((status >= 200 && status < 300 && typeof data !== 'string') || status === 204) {
      const answer = status === 204 ? undefined : data;
      const failed = options.refused?.(answer);
      if (failed) throw failed;
      return (options.shape ? shaped(crm, options.shape, answer, writes) : answer) as T;
    }
    throw sorted?.(response) ?? unlikely(crm, response, writes);
  }

  return {
    get: (path, shape, params) => call('GET', path, { shape, ...(params && { params }) }),
    send: (method, path, body, shape) => call(method, path, { shape, ...(body !== undefined && { data: body }) }),
    request: call,
  };
}

export const isHeaderName = (name: string): boolean => /^[\w!#$%&'*+.^`|~-]+$/.test(name);
export const isHeaderValue = (value: string): boolean => /^[\t\x20-\x7e\x80-\xff]*$/.test(value);

/** Their values may be keys, and are not said. @throws {CrmError} */
function mustBeHeaders(crm: string, headers: Record<string, string>): void {
  const wrong = Object.entries(headers).find(([name, value]) => !isHeaderName(name) || !isHeaderValue(value));
  if (!wrong) return;
  throw new CrmError(
    'invalid',
    `${crm} is not asked: the header “${wrong[0]}” would hold a line break or another character that no header can hold. Save the key or token of the connection anew, without what was copied with it.`,
  );
}

/** Neither what it answered nor where it differs is said: it may hold what a visitor wrote. */
function shaped<T>(crm: string, shape: ZodType<T>, answer: unknown, writes: boolean): T {
  const read = shape.safeParse(answer);
  if (read.success) return read.data;
  throw new CrmError(
    'server-error',
    `${crm} answered with something that does not look like ${crm}. Check its address in the settings, and whether it is being updated. It is tried again.`,
    { outcomeUnknown: writes },
  );
}

/** `/leads/0b7c…/` → `/leads/{id}/`: every segment with a digit in it counts as an id. */
const templateOf = (path: string): string =>
  (path.split('?', 1)[0] ?? '')
    .split('/')
    .map((segment) => (/\d|@|%/.test(segment) ? '{id}' : segment))
    .join('/');

function noAnswer({ crm, baseUrl }: Pick<HttpOptions, 'crm' | 'baseUrl'>, error: unknown, writes: boolean): CrmError {
  const code = isAxiosError(error) ? (error.code ?? '') : '';
  if (code === OUTBOUND_REFUSED) return new CrmError('invalid', `${crm} is not called: ${OUTBOUND_WORDS}`);
  const { words, maybeDone } = noAnswerOf(crm, error, { url: baseUrl });
  // The error itself is not kept as a cause: it holds the request with its token and the visitor's words.
  return new CrmError('unreachable', words, { outcomeUnknown: writes && maybeDone });
}

function unlikely(crm: string, { status, headers }: AxiosResponse<unknown>, writes: boolean): CrmError {
  const retryAfterMs = retryAfter(headers['retry-after'] as string | undefined);
  if (status === 429)
    return new CrmError('rate-limited', `${crm} asks us to slow down (429). Writing goes on by itself.`, {
      retryAfterMs,
    });
  if (status === 401 || status === 403)
    return new CrmError('refused-access', `${crm} refuses our token (${status}). Make a new one and save it.`);
  if (status >= 500)
    return new CrmError('server-error', `${crm} failed (${status}). It is tried again.`, {
      retryAfterMs,
      outcomeUnknown: writes,
    });
  if (status >= 300 && status < 400)
    return new CrmError('invalid', `${crm} sends us elsewhere (${status}). Its address in the settings is not right.`);
  if (status < 300)
    return new CrmError(
      'server-error',
      `${crm} answered with something that is not JSON. Check its address in the settings.`,
      {
        outcomeUnknown: writes,
      },
    );
  return new CrmError('invalid', `${crm} does not accept what was sent (${status}).`);
}

/** Seconds or a date, as RFC 9110 allows; never more than a day. */
export function retryAfter(value: string | undefined, now = Date.now()): number | undefined {
  if (value === undefined) return undefined;
  const seconds = Number(value);
  const wait = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(value) - now;
  return Number.isFinite(wait) ? Math.min(Math.max(0, wait), 24 * 3600_000) : undefined;
}
