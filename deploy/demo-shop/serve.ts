// The demo shop: somebody else's web site with the widget's one line in it, on an origin of its own.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type HttpServer, listen } from '@continuo/runtime';
import express from 'express';

const SITE = fileURLToPath(new URL('site', import.meta.url));
const PAGES = { '/': 'index.html', '/delivery.html': 'delivery.html', '/cart.html': 'cart.html' } as const;

/** @param options.gateway where the widget comes from, as the visitor's browser reaches it */
export function serveShop({
  port,
  gateway,
  site,
  host = '127.0.0.1',
}: {
  port: number;
  gateway: string;
  site: string;
  host?: string;
}): Promise<HttpServer> {
  const app = express();
  app.disable('x-powered-by');
  for (const [path, file] of Object.entries(PAGES)) {
    app.get(path, async (_request, response) => {
      const page = await readFile(join(SITE, file), 'utf8');
      response.type('html').send(page.replaceAll('{{gateway}}', gateway).replaceAll('{{site}}', site));
    });
  }
  app.use(express.static(SITE, { index: false }));
  return listen(app, { host, port });
}
