// A collector of traces for tests: takes OTLP over HTTP as JSON and keeps the spans.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

export interface CollectedSpan {
  service: string;
  name: string;
  kind: number;
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  links?: { traceId: string; spanId: string }[];
  attributes: { key: string; value: Record<string, unknown> }[];
}
export interface OtlpSink extends AsyncDisposable {
  /** Set for the services, they send here at once. */
  readonly env: Record<string, string>;
  readonly spans: readonly CollectedSpan[];
}

/** Of all collectors of this test file, as they came. */
const received: string[] = [];
export const tracesReceived = (): string => received.join('\n');

interface Sent {
  resourceSpans?: {
    resource: { attributes: CollectedSpan['attributes'] };
    scopeSpans: { spans: Omit<CollectedSpan, 'service'>[] }[];
  }[];
}

export async function startOtlpSink(): Promise<OtlpSink> {
  const spans: CollectedSpan[] = [];
  const server = createServer(async (request, response) => {
    const sent = (await json(request)) as Sent;
    received.push(JSON.stringify(sent));
    for (const { resource, scopeSpans } of sent.resourceSpans ?? []) {
      const name = resource.attributes.find(({ key }) => key === 'service.name')?.value['stringValue'];
      for (const span of scopeSpans.flatMap((scope) => scope.spans)) spans.push({ ...span, service: String(name) });
    }
    response.setHeader('content-type', 'application/json').end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    spans,
    env: {
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
      OTEL_BSP_SCHEDULE_DELAY: '200',
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
