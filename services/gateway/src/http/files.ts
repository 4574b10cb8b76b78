// The files that browsers load: the widget on other people's pages, the console, pictures of agents. What is named by its content is cached for ever.
import { fileURLToPath } from 'node:url';
import express, { type RequestHandler, type Response } from 'express';
import type { Gateway } from '../gateway.ts';
import { keptFiles } from './kept-files.ts';
import { pressedFiles } from './pressed.ts';
import { CONSOLE_POLICY } from './security.ts';

const WIDGET = fileURLToPath(new URL('../../widget/dist', import.meta.url));
export const WIDGET_ASSETS = `${WIDGET}/assets`;
const CONSOLE = fileURLToPath(new URL('../../console/dist', import.meta.url));

const FOR_EVER = 'public, max-age=31536000, immutable';
const REVALIDATED = 'public, no-cache';

export const forOthers = (response: Response): void =>
  void response.set({ 'Cross-Origin-Resource-Policy': 'cross-origin', 'Access-Control-Allow-Origin': '*' });

/** Without it a page that is isolated from other origins would not show the frame, nor the frame start its worker; pictures from elsewhere still come, without cookies. */
export const EMBEDDED = { 'Cross-Origin-Embedder-Policy': 'credentialless' };

export const widgetAssets = ({ assets }: Gateway): RequestHandler[] => [
  (_request, response, next) => {
    response.set(EMBEDDED);
    next();
  },
  pressedFiles(WIDGET_ASSETS, FOR_EVER),
  keptFiles(assets, FOR_EVER),
];

export const photos = ({ config }: Gateway): RequestHandler[] =>
  config.CONTINUO_PHOTOS_DIR === undefined
    ? []
    : [
        express.static(config.CONTINUO_PHOTOS_DIR, {
          index: false,
          setHeaders: (response) => {
            response.setHeader('Cache-Control', 'public, max-age=3600');
            response.setHeader('Cross-Origin-Resource-Policy', 'cross-origin');
            // A picture may be an SVG, which is a document: it may do nothing.
            response.setHeader('Content-Security-Policy', "default-src 'none'; style-src 'unsafe-inline'; sandbox");
          },
        }),
      ];

export const toConsole = (): RequestHandler => (_request, response) => response.redirect(302, '/console/');

const consolePolicy: RequestHandler = (_request, response, next) => {
  response.set('Content-Security-Policy', CONSOLE_POLICY);
  next();
};
export const consoleAssets = (): RequestHandler[] => [consolePolicy, pressedFiles(`${CONSOLE}/assets`, FOR_EVER)];
export const consolePages = (): RequestHandler[] => [consolePolicy, pressedFiles(CONSOLE, REVALIDATED)];
