// Kubernetes' own API server with an etcd, on loopback, for as long as it is looked at. It has no nodes: it judges objects, and runs nothing.
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { existsSync, openSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { freePort, KUBERNETES_VERSION, kubectl } from '@continuo/servers';
import { ROOT } from '../run-node.ts';

const run = promisify(execFile);
const VERSION = `${KUBERNETES_VERSION}.4`;
const READY_MS = 180_000;

export interface ApiServer extends AsyncDisposable {
  /** @returns what kubectl said on stderr: warnings, or why it was refused */
  kubectl(args: string[], input?: string): Promise<{ ok: boolean; said: string }>;
}

export async function startApiServer(say: (line: string) => void): Promise<ApiServer> {
  const [apiServer, etcd, client] = [await kubeApiServer(say), await etcdBinary(), await kubectl(say)];
  const dir = await mkdtemp(join(tmpdir(), 'continuo-api-server-'));
  const children: ChildProcess[] = [];
  const stack = new AsyncDisposableStack();
  stack.defer(() => rm(dir, { recursive: true, force: true }));
  stack.defer(async () => {
    for (const child of children) child.kill();
    await Promise.all(children.map((child) => child.exitCode ?? new Promise((resolve) => child.once('exit', resolve))));
  });
  try {
    const [clients, peers, secure] = [await freePort(), await freePort(), await freePort()];
    const token = randomBytes(24).toString('hex');
    const key = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const keyFile = join(dir, 'service-accounts.key');
    await writeFile(keyFile, key.privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
    await writeFile(join(dir, 'tokens.csv'), `${token},admin,admin,system:masters\n`, { mode: 0o600 });
    const begin = (command: string, args: string[]): void => {
      const log = openSync(join(dir, 'log'), 'a');
      children.push(spawn(command, args, { stdio: ['ignore', log, log] }));
    };
    const at = (port: number): string => `http://127.0.0.1:${port}`;
    begin(etcd, [
      ...['--data-dir', join(dir, 'etcd'), '--listen-client-urls', at(clients), '--advertise-client-urls', at(clients)],
      ...['--listen-peer-urls', at(peers), '--initial-advertise-peer-urls', at(peers)],
      ...['--initial-cluster', `default=${at(peers)}`],
    ]);
    begin(apiServer, [
      `--etcd-servers=${at(clients)}`,
      '--bind-address=127.0.0.1',
      `--secure-port=${secure}`,
      `--cert-dir=${join(dir, 'certs')}`,
      '--service-cluster-ip-range=10.96.0.0/16',
      '--service-account-issuer=https://kubernetes.default.svc',
      `--service-account-key-file=${keyFile}`,
      `--service-account-signing-key-file=${keyFile}`,
      `--token-auth-file=${join(dir, 'tokens.csv')}`,
      '--authorization-mode=RBAC',
      '--endpoint-reconciler-type=none',
      '--disable-admission-plugins=ServiceAccount',
    ]);
    const access = [
      `--server=https://127.0.0.1:${secure}`,
      `--certificate-authority=${join(dir, 'certs', 'apiserver.crt')}`,
      `--token=${token}`,
      '--kubeconfig=/dev/null',
    ];
    const ask: ApiServer['kubectl'] = async (args, input) => {
      const asked = run(client, [...access, ...args], { maxBuffer: 64 * 1024 ** 2 });
      asked.child.stdin?.end(input);
      try {
        return { ok: true, said: (await asked).stderr };
      } catch (error) {
        return { ok: false, said: (error as { stderr?: string }).stderr ?? String(error) };
      }
    };
    const until = Date.now() + READY_MS;
    while (!(await ask(['get', '--raw', '/readyz'])).ok) {
      const ended = children.find(({ exitCode }) => exitCode !== null);
      if (ended) throw new Error(`${ended.spawnfile} ended by itself`);
      if (Date.now() > until) throw new Error('the API server was not ready in three minutes');
      await sleep(250);
    }
    const running = stack.move();
    return { kubectl: ask, [Symbol.asyncDispose]: () => running.disposeAsync() };
  } catch (error) {
    await stack.disposeAsync();
    throw error;
  }
}

async function kubeApiServer(say: (line: string) => void): Promise<string> {
  const given = process.env.KUBE_APISERVER_BIN;
  if (given) return given;
  const path = join(ROOT, '.cache', 'servers', `kube-apiserver-${VERSION}`, 'kube-apiserver');
  if (!existsSync(path)) {
    say(`building kube-apiserver ${VERSION} from its Go modules: four to ten minutes, once`);
    await run(join(ROOT, 'deploy', 'k8s', 'build-api-server.sh'), [path, VERSION], { maxBuffer: 64 * 1024 ** 2 });
  }
  return path;
}

async function etcdBinary(): Promise<string> {
  const path = process.env.ETCD_BIN ?? 'etcd';
  await run(path, ['--version']).catch(() => {
    throw new Error('etcd is missing: install it (apt-get install etcd-server), or name one in ETCD_BIN.');
  });
  return path;
}
