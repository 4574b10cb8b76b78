import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setImmediate } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { mongoCommand } from '../src/mongo-wire.ts';
import { isFree } from '../src/ports.ts';

const ASKER = fileURLToPath(new URL('ask-for-mongo.ts', import.meta.url));

test('whoever asks in one run gets the same MongoDB, and it ends when the run is killed', async () => {
  const run = asker();
  const url = await run.answer;
  const second = asker(run.pid);
  expect(await second.answer).toBe(url);
  second.kill('SIGKILL');
  const port = Number(new URL(url).port);
  expect(await mongoCommand(port, { hello: 1 })).toMatchObject({ isWritablePrimary: true });
  run.kill('SIGKILL');
  while (!(await isFree(port))) await setImmediate();
});

/** A process that asks for the shared MongoDB and lives on; with `owner` it belongs to that one's run. */
function asker(owner?: number) {
  const { CONTINUO_TEST_MONGO_URL: _url, CONTINUO_TEST_OWNER: _owner, ...env } = process.env;
  const child = spawn(process.execPath, [ASKER], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...env, ...(owner !== undefined && { CONTINUO_TEST_OWNER: String(owner) }) },
  });
  const answer = once(createInterface(child.stdout), 'line').then(([line]) => String(line));
  return { pid: child.pid, answer, kill: (signal: NodeJS.Signals) => child.kill(signal) };
}
