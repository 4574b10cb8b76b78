import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { endOf } from './end.ts';
import { openLedger } from './ledger.ts';

test('whoever waits in vain at the end is in the ledger, and the others are asked all the same', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'continuo-end-'));
  try {
    using ledger = openLedger(join(dir, 'ledger.jsonl'));
    const fails = (words: string) => async () => Promise.reject(new Error(words));
    const traffic = { finish: fails('1 command is open'), writeScreens: fails('no screen agrees'), headOf: () => 0 };
    const others = { writeScreens: fails('no widget agrees'), [Symbol.dispose]: () => {} };
    const end = endOf(ledger, traffic, others);
    await end.finish();
    await end.writeScreens();
    const lines = readFileSync(ledger.file, 'utf8').trim().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      { kind: 'unanswered', text: '1 command is open' },
      { kind: 'unanswered', text: 'no screen agrees' },
      { kind: 'unanswered', text: 'no widget agrees' },
    ]);
  } finally {
    rmSync(dir, { recursive: true });
  }
});
