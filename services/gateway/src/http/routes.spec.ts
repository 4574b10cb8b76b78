import { expect, test } from '@jest/globals';
import express from 'express';
import { expectOnlyListed } from './routes.ts';

const appWith = (add: (app: ReturnType<typeof express>) => void) => {
  const app = express();
  app.use((_request, _response, next) => next());
  app.get('/api/me', () => {});
  app.get('/readyz', () => {});
  add(app);
  return app;
};

test('an address beside the table is found, whatever its method', () => {
  expect(() => expectOnlyListed(appWith(() => {}))).not.toThrow();
  for (const [add, found] of [
    [(app) => app.post('/api/me', () => {}), 'post /api/me'],
    [(app) => app.get('/api/all-of-it', () => {}), 'get /api/all-of-it'],
    [(app) => app.all('/api/any', () => {}), '/api/any'],
  ] as [Parameters<typeof appWith>[0], string][])
    expect(() => expectOnlyListed(appWith(add))).toThrow(found);
});
