// npm run upgrade -- [COMMIT]: the data of that release (by default of the commit before) under this one. That release runs as `npm start` runs it, from a folder of its own,
// while people visit and write; then this one runs on the same data. Streams, views, links and the journal hold what they held, nothing is told to the CRM or mailed
// a second time, and the people who were in a dialogue go on in it, by the sockets and the session that they had.
//   --keep FOLDER   leaves there what the older release held: a backup by its own command, with its keys and what was said, as `deploy/backup/older-release-with-files`
import { execFile, spawn } from 'node:child_process';
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs, promisify } from 'node:util';
import { connectBus, load } from '@continuo/bus';
import { endingWithUs, isFree } from '@continuo/servers';
import { connectStore } from '@continuo/store';
import { eventually } from '@continuo/testing';
import { startReceiver, type WebhookReceiver } from '../../services/crm-sync/test/webhook-receiver.ts';
import { documentsOf } from '../backup/compare.ts';
import { ROOT } from '../run-node.ts';
import { connectOperator, type Installation } from '../running.ts';
import { readSettings, send } from '../settings.ts';
import { PASSING } from './collections.ts';
import { differences, type Held } from './differences.ts';
import { held, type Parts, passing } from './held.ts';
import { BEFORE, checkOut, commitNamed, itsSetup } from './release.ts';
import { type Story, story } from './story.ts';

const SECRET = `whsec_${Buffer.from('k'.repeat(32)).toString('base64')}`;
const SLOW = { withinMs: 180_000 };
const say = (line: string): void => void process.stdout.write(`${line}\n`);

type Running = Parts & AsyncDisposable;

/** A release as `npm start` runs it; disposing stops it and keeps the data. @throws with its output when it does not come up, or does not end cleanly */
async function start(folder: string, data: string, port: number): Promise<Running> {
  const words = ['deploy/start.ts', '--port', `${port}`, '--data', data, '--no-crm', '--no-rabbitmq'];
  const child = spawn(...endingWithUs((await itsSetup(folder)).ownNode(), words, 'SIGTERM'), {
    cwd: folder,
    env: { ...process.env, CONTINUO_SERVERS_CACHE: join(ROOT, '.cache/servers') },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (text) => {
      output += text;
    });
  const ended = new Promise<number | string>((resolve) =>
    child.once('exit', (code, signal) => resolve(code ?? signal ?? 1)),
  );
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    const code = await ended;
    if (code !== 0) throw new Error(`${folder} did not end cleanly (${code}):\n${output}`);
  };
  const up = eventually(() => {
    if (!output.includes('Ready.')) throw new Error(`${folder} is not ready:\n${output}`);
  }, SLOW);
  const broke = ended.then((code) => {
    throw new Error(`${folder} ended with ${code}:\n${output}`);
  });
  broke.catch(() => {});
  await using stack = new AsyncDisposableStack();
  stack.defer(stop);
  await Promise.race([up, broke]);
  const { bus: at, mongo } = await servers(folder, data);
  const bus = stack.use(await connectBus(at));
  const store = stack.use(await connectStore(mongo));
  const moved = stack.move();
  return { bus, store, [Symbol.asyncDispose]: () => moved.disposeAsync() };
}

const noted = (folder: string): string => join(folder, '.cache/running.json');

/** Where its servers are stands in what it notes for its tools; the administrator's password, which it did not always note, lies beside its data. */
async function servers(folder: string, data: string) {
  const read = async (file: string) => JSON.parse(await readFile(file, 'utf8'));
  const { natsUrl, views } = (await read(noted(folder))) as Installation;
  const { nats } = (await read(join(data, 'secrets.json'))) as { nats: Record<string, string> };
  if (!views) throw new Error(`${folder} does not say where its MongoDB is: it is older than what can be tried here.`);
  return {
    bus: { name: 'admin', url: natsUrl, user: 'admin', password: nats['admin'] },
    mongo: { url: views.mongoUrl, database: views.database },
  };
}

/** Nothing moves any more: every dialogue is in the CRM, and all stores hold what they held a while ago. */
async function atRest(running: Running, dialogues: number): Promise<Held> {
  let last = '';
  return await eventually(async () => {
    const now = await held(running);
    const links = Object.values(now.documents['crm_links'] ?? {});
    const pushed = links.filter(({ state }) => state === 'pushed').length;
    if (pushed < dialogues) throw new Error(`${pushed} of ${dialogues} dialogues stand in the CRM`);
    const text = JSON.stringify([now.documents['crm_links'], now.documents['conversations'], now.streams]);
    const moves = text !== last;
    last = text;
    if (moves) {
      await sleep(6_000);
      throw new Error('something is written still');
    }
    return now;
  }, SLOW);
}

async function viewsMadeAnew(running: Running): Promise<void> {
  const before = await documentsOf(running.store.connection);
  const { rebuildViews } = await import('../../services/conversation/src/views/rebuild.ts');
  await rebuildViews(running.bus, running.store);
  const after = await documentsOf(running.store.connection);
  for (const name of ['conversations', 'conversation_events'])
    if (JSON.stringify(before[name]) !== JSON.stringify(after[name]))
      throw new Error(`The view ${name} is not what this release would write from the stream.`);
}

