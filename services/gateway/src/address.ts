// From where a request comes. Only as many entries of X-Forwarded-For are believed as trusted proxies stand before the gateway.
import type { IncomingMessage } from 'node:http';

export function addressOf(request: Pick<IncomingMessage, 'headers' | 'socket'>, proxyHops: number): string {
  const direct = request.socket.remoteAddress ?? 'unknown';
  if (proxyHops === 0) return direct;
  const forwarded = [request.headers['x-forwarded-for'] ?? []].flat().join(',');
  const entries = forwarded.split(',').flatMap((entry) => entry.trim() || []);
  return entries.at(-proxyHops) ?? direct;
}
