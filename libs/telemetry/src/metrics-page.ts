// docs/metrics.md: the table of metrics for people who set up alerts. Generated, never edited.
import { METRICS, type MetricLine } from './metrics.ts';

/** The name under which Prometheus finds it. */
export const prometheusName = (name: string, { kind }: Pick<MetricLine, 'kind'>): string =>
  `${name.replaceAll('.', '_')}${kind === 'counter' ? '_total' : ''}`;

export function metricsPage(): string {
  const rows = Object.entries(METRICS as Record<string, MetricLine>).map(
    ([name, line]) =>
      `| \`${prometheusName(name, line)}\` | ${line.kind} | ${line.unit || 'number'} | ${
        line.labels.map((label) => `\`${label}\`${valuesOf(line, label)}`).join(', ') || '–'
      } | ${line.says} |`,
  );
  return `${[
    '# Metrics',
    'Generated from `libs/telemetry/src/metrics.ts` by `npm run generate`; do not edit.',
    '`CONTINUO_METRICS=1` measures and serves them to Prometheus at `/metrics` beside `/livez` and `/readyz`. The gateway’s port is public, so there they are never served: `CONTINUO_METRICS_PORT` opens another listener with nothing else on it, on any service. With neither nothing is measured. No label holds an id, an address or a text.',
    'Scale on `continuo_consumer_pending`, alert on `continuo_consumer_oldest_seconds`, `continuo_consumer_parked_total`, `continuo_live_silence_seconds` and `continuo_crm_lag_seconds`.',
    ['| metric | kind | unit | labels | what |', '| --- | --- | --- | --- | --- |', ...rows].join('\n'),
    '## Traces',
    'Spans are sent when `OTEL_EXPORTER_OTLP_ENDPOINT` names a collector; the other `OTEL_…` variables of the OpenTelemetry SDK hold as well (sampling: `OTEL_TRACES_SAMPLER=parentbased_traceidratio`, `OTEL_TRACES_SAMPLER_ARG=0.1`). A trace follows a frame from the browser’s socket through the command and the append to every consumer that hears of the event at once, and to the calls of the CRM: the window of crm-sync goes on in the trace of the event that opened it, and its span links to the traces of whatever else was said in it. What comes later – other timers, second deliveries, replays – is a trace of its own with a link to where it came from. Log lines written within a span carry its `trace` and `span`.',
  ].join('\n\n')}\n`;
}

const valuesOf = ({ values }: MetricLine, label: string): string =>
  values?.[label] ? ` (${values[label].join(' ')})` : '';
