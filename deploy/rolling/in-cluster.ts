// npm run k8s:rolling: replaces every pod of the services in the cluster that kubectl talks to, or empties a node of it, while visitors and an employee write. Nothing
// acknowledged may be lost or doubled, and no widget may have a word for anything. An overlay is applied there already; a site of its own is made for this by the Job of k8s/operator.
//   --gateway URL       where this machine reaches the gateway's Service; by default its address in the cluster, for a machine that is in its network
//   --namespace NAME    continuo
//   --image NAME        of the tools, as the overlay names it
//   --visitors N        5
//   --drain NODE        empties this node instead, and takes it back when its pods are ready elsewhere
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs, promisify } from 'node:util';
import { newId } from '@continuo/contracts';
import { kubectl as kubectlProgram } from '@continuo/servers';
import { eventually, type TestAgent, testAgent } from '@continuo/testing';
import { stringify } from 'yaml';
import { BESIDE, render } from '../k8s/render.ts';
import { emptyNode, replaceAll } from './disturb.ts';
import { findings } from './findings.ts';
import { siteJob } from './site-job.ts';
import { openWidgets } from './widgets.ts';

const ORIGIN = 'https://shop.example';
const ANSWER_EVERY_MS = 300;
/** Below what one visitor may say in a minute, and what all may from one address: who is held back sees nothing of the cluster. */
const writeEveryMs = (visitors: number): number => Math.max(1_500, visitors * 150);
const ENOUGH = { withinMs: 180_000 };
const longest = (times: number[]): string => `${Math.max(0, ...times)} ms`;
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const { values } = parseArgs({
  options: {
    gateway: { type: 'string' },
    namespace: { type: 'string', default: 'continuo' },
    image: { type: 'string' },
    visitors: { type: 'string', default: '5' },
    drain: { type: 'string' },
  },
});
const visitors = Number(values.visitors);
const program = await kubectlProgram();

/** @returns what it says @throws with its own words */
async function kubectl(args: string[], input?: string): Promise<string> {
  const call = promisify(execFile)(program, ['--namespace', values.namespace, ...args]);
  call.child.stdin?.end(input);
  return (await call).stdout;
}

/** A site that nobody else uses, and the one employee who answers there. */
async function newSite(gateway: string) {
  const id = newId();
  const password = randomBytes(12).toString('base64url');
  const employee = { email: `anna-${id}@example.com`, password };
  const site = {
    id,
    name: 'Rolling update',
    language: 'en',
    origins: [ORIGIN],
    consoleUrl: gateway,
    typingPreview: false,
    mail: { fromAddress: 'desk@example.com', answerDelaySeconds: 3_600 },
    crm: { windowSeconds: 4 },
  };
  const agents = [{ id: newId(), name: 'Anna', role: 'agent', capacity: visitors, ...employee }];
  const name = `rolling-${id.slice(0, 8)}`;
  const { manifests, names } = siteJob(await render(BESIDE), name, { site, agents }, values.image);
  try {
    for (const manifest of manifests) await kubectl(['apply', '-f', '-'], stringify(manifest));
    await kubectl(['wait', `job/${name}`, '--for=condition=complete', '--timeout=180s']);
  } finally {
    // It holds a password.
    await kubectl(['delete', '--ignore-not-found', ...names]);
  }
  return { site, employee };
}

/** Answers each of his visitors again and again, until it is over. */
async function answering(agent: TestAgent, isOver: () => boolean) {
  const acknowledged: { conversation: string; text: string; afterMs: number }[] = [];
  const refused: string[] = [];
  for (let count = 1; !isOver(); await sleep(ANSWER_EVERY_MS))
    for (const conversation of agent.mine()) {
      const text = `answer ${count++}`;
      const asked = Date.now();
      await agent.reply(conversation, text).then(
        () => acknowledged.push({ conversation, text, afterMs: Date.now() - asked }),
        (error: Error) => refused.push(error.message),
      );
    }
  return { acknowledged, refused };
}

/** Nobody waits at a desk that nobody comes back to. The site stays, under a name that says what it was. */
async function leave(agent: TestAgent): Promise<void> {
  for (const conversation of agent.mine()) await agent.closeDialogue(conversation);
  await agent.socket.command('set-availability', { agent: agent.id, state: 'offline' });
}

async function serviceAddress(): Promise<string> {
  const where = 'jsonpath={.spec.clusterIP}:{.spec.ports[?(@.name=="http")].port}';
  return `http://${await kubectl(['get', 'service', 'gateway', '-o', where])}`;
}

try {
  const gateway = values.gateway ?? (await serviceAddress());
  const gateways = () => [gateway];
  say(`The gateway is at ${gateway}; a Job makes a site of its own.`);
  const { site, employee } = await newSite(gateway);
  await using agent = await testAgent({ gateways, ...employee });
  await agent.goOnline();
  await using _leaving = { [Symbol.asyncDispose]: () => leave(agent).catch(() => {}) };
  let over = false;
  const answers = answering(agent, () => over);
  using widgets = await openWidgets(visitors, { site }, gateways, { writeEveryMs: writeEveryMs(visitors) });
  await eventually(() => {
    if (agent.mine().length < visitors)
      throw new Error(`${agent.mine().length} of ${visitors} visitors have their employee`);
  }, ENOUGH);
  say(
    `${visitors} visitors and an employee write; ${values.drain ? `${values.drain} is emptied` : 'every pod of the services is replaced'}.`,
  );
  const { words, gatewayWent } = await (values.drain ? emptyNode(kubectl, values.drain) : replaceAll(kubectl));
  say(words);
  over = true;
  const { acknowledged, refused } = await answers;
  const unfinished: string[] = [];
  await widgets.finish().catch((error: Error) => unfinished.push(error.message));
  const desk = () =>
    new Map(agent.mine().map((conversation) => [conversation, agent.messages(conversation).map(({ text }) => text)]));
  const seen = () => ({
    ...{ acknowledged, refused, unfinished, gatewayWent },
    ...{ atDesk: desk(), atVisitors: widgets.screens(), shown: widgets.shown },
  });
  // The last words are on their way to the desk still.
  await eventually(() => {
    if (findings(seen()).length > 0) throw new Error('not yet');
  }).catch(() => {});
  const { atVisitors, shown } = seen();
  const stored = [...atVisitors.values()].flat().length;
  say(
    `${stored} messages stored, ${acknowledged.length} of them answers, the slowest after ${longest(acknowledged.map(({ afterMs }) => afterMs))}; ` +
      `${shown.moves.length} sockets told to move, the longest away for ${longest(shown.absences)}`,
  );
  const faults = findings(seen());
  for (const fault of faults) say(`BROKEN ${fault}`);
  if (faults.length > 0) process.exitCode = 1;
  else say('nothing was lost, doubled or shown');
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
