// Files that were compressed when they were built (deploy/press.ts): a browser gets the smallest coding that it takes, and no request
// costs the compressing. A file without its pressed copies is served as it is.
import { extname } from 'node:path';
import express, { type Request, type RequestHandler, type Response } from 'express';

/** Smallest first; `ending` is what the build adds to the file's name. */
export const CODINGS = [
  { coding: 'br', ending: '.br' },
  { coding: 'gzip', ending: '.gz' },
] as const;
export type Coding = (typeof CODINGS)[number]['coding'];

export const PRESSABLE = /\.(js|css|html|svg|json)$/;

/** @returns undefined for who takes the plain file alone */
export const codingFor = (request: Request): Coding | undefined =>
  CODINGS.map(({ coding }) => coding).find((coding) => request.acceptsEncodings(coding) === coding);

/** Everything below a folder, each file with this rule for caches. */
export function pressedFiles(root: string, cacheControl: string): RequestHandler {
  const serve = (coding?: Coding, ending = '') =>
    express.static(root, {
      cacheControl: false,
      redirect: false,
      setHeaders(response: Response, file) {
        response.set('Cache-Control', cacheControl);
        if (coding) response.set('Content-Encoding', coding).type(extname(file.slice(0, -ending.length)));
      },
    });
  const plain = serve();
  const pressed = CODINGS.map(({ coding, ending }) => ({ coding, ending, files: serve(coding, ending) }));
  return (request, response, next) => {
    const name = request.path.replace(/\/$/, '/index.html');
    if (!PRESSABLE.test(name)) return plain(request, response, next);
    response.vary('Accept-Encoding');
    const wanted = codingFor(request);
    const found = pressed.find(({ coding }) => coding === wanted);
    if (!found) return plain(request, response, next);
    const { url } = request;
    request.url = `${name}${found.ending}`;
    found.files(request, response, (fault?: unknown) => {
      request.url = url;
      if (fault) next(fault);
      else plain(request, response, next);
    });
  };
}
