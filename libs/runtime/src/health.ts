// `/livez`: the loops of the process turn. `/readyz`: it can do its work, and says what it lacks if not. Kubernetes and the launcher ask; a CRM or a mail
// server that is down never makes a pod unready: the work waits, and another pod could do no more.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { metricsText } from '@continuo/telemetry';
import express, { type Express, type Response } from 'express';
import { hanging, lacking } from './vitals.ts';

/** Do the dependencies answer? By name. */
export type Readiness = () => Record<string, boolean> | Promise<Record<string, boolean>>;

/** Adds the two routes to an app of the caller. */
export function healthRoutes(app: Express, ready: Readiness): void {
  app.get('/livez', (_request, response) => tell(response, 'alive', hanging()));
  app.get('/readyz', async (_request, response) => {
    const answers = await Promise.resolve()
      .then(ready)
      .catch(() => ({ 'the check itself': false }));
    const silent = Object.entries(answers).flatMap(([name, up]) => (up ? [] : [`${name} does not answer`]));
    tell(response, 'ready', [...silent, ...lacking()]);
  });
}

function tell(response: Response, word: string, faults: string[]): void {
  response
    .status(faults.length > 0 ? 503 : 200)
    .type('text')
    .send(faults.length > 0 ? `not ${word}: ${faults.join('; ')}\n` : `${word}\n`);
}

export interface HttpServer extends AsyncDisposable {
  readonly port: number;
  readonly server: Server;
}

/** Listens; disposing closes the server and every idle or open connection. @throws one sentence when the port is taken */
export async function listen(app: Express, { host, port }: { host: string; port: number }): Promise<HttpServer> {
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
  const app = express();
  app.disable('x-powered-by');
  healthRoutes(app, ready);
  const metrics = metricsText();
  if (metrics) app.get('/metrics', (request, response) => metrics(request, response));
  return listen(app, { host, port });
}
