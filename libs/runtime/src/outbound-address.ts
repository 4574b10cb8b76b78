// Which addresses a service may call because somebody put one into a form: public ones, and what the operator opens. Everything that leads back into
// the network of the installation (loopback, private, link-local, a cloud's metadata) is refused, however it is written.
import { BlockList, isIP } from 'node:net';
import { z } from 'zod';

/** Is a connection to this numeric address and port allowed? */
export type OutboundPolicy = (address: string, port: number) => boolean;

/** IANA's special-purpose registries: not one of them is a CRM on the Internet. */
const SPECIAL_V4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/3',
];
/**
 * Azure's wire server tells each machine its certificates and secrets, at an address that looks like any other. What other clouds have of the kind is no public
 * address anyway: 169.254.0.0/16, Oracle's 192.0.0.192, Alibaba's 100.100.100.200, fd00:ec2::254, fd20:ce::254.
 */
const CLOUDS = ['168.63.129.16/32'];
/** What is global in IPv6 lies in 2000::/3; tunnels in there carry an IPv4 address that nobody has checked. */
const GLOBAL_V6 = '2000::/3';
const SPECIAL_V6 = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'];

/** The Internet as `outboundPolicy` sees it, in the words of a network policy. */
export const INTERNET: readonly { cidr: string; except: readonly string[] }[] = [
  { cidr: '0.0.0.0/0', except: [...SPECIAL_V4, ...CLOUDS] },
  { cidr: GLOBAL_V6, except: SPECIAL_V6 },
];

const [special, global] = [listOf([...SPECIAL_V4, ...CLOUDS, ...SPECIAL_V6]), listOf([GLOBAL_V6])];
const RULE = /^(?:\[(?<v6>[0-9a-f:.]+(?:\/\d{1,3})?)\]|(?<v4>[0-9.]+(?:\/\d{1,2})?)):(?<port>\*|\d{1,5})$/i;

/**
 * @param allow what is open besides the Internet, separated by commas: `ADDRESS:PORT`, an address or a network (`10.1.0.0/16`, IPv6 in brackets),
 * and a port or `*`
 * @throws {TypeError} naming the entry that is none
 */
export function outboundPolicy(allow: string): OutboundPolicy {
  const rules = allow
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
    .map(ruleOf);
  return (address, port) => {
    const family = isIP(address);
    if (family === 0) return false;
    return isPublic(address, family) || rules.some((rule) => rule(address, port));
  };
}

/** The variable by which an operator opens more, for services that call such addresses. */
export const outboundAllow = z
  .string()
  .default('')
  .superRefine((text, context) => {
    try {
      outboundPolicy(text);
    } catch (error) {
      context.addIssue({
        code: 'custom',
        message: `${(error as TypeError).message}. Several are separated by commas`,
      });
    }
  })
  .describe(
    'where else than on the Internet a CRM may stand: ADDRESS:PORT, e.g. 10.1.0.0/16:443,[fd00::/8]:443,127.0.0.1:*',
  );

function isPublic(address: string, family: number): boolean {
  if (family === 4) return !special.check(address, 'ipv4');
  // A zone (`fe80::1%eth0`) names an interface of this machine.
  return !address.includes('%') && global.check(address, 'ipv6') && !special.check(address, 'ipv6');
}

function ruleOf(entry: string): OutboundPolicy {
  const parts = RULE.exec(entry)?.groups;
  const network = parts?.['v6'] ?? parts?.['v4'] ?? '';
  if (!parts || isIP(network.split('/')[0] as string) === 0)
    throw new TypeError(`“${entry}” is not ADDRESS:PORT, e.g. 10.1.0.0/16:443, [fd00::/8]:443 or 127.0.0.1:*`);
  const open = listOf([network]);
  return (address, port) =>
    (parts['port'] === '*' || Number(parts['port']) === port) &&
    !address.includes('%') &&
    open.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}

function listOf(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', prefix] = network.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    list.addSubnet(address, prefix === undefined ? (family === 'ipv6' ? 128 : 32) : Number(prefix), family);
  }
  return list;
}
