// Spans and how a trace travels. A span is named by a template (`append conversation.*.*`), never by an id; attributes come from the list below, which has
// no place for texts, addresses or secrets. An error leaves its name, not its message: that may quote what it choked on.
import {
  type Context,
  context,
  propagation,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';

/** What may stand on a span. */
export const ATTRIBUTES = [
  'continuo.actor.kind',
  'continuo.command.id',
  'continuo.consumer',
  'continuo.conversation',
  'continuo.crm',
  'continuo.delivery',
  'continuo.event.number',
  'continuo.event.type',
  'continuo.outcome',
  'continuo.refusal',
  'continuo.sequence',
  'continuo.site',
  'continuo.timer',
  'error.type',
  'http.request.method',
  'http.response.status_code',
  'url.template',
] as const;
export type SpanFields = { [K in (typeof ATTRIBUTES)[number]]?: string | number };

/** Where a trace came from: read out of the headers of a message. */
export type Origin = Context;
export interface SpanOptions {
  kind?: 'server' | 'client' | 'producer' | 'consumer' | 'internal';
  fields?: SpanFields;
  /** The span becomes a child of it; default: of what is running. */
  parent?: Origin | undefined;
  /** The span begins a trace of its own that points to it. */
  link?: Origin | undefined;
}
export interface Noting {
  /** Adds what is known only later. */
  note(fields: SpanFields): void;
  /** It went wrong without an error. */
  failed(type: string): void;
}

const KIND = {
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
  internal: SpanKind.INTERNAL,
} as const;
const NOTHING: Noting = { note() {}, failed() {} };
let tracing = false;

/** Called once the SDK runs. */
export const startTracing = (): void => {
  tracing = true;
};

/** Runs the work within a span; without tracing it just runs. */
export async function inSpan<T>(name: string, options: SpanOptions, work: (span: Noting) => Promise<T>): Promise<T> {
  if (!tracing) return work(NOTHING);
  const { kind = 'internal', fields = {}, parent, link } = options;
  const linked = link && trace.getSpanContext(link);
  const within = parent ?? (link ? ROOT_CONTEXT : context.active());
  const span = trace
    .getTracer('continuo')
    .startSpan(name, { kind: KIND[kind], attributes: fields, ...(linked && { links: [{ context: linked }] }) }, within);
  try {
    return await context.with(trace.setSpan(within, span), () => work(notingOn(span)));
  } catch (error) {
    fail(span, error instanceof Error ? error.name : 'unknown');
    throw error;
  } finally {
    span.end();
  }
}

const notingOn = (span: Span): Noting => ({
  note: (fields) => void span.setAttributes(fields),
  failed: (type) => fail(span, type),
});
function fail(span: Span, type: string): void {
  span.setAttribute('error.type', type).setStatus({ code: SpanStatusCode.ERROR });
}

/** The running span also points to where these came from; what is of its own trace needs no pointing to. */
export function linkTo(origins: Iterable<Origin>): void {
  const span = trace.getActiveSpan();
  for (const origin of span ? origins : []) {
    const linked = trace.getSpanContext(origin);
    if (linked && linked.traceId !== span?.spanContext().traceId) span?.addLink({ context: linked });
  }
}

/** Writes the running trace into the headers of a message. */
export function carryTrace(set: (name: string, value: string) => void): void {
  if (tracing) propagation.inject(context.active(), set, { set: (to, name, value) => to(name, value) });
}

/** Reads the trace out of the headers of a message; undefined when it has none, or nobody traces. */
export function carriedTrace(get: (name: string) => string | undefined): Origin | undefined {
  if (!tracing) return undefined;
  const origin = propagation.extract(ROOT_CONTEXT, get, {
    keys: () => ['traceparent', 'tracestate'],
    get: (from, name) => from(name) || undefined,
  });
  return trace.getSpanContext(origin) ? origin : undefined;
}
