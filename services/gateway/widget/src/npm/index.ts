// The package @continuo/widget: puts the widget on a page that is built from modules, and types what the page may say to it. No import, so that it depends on nothing
// and its types stand in one file. Everything may be called before the widget is there, and on a server it does nothing.

export interface Cart {
  /** The whole cart; none: it was emptied. */
  items: { name: string; quantity: number; price?: number }[];
  total?: number;
  /** ISO 4217, e.g. `EUR`. */
  currency?: string;
}
/** What listeners are told, by the name of the event. */
export interface Events {
  /** The launcher can be seen. */
  ready: undefined;
  open: undefined;
  close: undefined;
  /** How many messages of agents the visitor has not read. */
  unread: number;
  /** The gateway has verified who the visitor is. */
  identified: undefined;
}
export type Call =
  | [call: 'open' | 'close']
  /** A token that the site's server signed with the site's key. */
  | [call: 'identify', token: string]
  | [call: 'track', name: string, data?: Record<string, string | number | boolean>]
  | [call: 'goal', name: string, worth?: { value?: number; currency?: string }]
  | [call: 'cart', cart: Cart]
  /** A language tag such as `ru` or `pt-BR`. */
  | [call: 'setLocale', tag: string]
  /** Whether pages, events, goals and carts may be told; kept on the device. */
  | [call: 'consent', given: boolean]
  /** Takes the widget off the page; `forget` also makes the device forget this visitor, as after a log-out. */
  | [call: 'shutdown', how?: { forget?: boolean }];

export interface ContinuoFunction {
  <Event extends keyof Events>(call: 'on', event: Event, listener: (detail: Events[Event]) => void): void;
  (...call: Call): void;
  /** What was said while the widget is not there. */
  q?: unknown[];
}
declare global {
  interface Window {
    Continuo?: ContinuoFunction;
  }
}

export interface Options {
  /** Where the gateway is, e.g. `https://chat.example`. */
  gateway: string;
  site: string;
  /** Without it the visitor's own language is spoken. */
  language?: string;
  /** Tell nothing of the visitor before `Continuo('consent', true)`. */
  consent?: 'required';
  /** Of a page whose policy names scripts by nonce. */
  nonce?: string;
}

const place = (): Window | undefined => (typeof document === 'undefined' ? undefined : window);

/** Said to the widget now, or once it is there. */
export const Continuo: ContinuoFunction = (...call: unknown[]): void => {
  const page = place();
  if (!page) return;
  if (!page.Continuo) {
    const q: unknown[] = [];
    page.Continuo = Object.assign((...later: unknown[]) => void q.push(later), { q });
  }
  page.Continuo(...(call as Call));
};

/** Adds the widget's script, once however often it is called; after `shutdown` it comes back. */
export function load({ gateway, site, language, consent, nonce }: Options): void {
  const page = place();
  if (!page || (page.Continuo && !page.Continuo.q)) return;
  const address = new URL('widget.js', `${gateway.replace(/\/$/, '')}/`).href;
  const scripts = Array.from(page.document.scripts);
  if (scripts.some((script) => script.src === address)) return;
  const script = page.document.createElement('script');
  Object.assign(script.dataset, { site, ...(language && { language }), ...(consent && { consent }) });
  if (nonce) script.nonce = nonce;
  script.async = true;
  script.src = trusted(address);
  (page.document.head ?? page.document.documentElement).append(script);
}

/** A page that enforces trusted types takes a script's address only from a policy that it has named: ours is `continuo`. */
function trusted(address: string): string {
  try {
    const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
    const same = { createScriptURL: (url: string) => url };
    return trustedTypes?.createPolicy('continuo', same).createScriptURL(address) ?? address;
  } catch {
    // Not allowed by name: where the types are not enforced the address itself will do.
    return address;
  }
}
interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): { createScriptURL(url: string): string };
}