async function goOn(running: Running, { site, open, visitor, agent }: Story): Promise<void> {
  const number = visitor.events().length;
  const numbers = [await visitor.say('Then four of them.'), await agent.reply(open, 'They come on Friday.')];
  if (numbers[0] !== number + 1 || numbers[1] !== number + 2)
    throw new Error(`After number ${number} came ${numbers.join(' and ')}.`);
  const { events } = await load(running.bus, 'CONVERSATION', site, open);
  const order = events.map((event) => event.number);
  if (order.some((each, index) => each !== index + 1)) throw new Error(`There is a gap: ${order.join(', ')}.`);
  await eventually(() => {
    const told = [visitor.messages(), agent.messages(open)].map((all) =>
      all
        .slice(-2)
        .map(({ text }) => text)
        .join(' '),
    );
    if (told.some((each) => each !== 'Then four of them. They come on Friday.'))
      throw new Error(`Visitor and employee see different things: ${told.join(' | ')}`);
  });
}

async function toldOnce(receiver: WebhookReceiver, before: number, open: string): Promise<void> {
  await eventually(() => {
    if (!receiver.text(open).includes('They come on Friday.')) throw new Error('The CRM is not told how it went on.');
  }, SLOW);
  const others = receiver.received.slice(before).filter(({ body }) => !body.includes(open));
  if (others.length > 0) throw new Error(`The CRM was told again of ${others.length} things that it knew.`);
}

async function freePorts(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 10_000);
    const free = await Promise.all([0, 1, 2, 3, 4].map((offset) => isFree(port + offset)));
    if (free.every(Boolean)) return port;
  }
}

/** By the release's own command, and beside the backup what a restore elsewhere needs: the keys, and what has to be there. */
async function keepIn(folder: string, release: string, data: string, facts: object): Promise<void> {
  const { bus, mongo } = await servers(release, data);
  const at = {
    CONTINUO_NATS_URL: bus.url,
    CONTINUO_NATS_USER: bus.user,
    CONTINUO_NATS_PASSWORD: bus.password,
    CONTINUO_MONGO_URL: mongo.url,
    CONTINUO_MONGO_DATABASE: mongo.database,
  };
  const create = ['deploy/backup/backup.ts', 'create', folder];
  const env = { ...process.env, ...at };
  await promisify(execFile)((await itsSetup(release)).ownNode(), create, { cwd: release, env });
  await copyFile(join(data, 'secrets.json'), join(folder, 'secrets.json'));
  await writeFile(join(folder, 'facts.json'), `${JSON.stringify(facts, null, 2)}\n`);
}

async function main(name = BEFORE, keep?: string): Promise<void> {
  const commit = await commitNamed(name);
  const folder = await mkdtemp(join(tmpdir(), 'continuo-upgrade-'));
  await using stack = new AsyncDisposableStack();
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const [older, data] = [join(folder, 'release'), join(folder, 'data')];
  say(`The release before is ${commit.slice(0, 12)}.`);
  await checkOut(commit, older);
  const port = await freePorts();
  const receiver = stack.use(await startReceiver(SECRET));
  const { site, agents } = await readSettings(join(older, 'deploy/demo-shop/settings.json'));

  let before: Held;
  let told: Story;
  {
    await using running = await start(older, data, port);
    {
      await using operator = await connectOperator({}, noted(older));
      const connection = { connector: 'webhook', baseUrl: receiver.url, credentials: { secret: SECRET } };
      await send(operator, site.id, 'save-crm-connection', { connection });
    }
    told = stack.use(await story({ port, site: site.id, employee: agents[0] as { email: string; password: string } }));
    before = await atRest(running, told.dialogues.length);
    const empty = Object.keys(before.documents).filter((name) => !PASSING.includes(name) && nothingIn(before, name));
    if (empty.length > 0)
      throw new Error(`The story makes nothing for ${empty.join(', ')}: nobody sees what becomes of it.`);
    say(`It holds ${sizes(before)}.`);
    if (keep) await keepIn(resolve(keep), older, data, { site: site.id, employee: agents[0], said: told.said });
  }
  const deliveries = receiver.received.length;

  await using running = await start(ROOT, data, port);
  say('This release runs on it.');
  await told.back();
  const faults = differences(before, await held(running), await passing(running));
  if (faults.length > 0) throw new Error(faults.map((fault) => `BROKEN ${fault}`).join('\n'));
  for (const [dialogue, texts] of Object.entries(told.said)) {
    told.agent.open(dialogue);
    await eventually(() => {
      const now = told.agent.messages(dialogue).map(({ text }) => text);
      if (JSON.stringify(now) !== JSON.stringify(texts)) throw new Error(`Of ${dialogue} is shown: ${now.join(' | ')}`);
    });
  }
  await viewsMadeAnew(running);
  await goOn(running, told);
  await toldOnce(receiver, deliveries, told.open);
  say('Streams, views, links and journal hold what they held, and the open dialogue went on.');
}

const nothingIn = ({ documents }: Held, name: string): boolean => Object.keys(documents[name] ?? {}).length === 0;
const sizes = ({ streams, documents }: Held): string => {
  const of = (all: object[]): number => all.reduce((sum, one) => sum + Object.keys(one).length, 0);
  return `${of(Object.values(streams))} messages in streams and ${of(Object.values(documents))} documents`;
};

try {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { keep: { type: 'string' } } });
  await main(positionals[0], values.keep);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
