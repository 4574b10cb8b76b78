// A request of the mapping with its values filled in. Pure: the same for a call, a dry run and a test.
import { CrmError } from '../crm-error.ts';
import { render, renderBody, renderText, type Scope, type TimeFormat } from './expression.ts';
import type { Request } from './schema.ts';

export interface BuiltRequest {
  method: Request['method'];
  path: string;
  query: Record<string, string>;
  headers: Record<string, string>;
  body: unknown;
}

/** Below the base address, and not on another host: the key goes with each request. */
export const isBelow = (path: string): boolean => /^\/(?![/\\])/.test(path);

/** @throws {CrmError} `invalid` when a value in the path makes it lead to another host */
export function buildRequest(request: Request, scope: Scope, time: TimeFormat): BuiltRequest {
  const strings = (templates: Record<string, string>): Record<string, string> =>
    Object.fromEntries(
      Object.entries(templates)
        .map(([name, template]) => [name, render(template, scope, time)] as const)
        .filter(([, value]) => value !== undefined)
        .map(([name, value]) => [name, String(value)]),
    );
  const path = renderText(request.path, scope, encodeURIComponent, time);
  if (!isBelow(path))
    throw new CrmError(
      'invalid',
      // The template, not the path: keys and ids of people may stand in it.
      `The path “${request.path}” of the mapping would lead to another host, because a value in it is empty. Nothing was sent: mend the settings of the connection, or the mapping.`,
    );
  return {
    method: request.method,
    path,
    query: strings(request.query),
    headers: strings(request.headers),
    body: request.body === undefined ? undefined : renderBody(request.body, scope, time),
  };
}
