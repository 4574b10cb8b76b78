// The package @continuo/widget: puts the widget on a page that is built from modules, and types what the page may say to it. No import, so
// that its types stand in one file. Everything may be called before the widget is there, and on a server it does nothing.

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
type On = { [K in keyof Events]: [call: 'on', event: K, listener: (detail: Events[K]) => void] }[keyof Events];

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
  | [call: 'shutdown', how?: { forget?: boolean }]
  | On;

export type ContinuoFunction = ((...call: Call) => void) & { q?: Call[] };

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

interface Place {
  Continuo?: ContinuoFunction;
  document: Document;
}
const place = (): Place | undefined => (typeof document === 'undefined' ? undefined : (globalThis as never));

/** Said to the widget now, or once it is there. */
export const Continuo = (...call: Call): void => {
  const page = place();
  if (!page) return;
  if (!page.Continuo) {
    const early: ContinuoFunction = (...later) => void early.q?.push(later);
    early.q = [];
    page.Continuo = early;
  }
  page.Continuo(...call);
};

/** Adds the widget's script, once however often it is called; after `shutdown` it comes back. */
export function load({ gateway, site, language, consent, nonce }: Options): void {
  const page = place();
  if (!page || (page.Continuo && !page.Continuo.q)) return;
  const address = new URL('widget.js', `${gateway.replace(/\/$/, '')}/`).href;
  const scripts = Array.from(page.document.scripts);
  if (scripts.some((script) => script.src === address && !script.dataset['over'])) return;
  const script = page.document.createElement('script');
  Object.assign(script.dataset, { site, ...(language && { language }), ...(consent && { consent }) });
  if (nonce) script.nonce = nonce;
  script.async = true;
  script.src = address;
  page.document.head.append(script);
}
