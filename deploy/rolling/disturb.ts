// What is done to a cluster while people write: all pods of the services are replaced, or a node is emptied and comes back.
type Kubectl = (args: string[]) => Promise<string>;

export interface Disturbance {
  /** For people. */
  words: string;
  gatewayWent: boolean;
}

const WITHIN = '--timeout=600s';
const lines = (text: string): string[] => text.split('\n').filter(Boolean);
const secondsSince = (began: number): number => Math.round((Date.now() - began) / 1_000);

const services = async (kubectl: Kubectl): Promise<string[]> =>
  lines(await kubectl(['get', 'deployments', '-l', 'continuo.dev/tier=service', '-o', 'name']));

async function areWhole(kubectl: Kubectl, names: string[]): Promise<void> {
  for (const name of names) await kubectl(['rollout', 'status', name, WITHIN]);
}

export async function replaceAll(kubectl: Kubectl): Promise<Disturbance> {
  const began = Date.now();
  const deployments = await services(kubectl);
  const old = lines(await kubectl(['get', 'pods', '-l', 'continuo.dev/tier=service', '-o', 'name']));
  await kubectl(['rollout', 'restart', ...deployments]);
  await areWhole(kubectl, deployments);
  // The new ones are all ready, and the old ones tell their sockets only now to move.
  await kubectl(['wait', ...old, '--for=delete', WITHIN]);
  return { words: `${deployments.length} deployments replaced in ${secondsSince(began)} s`, gatewayWent: true };
}

/** A server that has to be on a node of its own comes back only with the node: in between the others do its work. */
export async function emptyNode(kubectl: Kubectl, node: string): Promise<Disturbance> {
  const began = Date.now();
  const on = ['get', 'pods', '--field-selector', `spec.nodeName=${node},status.phase=Running`, '-o', 'name'];
  const pods = lines(await kubectl(on));
  if (pods.length === 0) throw new Error(`No pod of the system is on ${node}: nothing would be seen there.`);
  try {
    await kubectl(['drain', node, '--ignore-daemonsets', '--delete-emptydir-data', WITHIN]);
    await areWhole(kubectl, await services(kubectl));
  } finally {
    await kubectl(['uncordon', node]);
  }
  const emptied = secondsSince(began);
  await areWhole(kubectl, lines(await kubectl(['get', 'statefulsets', '-o', 'name'])));
  return {
    words: `${node} emptied of ${pods.length} pods in ${emptied} s, all of them whole again after ${secondsSince(began)} s: ${pods.map((pod) => pod.replace('pod/', '')).join(', ')}`,
    gatewayWent: pods.some((pod) => pod.startsWith('pod/gateway-')),
  };
}
