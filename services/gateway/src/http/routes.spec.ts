import { expect, test } from '@jest/globals';
import express, { type Express, type RequestHandler } from 'express';
import type { Gateway } from '../gateway.ts';
import { addRoutes, sealRoutes } from './routes.ts';

/** Mounted twice, as what sets the console's headers is. */
const around: RequestHandler = (_request, _response, next) => next();
/** As far as the routes look at it when they are made. */
const gateway = { config: {}, settings: {}, sessions: {} } as unknown as Gateway;

function sealed(add: (app: Express) => void): Express {
  const app = express();
  app.use(around);
  app.use('/below', around);
  app.get('/readyz', () => {});
  const mounted = addRoutes(app, gateway);
  add(app);
  sealRoutes(app, [around, around, ...mounted]);
  return app;
}

test('the table alone is taken', () => {
  expect(() => sealed(() => {})).not.toThrow();
});

test.each([
  ['post /api/me', (app) => app.post('/api/me', () => {})],
  ['get /api/all-of-it', (app) => app.get('/api/all-of-it', () => {})],
  ['/api/any', (app) => app.all('/api/any', () => {})],
  ['get /api/one,/api/two', (app) => app.get(['/api/one', '/api/two'], () => {})],
  ['get /^.api.+$/', (app) => app.get(/^.api.+$/, () => {})],
  ['the mount of answersBelow', (app) => app.use('/api/below', function answersBelow() {})],
  ['the mount of a function without a name', (app) => app.use((() => () => {})())],
  ['the mount of serveStatic', (app) => app.use('/everything', express.static('/'))],
  ['the mount of around', (app) => app.use('/once-more', around)],
  ['the mount of router', (app) => app.use('/api', express.Router())],
  ['the mount of mounted_app', (app) => app.use('/more', express())],
  ['the parameter file', (app) => app.param('file', () => {})],
] as [string, (app: Express) => unknown][])('beside the table it is found, however it is mounted: %s', (found, add) => {
  expect(() => sealed(add)).toThrow(found);
});

test('nothing is added afterwards', () => {
  const app = sealed(() => {});
  for (const add of [
    () => app.get('/api/late', () => {}),
    () => app.use('/late', () => {}),
    () => app.param('late', () => {}),
  ])
    expect(add).toThrow(TypeError);
});
