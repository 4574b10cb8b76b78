// What is said where no route has answered: there is nothing here, or something went wrong.
import { logger } from '@continuo/telemetry';
import type { ErrorRequestHandler, RequestHandler } from 'express';

const log = logger('gateway');

export const nothingHere: RequestHandler = (_request, response) =>
  void response.status(404).type('text').send('There is nothing here.\n');

export const wentWrong: ErrorRequestHandler = (error, _request, response, next) => {
  if (response.headersSent) return next(error);
  const status = (error as { status?: number }).status ?? 500;
  if (status >= 500) log.error({ err: error }, 'A request failed.');
  response
    .status(status)
    .type('text')
    .send(status < 500 ? 'This request does not fit.\n' : 'Something went wrong here.\n');
};
