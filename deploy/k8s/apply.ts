// npm run k8s:apply: has a real API server take every object of every overlay, as a server-side apply. Refusals and warnings (Pod Security "restricted", what is
// deprecated) are failures. Wants etcd, and Go for the first time; takes seconds afterwards.
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { stringify } from 'yaml';
import { type ApiServer, startApiServer } from './api-server.ts';
import { BY_HAND, type Manifest, overlays, render } from './render.ts';
import { secrets } from './secrets.ts';

const OPERATOR = 'github.com/prometheus-operator/prometheus-operator@v0.85.0';
const CRDS = ['servicemonitors', 'prometheusrules'];
const APPLY = ['apply', '--server-side', '--force-conflicts', '-f', '-'];
/** kubectl and server may be some versions apart; that says nothing about the objects. */
const BESIDE_THE_POINT = /version difference/;
const say = (line: string): void => void process.stderr.write(`${line}\n`);

async function definePrometheusKinds(api: ApiServer): Promise<void> {
  const { stdout } = await promisify(execFile)('go', ['mod', 'download', '-json', OPERATOR]);
  const folder = join((JSON.parse(stdout) as { Dir: string }).Dir, 'example', 'prometheus-operator-crd');
  for (const kind of CRDS) {
    const definition = await readFile(join(folder, `monitoring.coreos.com_${kind}.yaml`), 'utf8');
    const { ok, said } = await api.kubectl(APPLY, definition);
    if (!ok) throw new Error(`the definition of ${kind} was refused: ${said}`);
  }
  for (const kind of CRDS)
    await api.kubectl(['wait', '--for=condition=Established', `crd/${kind}.monitoring.coreos.com`, '--timeout=60s']);
}

/** @returns a sentence for each object that is refused or warned about */
async function applyAll(api: ApiServer, manifests: Manifest[]): Promise<string[]> {
  const faults: string[] = [];
  for (const manifest of manifests) {
    const { ok, said } = await api.kubectl(APPLY, stringify(manifest));
    const words = said.split('\n').filter((line) => line.trim() && !BESIDE_THE_POINT.test(line));
    if (!ok || words.length > 0) faults.push(`${manifest.kind} ${manifest.metadata.name}: ${words.join(' ')}`);
  }
  return faults;
}

try {
  for (const overlay of overlays()) {
    // A new server each: nothing there lets go of a namespace.
    await using api = await startApiServer(say);
    await definePrometheusKinds(api);
    const manifests = (await Promise.all([overlay, ...BY_HAND].map(render))).flat();
    const namespaces = manifests.filter(({ kind }) => kind === 'Namespace');
    const made = Object.entries(secrets({ members: 3, smtp: 'smtp://mail.example.com:25' })).map(
      ([name, stringData]): Manifest => ({
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name, namespace: namespaces[0]?.metadata.name ?? 'default' },
        stringData,
      }),
    );
    const rest = manifests.filter(({ kind }) => kind !== 'Namespace');
    const faults = await applyAll(api, [...namespaces, ...made, ...rest]);
    say(`${overlay}: ${manifests.length + made.length - faults.length} objects taken, ${faults.length} refused`);
    for (const fault of faults) say(`  ${fault}`);
    if (faults.length > 0) process.exitCode = 1;
  }
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
