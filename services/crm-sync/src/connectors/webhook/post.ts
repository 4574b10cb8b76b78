// One POST to a receiver. Any 2xx means that it has the message, whatever it says besides; a redirect is not followed; an answer that breaks off or is
// late leaves it open. A receiver never sees two attempts of one message that differ in more than time and signature.

import type { Readable } from 'node:stream';
import { OUTBOUND_REFUSED, OUTBOUND_WORDS, type Outbound } from '@continuo/runtime';
import axios, { isAxiosError } from 'axios';
import { CrmError } from '../crm-error.ts';
import { retryAfter } from '../http.ts';
import { noAnswerOf } from '../no-answer.ts';

const WAIT_MS = 15_000;
/** More than this of an answer is nobody's receipt. */
const LARGEST_ANSWER = 1024 * 1024;

export interface Post {
  url: string;
  headers: Record<string, string>;
  body: string;
  outbound: Outbound;
  signal?: AbortSignal | undefined;
  waitMs?: number | undefined;
}

/** @throws {CrmError} unless the receiver said 2xx to the end */
export async function post({ url, headers, body, outbound, signal, waitMs = WAIT_MS }: Post): Promise<void> {
  const late = AbortSignal.timeout(waitMs);
  let said: { status: number; after: string | undefined };
  try {
    const answer = await axios.post<Readable>(url, body, {
      headers: { 'content-type': 'application/json', 'user-agent': 'Continuo-Webhook/1', ...headers },
      responseType: 'stream',
      decompress: false,
      maxRedirects: 0,
      proxy: false,
      httpAgent: outbound.httpAgent,
      httpsAgent: outbound.httpsAgent,
      validateStatus: () => true,
      transformRequest: (data) => data,
      signal: signal ? AbortSignal.any([late, signal]) : late,
    });
    await readToItsEnd(answer.data);
    said = { status: answer.status, after: answer.headers['retry-after'] as string | undefined };
  } catch (error) {
    throw noAnswer(error, url, late.aborted);
  }
  if (said.status < 200 || said.status >= 300) throw refusal(said.status, retryAfter(said.after));
}

async function readToItsEnd(answer: Readable): Promise<void> {
  let length = 0;
  for await (const chunk of answer) {
    length += (chunk as Buffer).length;
    if (length > LARGEST_ANSWER) break;
  }
}

/** The error itself is not kept as a cause: it holds the visitor's words. */
function noAnswer(error: unknown, url: string, late: boolean): CrmError {
  const code = (isAxiosError(error) ? error.code : (error as NodeJS.ErrnoException).code) ?? '';
  if (code === OUTBOUND_REFUSED) return new CrmError('invalid', `The receiver is not called: ${OUTBOUND_WORDS}`);
  const { words, maybeDone } = noAnswerOf('The receiver', error, { url, late });
  return new CrmError('unreachable', words, { outcomeUnknown: maybeDone });
}

function refusal(status: number, retryAfterMs: number | undefined): CrmError {
  if (status === 429)
    return new CrmError('rate-limited', 'The receiver asks us to slow down (429). Sending goes on by itself.', {
      retryAfterMs,
    });
  if (status >= 500 || status === 408 || status === 425)
    return new CrmError('server-error', `The receiver failed (${status}). It is tried again.`, {
      retryAfterMs,
      outcomeUnknown: true,
    });
  if (status === 401 || status === 403)
    return new CrmError(
      'refused-access',
      `The receiver refuses our signature (${status}). Check that it has the secret that is saved here, and that its clock is right.`,
    );
  if (status >= 300 && status < 400)
    return new CrmError(
      'invalid',
      `The receiver sends us elsewhere (${status}). Redirects are not followed: save the address where it really is.`,
    );
  if (status === 404 || status === 410)
    return new CrmError('invalid', `Nothing receives at this address (${status}). Check the address in the settings.`);
  return new CrmError('invalid', `The receiver does not accept the message (${status}).`);
}
