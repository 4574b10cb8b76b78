// Who may reach whom, as the network policies say it.
import { BlockList, isIPv6 } from 'node:net';
import type { Manifest } from './render.ts';
import { ofKind, selects } from './workloads.ts';

/** Where a connection goes to or comes from: a pod of this namespace, a pod of another one, an address, or anywhere outside. */
export type End = { pod: Record<string, string> } | { namespace: string } | { address: string } | 'outside';

interface Peer {
  podSelector?: { matchLabels?: Record<string, string> };
  namespaceSelector?: { matchLabels?: Record<string, string> };
  ipBlock?: { cidr: string; except?: string[] };
}
interface Rule {
  to?: Peer[];
  from?: Peer[];
  ports?: { protocol?: string; port: number }[];
}

export function mayLeave(manifests: Manifest[], pod: Record<string, string>, to: End, port: number, protocol = 'TCP') {
  return allowed(manifests, 'Egress', pod, to, port, protocol);
}

export function mayEnter(manifests: Manifest[], pod: Record<string, string>, from: End, port: number) {
  return allowed(manifests, 'Ingress', pod, from, port, 'TCP');
}

/** A pod that no policy of the direction selects is open to all. */
function allowed(
  manifests: Manifest[],
  direction: 'Ingress' | 'Egress',
  pod: Record<string, string>,
  end: End,
  port: number,
  protocol: string,
): boolean {
  const policies = ofKind(manifests, 'NetworkPolicy').filter(
    ({ spec }) => spec.policyTypes.includes(direction) && selects(spec.podSelector.matchLabels ?? {}, pod),
  );
  if (policies.length === 0) return true;
  const rules: Rule[] = policies.flatMap(({ spec }) => spec[direction.toLowerCase()] ?? []);
  return rules.some(({ to, from, ports }) => {
    const peers = to ?? from;
    const fits = !ports || ports.some((each) => each.port === port && (each.protocol ?? 'TCP') === protocol);
    return fits && (!peers || peers.some((peer) => isPeer(peer, end)));
  });
}

function isPeer({ podSelector, namespaceSelector, ipBlock }: Peer, end: End): boolean {
  if (end === 'outside') return ipBlock !== undefined;
  if ('address' in end)
    return ipBlock !== undefined && within(end.address, [ipBlock.cidr]) && !within(end.address, ipBlock.except ?? []);
  if ('namespace' in end)
    return (
      namespaceSelector !== undefined &&
      !podSelector &&
      selects(namespaceSelector.matchLabels ?? {}, { 'kubernetes.io/metadata.name': end.namespace })
    );
  return podSelector !== undefined && !namespaceSelector && selects(podSelector.matchLabels ?? {}, end.pod);
}

function within(address: string, networks: string[]): boolean {
  const family = (one: string) => (isIPv6(one) ? 'ipv6' : 'ipv4');
  const list = new BlockList();
  // A list takes an IPv4 address for one of ::/0.
  for (const [first = '', bits] of networks.map((network) => network.split('/')))
    if (family(first) === family(address)) list.addSubnet(first, Number(bits), family(first));
  return list.check(address, family(address));
}
