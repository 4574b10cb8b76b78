import { expect, test } from '@jest/globals';
import { carriedTrace, carryTrace, inSpan } from './spans.ts';
import { metricsText, startTelemetry } from './start.ts';

test('where nobody asked for traces or metrics, nothing is started, and work runs as if it were not looked at', async () => {
  const telemetry = await startTelemetry({ service: 'a', metrics: false, metricsPort: 0, host: '127.0.0.1' }, {});
  const headers = new Map<string, string>();
  const worked = await inSpan('work', { kind: 'server' }, async (span) => {
    span.note({ 'continuo.outcome': 'done' });
    carryTrace((name, value) => headers.set(name, value));
    return 'worked';
  });
  expect(worked).toBe('worked');
  expect(headers.size).toBe(0);
  expect(carriedTrace(() => '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01')).toBeUndefined();
  expect(metricsText()).toBeUndefined();
  expect(await telemetry.shutdown()).toBe(true);
});
