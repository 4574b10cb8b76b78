// The demo shop: somebody else's web site with the widget's one line in it, on an origin of its own.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type HttpServer, listen } from '@continuo/runtime';
import express from 'express';

const SITE = fileURLToPath(new URL('site', import.meta.url));
const PAGES = { '/': 'index.html', '/delivery.html': 'delivery.html', '/cart.html': 'cart.html' } as const;

const WIDGET = /<script[^>]*widget\.js[^>]*><\/script>/;

/**
 * @param options.gateway where the widget comes from, as the visitor's browser reaches it
 * @param options.widget false: the same shop without it
 */
export function serveShop({
  port,
  gateway,
  site,
  host = '127.0.0.1',
  widget = true,
}: {
  port: number;
  gateway: string;
  site: string;
  host?: string;
  widget?: boolean;
}): Promise<HttpServer> {
  const app = express();
  app.disable('x-powered-by');
  for (const [path, file] of Object.entries(PAGES)) {
    app.get(path, async (_request, response) => {
      const page = await readFile(join(SITE, file), 'utf8');
      const carried = widget ? page : page.replace(WIDGET, '');
      response.type('html').send(carried.replaceAll('{{gateway}}', gateway).replaceAll('{{site}}', site));
    });
  }
  app.use(express.static(SITE, { index: false }));
  return listen(app, { host, port });
}
