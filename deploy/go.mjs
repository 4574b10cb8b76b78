// node deploy/go.mjs FILE ARGS…: installs what is missing, then runs FILE (named from the project's root) on the
// project's own Node, in the project's root.
// Signals go through to FILE, and FILE's exit code comes back.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { ownNode, ROOT, SIGNALS, setup } from './setup.mjs';

try {
  await setup();
  run(ownNode(), process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}

/**
 * @param {string} node
 * @param {string[]} args
 */
function run(node, args) {
  if (args.length === 0) throw new Error('usage: node deploy/go.mjs FILE ARGS…');
  const child = spawn(node, args, { cwd: ROOT, stdio: 'inherit' });
  for (const signal of SIGNALS) process.on(signal, () => child.kill(signal));
  child.once('error', (error) => {
    process.stderr.write(`cannot run ${node}: ${error.message}\n`);
    process.exitCode = 1;
  });
  child.once('exit', (code, signal) => {
    process.exitCode = code ?? 128 + constants.signals[/** @type {NodeJS.Signals} */ (signal)];
    for (const name of SIGNALS) process.removeAllListeners(name);
  });
}
