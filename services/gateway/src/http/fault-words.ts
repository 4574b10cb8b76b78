// What a route answers when a body cannot be read, or MongoDB does not say who is asking: in its own words, since nothing else knows what was wanted.
import { isStoreOutage } from '@continuo/store';
import type { ErrorRequestHandler, RequestHandler } from 'express';

export type Handlers = [...RequestHandler[], ErrorRequestHandler];

/** Ends the handlers of a route. */
export const faultWords =
  ({ unfit, away }: { unfit?: string; away: string }): ErrorRequestHandler =>
  (error, _request, response, next) => {
    if (isStoreOutage(error)) return void response.status(503).json({ words: away });
    const { status = 500 } = error as { status?: number };
    if (unfit === undefined || status < 400 || status > 499) return next(error);
    response.status(status === 413 ? 400 : status).json({ words: unfit });
  };
