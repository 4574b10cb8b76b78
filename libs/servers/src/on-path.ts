// Executables by name, in the order in which a shell would find them.
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

export function* onPath(name: string, env: NodeJS.ProcessEnv = process.env): Generator<string> {
  for (const folder of (env.PATH ?? '').split(delimiter).filter(Boolean)) {
    const path = join(folder, name);
    if (isExecutable(path)) yield path;
  }
}

export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
