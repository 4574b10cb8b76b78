// A request of the mapping with its values filled in. Pure: the same for a call, a dry run and a test.
import { render, renderBody, renderText, type Scope, type TimeFormat } from './expression.ts';
import type { Request } from './schema.ts';

export interface BuiltRequest {
  method: Request['method'];
  path: string;
  query: Record<string, string>;
  headers: Record<string, string>;
  body: unknown;
}

export function buildRequest(request: Request, scope: Scope, time: TimeFormat): BuiltRequest {
  const strings = (templates: Record<string, string>): Record<string, string> =>
    Object.fromEntries(
      Object.entries(templates)
        .map(([name, template]) => [name, render(template, scope, time)] as const)
        .filter(([, value]) => value !== undefined)
        .map(([name, value]) => [name, String(value)]),
    );
  return {
    method: request.method,
    path: renderText(request.path, scope, encodeURIComponent, time),
    query: strings(request.query),
    headers: strings(request.headers),
    body: request.body === undefined ? undefined : renderBody(request.body, scope, time),
  };
}
