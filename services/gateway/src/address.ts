// From where a request comes, as what limits count. Only as many entries of X-Forwarded-For are believed as trusted proxies stand before the gateway.
import type { IncomingMessage } from 'node:http';
import { isIPv6 } from 'node:net';

const MAPPED = /^::ffff:(\d{1,3}(?:\.\d{1,3}){3})$/i;

export function addressOf(request: Pick<IncomingMessage, 'headers' | 'socket'>, proxyHops: number): string {
  const direct = request.socket.remoteAddress ?? 'unknown';
  if (proxyHops === 0) return counted(direct);
  const forwarded = [request.headers['x-forwarded-for'] ?? []].flat().join(',');
  const entries = forwarded.split(',').flatMap((entry) => entry.trim() || []);
  return counted(entries.at(-proxyHops) ?? direct);
}

/** Who has an IPv6 network has 2⁶⁴ addresses in it, so a network counts as one; an IPv4 address in IPv6 dress is itself. */
function counted(address: string): string {
  const mapped = MAPPED.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  return isIPv6(address) ? networkOf(address) : address;
}

function networkOf(address: string): string {
  const [before = '', after] = (address.split('%')[0] ?? '').toLowerCase().split('::');
  const left = before === '' ? [] : before.split(':');
  const right = after === undefined || after === '' ? [] : after.split(':');
  // An IPv4 tail takes the place of two groups.
  const taken = left.length + right.length + (address.includes('.') ? 1 : 0);
  const groups = after === undefined ? left : [...left, ...Array<string>(8 - taken).fill('0'), ...right];
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}
