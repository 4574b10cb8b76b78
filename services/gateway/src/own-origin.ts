// Which pages are the gateway's own. What a request calls itself by proves nothing: whoever owns a name can point it at the gateway (DNS rebinding), and
// the browser then sends his name as `Host` and as `Origin` alike. So the addresses that an operator has named count, and on a gateway that only its own
// machine reaches also the names of that machine.
import type { Settings } from '@continuo/bus';
import type { SiteSettings } from '@continuo/contracts';
import type { Config } from './config.ts';

export interface OwnAddresses {
  readonly config: Pick<Config, 'CONTINUO_HTTP_HOST' | 'CONTINUO_PUBLIC_ORIGINS'>;
  readonly settings: Pick<Settings, 'sites'>;
}
/** As the headers of a request say it. */
export interface From {
  origin: string | undefined;
  host: string | undefined;
}

/** Is this request from a page of the gateway itself? */
export function isOwnOrigin({ config, settings }: OwnAddresses, { origin, host }: From): boolean {
  const page = originIn(origin);
  if (!page) return false;
  if (config.CONTINUO_PUBLIC_ORIGINS.includes(page.origin)) return true;
  if (settings.sites().some(({ consoleUrl }) => originIn(consoleUrl)?.origin === page.origin)) return true;
  return isLoopback(config.CONTINUO_HTTP_HOST) && isLoopback(page.hostname) && page.host === host;
}

/** May the widget of this site talk from there? Its own frame may; a page may if its origin is in the site's list. */
export const mayTalk = (own: OwnAddresses, site: Pick<SiteSettings, 'origins'>, from: From): boolean =>
  from.origin !== undefined && (site.origins.includes(from.origin) || isOwnOrigin(own, from));

function originIn(text: string | undefined): URL | undefined {
  const url = text !== undefined && URL.canParse(text) ? new URL(text) : undefined;
  return url && url.origin !== 'null' ? url : undefined;
}

/** Names that no resolver is asked for, and addresses: nobody else can make them his. */
const isLoopback = (name: string): boolean => /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/.test(name);
