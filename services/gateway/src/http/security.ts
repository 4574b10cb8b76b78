// What every answer carries, and who may change anything: only the console's own pages, which say so in a header that a foreign form cannot send.
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import type { Gateway } from '../gateway.ts';
import { isOwnOrigin } from '../own-origin.ts';

/** Pages of the gateway may load from itself alone; nobody may frame them. `style-src-attr`: positions that virtual lists compute. */
export const CONSOLE_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; connect-src 'self'; img-src 'self' https: data:; font-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

export const safeHeaders: RequestHandler = (_request, response, next) => {
  response.set({ 'X-Content-Type-Options': 'nosniff', 'Referrer-Policy': 'no-referrer' });
  next();
};

/** Guards routes that change something. */
const OWN = ['console', 'widget'];
export const ownPagesOnly =
  (gateway: Gateway): RequestHandler =>
  (request: Request, response: Response, next: NextFunction) => {
    const { origin, host } = request.headers;
    if (OWN.includes(request.get('x-continuo') ?? '') && isOwnOrigin(gateway, { origin, host })) return next();
    response.status(403).json({ words: 'Only the pages of the gateway itself may do this.' });
  };
