import { expect, test } from '@jest/globals';
import { runChaos } from './run.ts';

test.each([11, 12, 13])(
  'what was acknowledged stands everywhere once, whatever is killed meanwhile (seed %i)',
  async (seed) => {
    const { hurts, findings } = await runChaos({ seed, seconds: 10, messages: 100, faults: 4, visitors: 6 });
    expect(hurts).toHaveLength(4);
    expect(findings).toHaveLength(8);
    expect(findings.filter(({ broken }) => broken.length > 0)).toEqual([]);
  },
  240_000,
);
