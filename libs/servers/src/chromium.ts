// Finds the Chromium that the browser tests drive: the PATH, then CHROMIUM_BIN. Installing one is the test runner's part.
import { isExecutable, onPath } from './on-path.ts';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

export function findChromium(env: NodeJS.ProcessEnv = process.env): string | undefined {
  for (const name of NAMES) {
    for (const path of onPath(name, env)) return path;
  }
  const named = env.CHROMIUM_BIN;
  if (named && !isExecutable(named)) throw new Error(`CHROMIUM_BIN=${named} is not an executable file.`);
  return named || undefined;
}
