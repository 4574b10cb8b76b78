// What is known of a server's executable: its name, the oldest version that will do, and where it can be had.
import { join } from 'node:path';

export interface Wheel {
  requirement: string;
  version: string;
  sha256: string;
  /** How the executable's name inside ends. */
  entry: string;
  platform: string;
  megabytes: number;
}

export interface Archive {
  version: string;
  entry: string;
  /** By `platform-arch`. */
  urls: Record<string, string>;
}

/** How one server is found or fetched. */
export interface Recipe {
  binary: string;
  /** The environment variable that names an executable and wins over everything. */
  envVar: string;
  minimumVersion: [major: number, minor: number, patch: number];
  /** How it is asked for its version; `--version` when left out. */
  versionArguments?: string[];
  wheel?: Wheel;
  archive?: Archive;
}

export interface FoundBinary {
  path: string;
  /** Where it was found, for the log. */
  source: string;
}

export function cachedPath(recipe: Recipe, version: string, cacheDir: string): string {
  return join(cacheDir, `${recipe.binary}-${version}`, recipe.binary);
}
