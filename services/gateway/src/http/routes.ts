// Every address that the gateway answers over HTTP, one line each; the app is built from this table alone. Who may use which is written down a second time
// in the matrix of deploy/rights: a line here without a row there fails.
import type { Express, RequestHandler } from 'express';
import type { Gateway } from '../gateway.ts';
import { discardParked, listParked, replayParked } from './dead-letters.ts';
import type { Handlers } from './fault-words.ts';
import { fileOfLink } from './file.ts';
import * as files from './files.ts';
import { logIn, logOut, whoAmI } from './login.ts';
import { openFile, openLink } from './open-link.ts';
import { linkForEmployee, linkForVisitor, uploadOfEmployee, uploadOfVisitor } from './uploads.ts';
import { visitorLine } from './visitor-line.ts';
import { widgetConfig } from './widget-config.ts';
import { widgetFrame } from './widget-frame.ts';

export interface Route {
  /** `below`: GET of everything under the path. */
  method: 'get' | 'post' | 'below';
  path: string;
  /** None: this installation does not serve it. */
  handlers(gateway: Gateway): RequestHandler<never> | RequestHandler[] | Handlers;
}

export const ROUTES: readonly Route[] = [
  { method: 'post', path: '/api/login', handlers: logIn },
  { method: 'post', path: '/api/logout', handlers: logOut },
  { method: 'get', path: '/api/me', handlers: whoAmI },
  { method: 'get', path: '/api/dead-letters', handlers: listParked },
  { method: 'post', path: '/api/dead-letters/replay', handlers: replayParked },
  { method: 'post', path: '/api/dead-letters/discard', handlers: discardParked },
  { method: 'post', path: '/api/files', handlers: uploadOfEmployee },
  { method: 'get', path: '/api/files/:file', handlers: linkForEmployee },
  { method: 'post', path: '/widget/line', handlers: visitorLine },
  { method: 'post', path: '/widget/files', handlers: uploadOfVisitor },
  { method: 'get', path: '/widget/files/:file', handlers: linkForVisitor },
  { method: 'get', path: '/files/:link', handlers: fileOfLink },
  { method: 'get', path: '/open/:token', handlers: openLink },
  { method: 'get', path: '/open/:token/:file', handlers: openFile },
  { method: 'get', path: '/widget/config/:file', handlers: widgetConfig },
  { method: 'get', path: '/widget.js', handlers: files.widgetLoader },
  { method: 'get', path: '/widget/frame.html', handlers: widgetFrame },
  { method: 'below', path: '/widget/assets', handlers: files.widgetAssets },
  { method: 'below', path: '/photos', handlers: files.photos },
  { method: 'get', path: '/', handlers: files.toConsole },
  { method: 'below', path: '/console/assets', handlers: files.consoleAssets },
  { method: 'below', path: '/console', handlers: files.consolePages },
];

/** Beside the table: they say only whether the process lives and may be used, to anybody. */
const HEALTH = ['get /livez', 'get /readyz'];

/**
 * What is mounted with `use` has no address to look at: below the table's own paths it is for the reader to see.
 * @throws when a route of the app is not in the table: nobody would have said who may use it
 */
export function expectOnlyListed(app: Express): void {
  const listed = new Set([...HEALTH, ...ROUTES.map(({ method, path }) => `${method} ${path}`)]);
  const answered = app.router.stack.flatMap(({ route }) =>
    route ? route.stack.map(({ method }) => `${method || 'all'} ${route.path}`) : [],
  );
  const unlisted = answered.filter((address) => !listed.has(address));
  if (unlisted.length > 0) throw new Error(`not in the table of routes: ${unlisted.join(', ')}`);
}

export function addRoutes(app: Express, gateway: Gateway): void {
  for (const { method, path, handlers } of ROUTES) {
    const all = [handlers(gateway)].flat() as RequestHandler[];
    if (all.length > 0) app[method === 'below' ? 'use' : method](path, ...all);
  }
}
