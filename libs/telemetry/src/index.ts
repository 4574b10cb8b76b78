// Front door of what an operator sees of a running process: logs, traces, metrics. Off costs nothing.
export * from './log.ts';
export { count, type LabelsOf, type MetricName, measure, type Reading, timed, watchGauge } from './measure.ts';
export { METRICS, type MetricLine } from './metrics.ts';
export { metricsPage, prometheusName } from './metrics-page.ts';
export * from './spans.ts';
export { METRICS_PATH, metricsText, startTelemetry, type Telemetry, type TelemetryOptions } from './start.ts';
