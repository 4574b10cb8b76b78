// npm run k8s:rolling: replaces every pod of the services in the cluster that kubectl talks to, or empties a node of it, while visitors and an employee write. Nothing
// acknowledged may be lost or doubled, and no widget may have a word for anything. An overlay is applied there already; a site of its own is made for this by the Job of k8s/operator,
// once: its Secret stays, and the next run finds the site in it. One run at a time.
//   --gateway URL       where this machine reaches the gateway's Service; by default its address in the cluster, for a machine that is in its network
//   --namespace NAME    continuo
//   --image NAME        of the tools, as the overlay names it
//   --visitors N        5
//   --drain NODE        empties this node instead, and takes it back when its pods are ready elsewhere
import { execFile } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs, promisify } from 'node:util';
import { kubectl as kubectlProgram } from '@continuo/servers';
import { eventually, type TestAgent, testAgent } from '@continuo/testing';
import { stringify } from 'yaml';
import { BESIDE, render } from '../k8s/render.ts';
import { emptyNode, replaceAll } from './disturb.ts';
import { findings } from './findings.ts';
import { NAME, siteJob, trialSettings } from './site-job.ts';
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

/** @returns the site that nobody else uses, and the one employee who answers there */
async function siteOfTrials(gateway: string) {
  const secret = await kubectl(['get', 'secret', NAME, '--ignore-not-found', '-o', 'json']);
  const { isNew, ...settings } = trialSettings(secret, gateway, ORIGIN, visitors);
  say(isNew ? 'A Job makes a site of its own.' : `The site “${settings.site.name}” of the run before serves again.`);
  const { manifests, job } = siteJob(await render(BESIDE), settings, values.image);
  const away = ['delete', '--ignore-not-found', job];
  // A run that was ended from outside leaves its Job, and a Job cannot be changed.
  await kubectl(away);
  try {
    for (const manifest of manifests) await kubectl(['apply', '-f', '-'], stringify(manifest));
    await kubectl(['wait', job, '--for=condition=complete', '--timeout=180s']);
  } finally {
    await kubectl(away);
  }
  return { site: settings.site, employee: settings.agents[0] };
}

/** Closes what a run left that was ended from outside, until all visitors of this one have their employee. */
async function onlyThese(agent: TestAgent, conversations: ReadonlySet<string>): Promise<void> {
  const mine = new Set(agent.mine());
  for (const old of mine.difference(conversations)) await agent.closeDialogue(old);
  const served = mine.intersection(conversations).size;
  if (served < visitors) throw new Error(`${served} of ${visitors} visitors have their employee`);
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
  say(`The gateway is at ${gateway}.`);
  const { site, employee } = await siteOfTrials(gateway);
  await using agent = await testAgent({ gateways, ...employee });
  await agent.goOnline();
  await using _leaving = { [Symbol.asyncDispose]: () => leave(agent).catch(() => {}) };
  using widgets = await openWidgets(visitors, { site }, gateways, { writeEveryMs: writeEveryMs(visitors) });
  const conversations = new Set(widgets.screens().keys());
  await eventually(() => onlyThese(agent, conversations), ENOUGH);
  let over = false;
  const answers = answering(agent, () => over);
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
