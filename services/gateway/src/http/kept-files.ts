// The widget's files that this gateway does not have itself, from what all gateways have kept (../kept-assets.ts): scripts named by their content, and nothing else.
import { isStoreOutage } from '@continuo/store';
import type { RequestHandler } from 'express';
import type { KeptAssets } from '../kept-assets.ts';
import { CODINGS, codingFor } from './pressed.ts';

const SCRIPT = /^\/([\w-]+\.js)$/;

export const keptFiles =
  (assets: KeptAssets, cacheControl: string): RequestHandler =>
  async (request, response, next) => {
    const [, name] = SCRIPT.exec(request.path) ?? [];
    if (!name || !['GET', 'HEAD'].includes(request.method)) return next();
    const wanted = codingFor(request);
    try {
      const pressed = CODINGS.find(({ coding }) => coding === wanted);
      const found = pressed && (await assets.find(`${name}${pressed.ending}`));
      const bytes = found ?? (await assets.find(name));
      if (!bytes) return next();
      if (found) response.set('Content-Encoding', wanted);
      response.set('Cache-Control', cacheControl).type('js').send(bytes);
    } catch (error) {
      if (!isStoreOutage(error)) throw error;
      response.status(503).type('text').send('This file cannot be reached at the moment. Try again.\n');
    }
  };
