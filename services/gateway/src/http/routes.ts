// Every address that the gateway answers over HTTP, one line each; the app is built from this table alone. Who may use which is written down a second time
// in the matrix of deploy/rights: a line here without a row there fails.
import type { ErrorRequestHandler, Express, RequestHandler } from 'express';
import type { Gateway } from '../gateway.ts';
import { discardParked, listParked, openParked, replayParked } from './dead-letters.ts';
import type { Handlers } from './fault-words.ts';
import { fileOfLink } from './file.ts';
import * as files from './files.ts';
import { logIn, logOut, whoAmI } from './login.ts';
import { openFile, openLink } from './open-link.ts';
import { linkForEmployee, linkForVisitor, uploadOfEmployee, uploadOfVisitor } from './uploads.ts';
import { visitorLine } from './visitor-line.ts';
import { widgetConfig } from './widget-config.ts';
import { widgetFrame } from './widget-frame.ts';
import { widgetLoader } from './widget-loader.ts';

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
  { method: 'get', path: '/api/dead-letters/:record', handlers: openParked },
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
  { method: 'get', path: '/widget.js', handlers: widgetLoader },
  { method: 'get', path: '/widget/frame.html', handlers: widgetFrame },
  { method: 'below', path: '/widget/assets', handlers: files.widgetAssets },
  { method: 'below', path: '/photos', handlers: files.photos },
  { method: 'get', path: '/', handlers: files.toConsole },
  { method: 'below', path: '/console/assets', handlers: files.consoleAssets },
  { method: 'below', path: '/console', handlers: files.consolePages },
];

/** Beside the table: they say only whether the process lives and may be used, to anybody. */
const HEALTH = ['get /livez', 'get /readyz'];

/** @returns what was mounted for the lines `below`, by which `sealRoutes` knows it again */
export function addRoutes(app: Express, gateway: Gateway): RequestHandler[] {
  const mounted: RequestHandler[] = [];
  for (const { method, path, handlers } of ROUTES) {
    const all = [handlers(gateway)].flat() as RequestHandler[];
    if (all.length === 0) continue;
    app[method === 'below' ? 'use' : method](path, ...all);
    if (method === 'below') mounted.push(...all);
  }
  return mounted;
}

/**
 * From here on the app answers at these addresses and no other; adding one throws.
 * @param known what may be mounted with `use`: such a mount has no address to look at, so each is known by its function, as often as it stands here
 * @throws when something of the app is not in the table: nobody would have said who may use it
 */
export function sealRoutes(app: Express, known: readonly (RequestHandler | ErrorRequestHandler)[]): void {
  const listed = new Set([...HEALTH, ...ROUTES.map(({ method, path }) => `${method} ${path}`)]);
  const expected: unknown[] = [...known];
  const isExpected = (mounted: unknown): boolean => {
    const at = expected.indexOf(mounted);
    return at >= 0 && expected.splice(at, 1).length > 0;
  };
  const { stack, params } = app.router as unknown as { stack: Layer[]; params: object };
  const unlisted = stack.flatMap(({ route, handle }) => {
    if (!route) return isExpected(handle) ? [] : [`the mount of ${handle.name || 'a function without a name'}`];
    return route.stack
      .map(({ method }) => `${method || 'all'} ${route.path}`)
      .filter((address) => !listed.has(address));
  });
  // Called before the route, and free to answer.
  for (const name of Object.keys(params)) unlisted.push(`what looks at the parameter ${name}`);
  if (unlisted.length > 0) throw new Error(`not in the table of routes: ${unlisted.join(', ')}`);
  Object.freeze(stack);
  Object.freeze(params);
}

/** Of express’s router, whose types leave it out. */
interface Layer {
  handle: (...given: never[]) => unknown;
  route?: { path: unknown; stack: { method?: string }[] };
}
