import { expect, test } from '@jest/globals';
import { count, measure } from './measure.ts';
import { METRICS, type MetricLine } from './metrics.ts';

test('only what is in the table can be recorded, with its labels and in its way', () => {
  count('continuo.append.conflicts', { stream: 'DESK' });
  // @ts-expect-error: there is no such metric
  count('continuo.append.wishes', { stream: 'DESK' });
  // @ts-expect-error: it has another label
  count('continuo.append.conflicts', { site: 'a' });
  // @ts-expect-error: its reason is another word
  count('continuo.append.failures', { stream: 'DESK', reason: 'fulll' });
  // @ts-expect-error: a histogram is not counted
  count('continuo.live.lag.seconds', { stream: 'DESK' });
  // @ts-expect-error: a counter is not measured
  measure('continuo.append.conflicts', 1, { stream: 'DESK' });
});

test('a name says its unit, and no label can hold an id', () => {
  const lines = Object.entries(METRICS as Record<string, MetricLine>);
  expect(lines.filter(([name, { unit }]) => (unit === 'seconds') !== name.endsWith('.seconds'))).toEqual([]);
  const labels = new Set(lines.flatMap(([, line]) => line.labels));
  expect([...labels].filter((label) => /id|site|conversation|visitor|agent|address|url/.test(label))).toEqual([]);
});
