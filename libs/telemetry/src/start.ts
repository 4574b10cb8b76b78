// Starts what is configured and nothing else: traces when a collector is named (the standard OTEL_EXPORTER_OTLP_… variables), metrics when they are asked
// for. The SDK is not even loaded otherwise, and nothing is ever sent to an address that nobody named.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { metrics } from '@opentelemetry/api';
import { logger } from './log.ts';
import { startMeasuring } from './measure.ts';
import { startTracing } from './spans.ts';

export interface TelemetryOptions {
  service: string;
  /** Measures, and gives `metricsText` something to say. */
  metrics: boolean;
  /** Another listener with nothing but `/metrics`; 0: none. */
  metricsPort: number;
  host: string;
}
export interface Telemetry {
  /** Sends what is left; a collector that does not answer is not waited for. @returns whether all of it went */
  shutdown(): Promise<boolean>;
}
type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** Where a listener of its own serves the metrics. */
export const METRICS_PATH = '/metrics';
const FAREWELL_MS = 3_000;
let answer: Answer | undefined;

/** Answers a request with all metrics as Prometheus reads them; undefined when nothing is measured. */
export const metricsText = (): Answer | undefined => answer;

export async function startTelemetry(
  options: TelemetryOptions,
  env: NodeJS.ProcessEnv = process.env,
): Promise<Telemetry> {
  const traces = Boolean(env['OTEL_EXPORTER_OTLP_ENDPOINT'] || env['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT']);
  const measures = options.metrics || options.metricsPort > 0;
  if (!traces && !measures) return { shutdown: async () => true };

  const { NodeSDK } = await import('@opentelemetry/sdk-node');
  const reader = measures ? await prometheus() : undefined;
  const sdk = new NodeSDK({
    serviceName: options.service,
    instrumentations: [],
    logRecordProcessors: [],
    metricReaders: reader ? [reader] : [],
    ...(!traces && { spanProcessors: [] }),
  });
  sdk.start();
  if (traces) startTracing();
  if (reader) {
    answer = (request, response) => reader.getMetricsRequestHandler(request, response);
    startMeasuring(metrics.getMeter('continuo'));
  }
  const server = options.metricsPort > 0 ? await listen(options) : undefined;
  return {
    async shutdown() {
      server?.close();
      server?.closeAllConnections();
      const late = new Promise<false>((resolve) => void setTimeout(resolve, FAREWELL_MS, false).unref());
      const gone = sdk.shutdown().then(
        () => true,
        () => false,
      );
      const all = await Promise.race([gone, late]);
      if (!all) logger('telemetry').warn('The last spans could not be sent: the collector does not answer.');
      return all;
    },
  };
}

async function prometheus() {
  const { PrometheusExporter } = await import('@opentelemetry/exporter-prometheus');
  return new PrometheusExporter({ preventServerStart: true, withoutScopeInfo: true, withoutTargetInfo: true });
}

async function listen({ host, metricsPort }: TelemetryOptions): Promise<Server> {
  const server = createServer((request, response) => {
    if (request.url === METRICS_PATH && answer) answer(request, response);
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) =>
      reject(
        new Error(
          `metrics cannot be served on port ${metricsPort} of ${host}: set CONTINUO_METRICS_PORT to a free one`,
          { cause: error },
        ),
      ),
    );
    server.listen(metricsPort, host, resolve);
  });
  return server;
}
