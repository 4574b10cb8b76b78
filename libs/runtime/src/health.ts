// `/livez`: the process answers. `/readyz`: it can do its work. Kubernetes and the launcher ask; a CRM that is down never makes a pod unready.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express, { type Express } from 'express';

export type Readiness = () => boolean | Promise<boolean>;

/** Adds the two routes to an app of the caller. */
export function healthRoutes(app: Express, ready: Readiness): void {
  app.get('/livez', (_request, response) => void response.type('text').send('alive\n'));
  app.get('/readyz', async (_request, response) => {
    const ok = await Promise.resolve()
      .then(ready)
      .catch(() => false);
    response
      .status(ok ? 200 : 503)
      .type('text')
      .send(ok ? 'ready\n' : 'not ready\n');
  });
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
  return listen(app, { host, port });
}
