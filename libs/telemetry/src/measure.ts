// Records into the table of metrics. Names and labels are checked by the compiler; before metrics are started every call returns at once.
import type { Counter, Histogram, Meter, ObservableGauge, ObservableResult } from '@opentelemetry/api';
import { METRICS, type MetricLine } from './metrics.ts';

export type MetricName = keyof typeof METRICS;
type NameOf<Kind extends MetricLine['kind']> = {
  [K in MetricName]: (typeof METRICS)[K]['kind'] extends Kind ? K : never;
}[MetricName];
/** What a label takes: words that the table names, else any. */
type ValueOf<Line, Label> = Line extends { values: infer V }
  ? Label extends keyof V
    ? V[Label] extends readonly (infer Word)[]
      ? Word
      : string
    : string
  : string;
export type LabelsOf<K extends MetricName> = {
  [Label in (typeof METRICS)[K]['labels'][number]]: ValueOf<(typeof METRICS)[K], Label>;
};
export interface Reading<K extends MetricName> {
  value: number;
  labels: LabelsOf<K>;
}

const BOUNDS_S = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const counters = new Map<string, Counter>();
const histograms = new Map<string, Histogram>();
const gauges = new Map<string, ObservableGauge>();

/** Makes every instrument of the table; from now on what is recorded is kept. */
export function startMeasuring(meter: Meter): void {
  for (const [name, { kind, unit, says }] of Object.entries(METRICS) as [string, MetricLine][]) {
    const options = { description: says, unit };
    if (kind === 'counter') counters.set(name, meter.createCounter(name, options));
    else if (kind === 'gauge') gauges.set(name, meter.createObservableGauge(name, options));
    else
      histograms.set(name, meter.createHistogram(name, { ...options, advice: { explicitBucketBoundaries: BOUNDS_S } }));
  }
}

export function count<K extends NameOf<'counter'>>(name: K, labels: LabelsOf<K>, by = 1): void {
  counters.get(name)?.add(by, labels);
}

/** @param seconds what was measured */
export function measure<K extends NameOf<'histogram'>>(name: K, seconds: number, labels: LabelsOf<K>): void {
  histograms.get(name)?.record(seconds, labels);
}

/** Starts a watch. @returns stops it, under the labels that are known by then */
export function timed<K extends NameOf<'histogram'>>(name: K): (labels: LabelsOf<K>) => void {
  if (histograms.size === 0) return () => {};
  const since = performance.now();
  return (labels) => measure(name, (performance.now() - since) / 1000, labels);
}

/** Has a gauge read whenever somebody asks for metrics; a reading that fails is left out. Disposing ends it. */
export function watchGauge<K extends NameOf<'gauge'>>(
  name: K,
  read: () => readonly Reading<K>[] | Promise<readonly Reading<K>[]>,
): Disposable {
  const gauge = gauges.get(name);
  const callback = async (result: ObservableResult): Promise<void> => {
    try {
      for (const { value, labels } of await read()) result.observe(value, labels);
    } catch {
      // What is asked is away: no figure is better than a wrong one.
    }
  };
  gauge?.addCallback(callback);
  return { [Symbol.dispose]: () => gauge?.removeCallback(callback) };
}
