// `/livez`: the loops of the process turn. `/readyz`: it can do its work, and says what it lacks if not. Kubernetes and the launcher ask; a CRM or a mail
// server that is down never makes a pod unready: the work waits, and another pod could do no more. A loop that hangs does both.
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { metricsText } from '@continuo/telemetry';
import type { Service } from './run.ts';
import { hanging, lacking } from './vitals.ts';

/** Do the dependencies answer? By name; all are asked at once. */
export type Readiness = Record<string, () => boolean | Promise<boolean>>;

type Answer = (request: IncomingMessage, response: ServerResponse) => void;
/** What an express app is to the two routes. A service with nothing else to say needs no express, which is a fifth of its start. */
interface Routes {
  get(path: string, answer: Answer): unknown;
}

/** Adds the two routes to an app of the caller. */
export function healthRoutes(app: Routes, ready: Readiness): void {
  app.get('/livez', (_request, response) => tell(response, 'alive', hanging()));
  app.get('/readyz', async (_request, response) => {
    const silent = await Promise.all(
      Object.entries(ready).map(async ([name, answers]) => ((await answers()) ? [] : [`${name} does not answer`])),
    );
    tell(response, 'ready', [...silent.flat(), ...lacking(), ...hanging()]);
  });
}

function tell(response: ServerResponse, word: string, faults: string[]): void {
  response
    .writeHead(faults.length > 0 ? 503 : 200, { 'content-type': 'text/plain; charset=utf-8' })
    .end(faults.length > 0 ? `not ${word}: ${faults.join('; ')}\n` : `${word}\n`);
}

export interface HttpServer extends AsyncDisposable {
  readonly port: number;
  readonly server: Server;
}

/** Listens; disposing closes the server and every idle or open connection. @throws one sentence when the port is taken */
export async function listen(
  app: RequestListener,
  { host, port }: { host: string; port: number },
): Promise<HttpServer> {
  const server = createServer(app);
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'EADDRINUSE'
          ? new Error(`port ${port} on ${host} is taken: stop what listens there, or set CONTINUO_HTTP_PORT`, {
              cause: error,
            })
          : error,
      ),
    );
    server.listen(port, host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    server,
    [Symbol.asyncDispose]: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export function healthServer({
  host,
  port,
  ready,
}: {
  host: string;
  port: number;
  ready: Readiness;
}): Promise<HttpServer> {
  const routes = new Map<string | undefined, Answer>();
  healthRoutes({ get: (path, answer) => routes.set(path, answer) }, ready);
  const metrics = metricsText();
  if (metrics) routes.set('/metrics', metrics);
  return listen(
    (request, response) => {
      const asks = request.method === 'GET' || request.method === 'HEAD';
      const answer = asks ? routes.get(request.url?.split('?')[0]) : undefined;
      if (answer) answer(request, response);
      else response.writeHead(404).end();
    },
    { host, port },
  );
}

/** A service that says how it is to the last: its parts are let go first, and until then it answers that it lives and is draining. */
export function answeringToTheLast(parts: AsyncDisposable, health: HttpServer): Service {
  const all = new AsyncDisposableStack();
  all.use(health);
  all.use(parts);
  return { port: health.port, [Symbol.asyncDispose]: () => all.disposeAsync() };
}
