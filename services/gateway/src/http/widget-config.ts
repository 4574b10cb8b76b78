// GET /widget/config/:site.json: how a site's widget looks, for clients that others write (ours has it in its frame). Cacheable and without a database, so ten thousand page views a second cost nothing.
import type { RequestHandler } from 'express';
import type { Gateway } from '../gateway.ts';
import { lookOf } from './widget-frame.ts';

export const widgetConfig =
  ({ settings }: Gateway): RequestHandler<{ file: string }> =>
  (request, response) => {
    const site = request.params.file.endsWith('.json')
      ? settings.site(request.params.file.slice(0, -'.json'.length))
      : undefined;
    response.set({ 'Access-Control-Allow-Origin': '*', 'Cross-Origin-Resource-Policy': 'cross-origin' });
    if (!site) return void response.status(404).json({ words: 'There is no such site.' });
    response
      .set('Cache-Control', 'public, max-age=60, stale-while-revalidate=600')
      .json({ site: { ...lookOf(site), language: site.language } });
  };
