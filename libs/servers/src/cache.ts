// Where downloaded servers are kept: inside the checkout, unless CONTINUO_SERVERS_CACHE names a folder to share.
import { fileURLToPath } from 'node:url';

export function serversCache(env: NodeJS.ProcessEnv = process.env): string {
  return env.CONTINUO_SERVERS_CACHE || fileURLToPath(new URL('../../../.cache/servers', import.meta.url));
}
