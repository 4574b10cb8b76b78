// Addresses of pages as they may stand in a CRM: whoever reads a lead must not get into the visitor's account by a link, so nothing of a query is kept but
// what names a campaign. Pure.

/** What advertisers put into an address to know their campaign again. */
const CAMPAIGN = new Set([
  'utm_source',
  'utm_medium',
  'utm_campaign',
  'utm_term',
  'utm_content',
  'utm_id',
  'gclid',
  'gbraid',
  'wbraid',
  'yclid',
  'msclkid',
  'fbclid',
  'ttclid',
]);
const LONGEST_VALUE = 200;

/** @returns undefined for what is no page of the web */
export function publicAddress(address: string): string | undefined {
  const url = parse(address);
  if (!url) return undefined;
  const kept = [...url.searchParams].filter(([name, value]) => CAMPAIGN.has(name.toLowerCase()) && plain(value));
  return `${url.origin}${url.pathname}${kept.length > 0 ? `?${new URLSearchParams(kept)}` : ''}`;
}

/** A campaign's name is short and no address of a person: somebody may have put a token or an e-mail there. */
const plain = (value: string): boolean => value.length <= LONGEST_VALUE && !value.includes('@');

export interface Campaign {
  source?: string;
  medium?: string;
  campaign?: string;
  term?: string;
  content?: string;
}

/** What the address of the first page and the one that led to it tell. */
export function campaignOf(page: string | undefined, referrer: string | undefined): Campaign {
  const url = page === undefined ? undefined : parse(page);
  const named = (name: string): string | undefined => {
    const value = url?.searchParams.get(`utm_${name}`)?.trim();
    return value && plain(value) ? value : undefined;
  };
  const from = referrer === undefined ? undefined : parse(referrer);
  const source = named('source') ?? (from && from.host !== url?.host ? from.host : undefined);
  const [medium, campaign, term, content] = [named('medium'), named('campaign'), named('term'), named('content')];
  return {
    ...(source !== undefined && { source }),
    ...(medium !== undefined && { medium }),
    ...(campaign !== undefined && { campaign }),
    ...(term !== undefined && { term }),
    ...(content !== undefined && { content }),
  };
}

function parse(address: string): URL | undefined {
  const url = URL.parse(address);
  return url && /^https?:$/.test(url.protocol) ? url : undefined;
}
