// Calls to an address that somebody has typed into a form. It is looked at twice: when it is saved, to say so in words, and at the moment of connecting,
// with the very address that is connected to; so a name that points elsewhere meanwhile (DNS rebinding) leads nowhere.
import { lookup as resolve } from 'node:dns';
import * as http from 'node:http';
import * as https from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { type OutboundPolicy, outboundPolicy } from './outbound-address.ts';

export const OUTBOUND_REFUSED = 'ERR_OUTBOUND_REFUSED';
export const OUTBOUND_WORDS =
  'This address leads into the network of this installation or to none on the Internet. Use the public address, or let the operator open it (CONTINUO_OUTBOUND_ALLOW).';

/** Says neither name nor number: whoever asks could map a network by it. */
export class OutboundRefusedError extends Error {
  override name = 'OutboundRefusedError';
  readonly code = OUTBOUND_REFUSED;
  constructor() {
    super(OUTBOUND_WORDS);
  }
}

export interface Outbound {
  /** For every client that calls such an address; they refuse by `OutboundRefusedError` before a byte is sent. */
  readonly httpAgent: http.Agent;
  readonly httpsAgent: https.Agent;
  /** In words what is wrong with an address, for whoever saves it; undefined when nothing is, or when its name is not known now. */
  objection(url: string, schemes?: readonly string[]): Promise<string | undefined>;
  /** For a client that is no HTTP client: how it has to look the name of this address up. @throws {OutboundRefusedError} for a number that is refused */
  lookupFor(url: string): LookupFunction;
}

/**
 * A connection that nobody uses is closed before the other side tires of it (gunicorn after two seconds, most after five): a request sent at that very
 * moment would be lost, and a write whose answer is lost is a doubt. While a request is under way its own time limit counts.
 */
const KEPT = { keepAlive: true, timeout: 1_000 };

/**
 * @param allow see `outboundPolicy`
 * @param lookup how names become numbers; a test's own
 */
export function openOutbound(allow: string, { lookup = resolve as LookupFunction } = {}): Outbound {
  const policy = outboundPolicy(allow);
  const agents = {
    httpAgent: guarded(new http.Agent(KEPT), policy, lookup),
    httpsAgent: guarded(new https.Agent(KEPT), policy, lookup),
  };
  return {
    ...agents,
    lookupFor(url) {
      const { host, port } = targetOf(new URL(url));
      // A number is never looked up.
      if (isIP(host) !== 0 && !policy(host, port)) throw new OutboundRefusedError();
      return allowedOnly(port, policy, lookup);
    },
    async objection(url, schemes = ['https', 'http']) {
      const parsed = URL.canParse(url) ? new URL(url) : undefined;
      if (!parsed || !schemes.includes(parsed.protocol.slice(0, -1)))
        return `An address that begins with ${schemes.map((scheme) => `${scheme}://`).join(' or ')} is needed.`;
      if (parsed.username || parsed.password) return 'Credentials do not belong into an address: give them as such.';
      const { host, port } = targetOf(parsed);
      // Of a scheme that the URL standard does not know, e.g. amqp://: a client would take it for this machine.
      if (host === '') return `The address names no host: it looks like ${schemes[0]}://crm.example.com.`;
      if (isIP(host) !== 0) return policy(host, port) ? undefined : OUTBOUND_WORDS;
      const found = await addressesOf(host, lookup);
      return found.every((address) => policy(address, port)) ? undefined : OUTBOUND_WORDS;
    },
  };
}

const DEFAULT_PORTS: Record<string, number> = { 'https:': 443, 'http:': 80, 'amqps:': 5671, 'amqp:': 5672 };

function targetOf({ hostname, port, protocol }: URL): { host: string; port: number } {
  return { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port) || (DEFAULT_PORTS[protocol] ?? 0) };
}

const addressesOf = (host: string, lookup: LookupFunction): Promise<string[]> =>
  new Promise((settle) => {
    lookup(host, { all: true }, (error, found) => {
      if (error) settle([]);
      else settle(Array.isArray(found) ? found.map(({ address }) => address) : [found]);
    });
  });

type Connect = (
  options: { host?: string | null; port?: unknown; lookup?: LookupFunction },
  ready: (error: Error) => void,
) => unknown;

/** A number in place of a name is never looked up, so both ways are closed: the number here, the name when it has become one. */
function guarded<A extends http.Agent>(agent: A, policy: OutboundPolicy, lookup: LookupFunction): A {
  const connect = agent.createConnection.bind(agent) as Connect;
  const checked: Connect = (options, ready) => {
    const host = String(options.host ?? '').replace(/^\[|\]$/g, '');
    const port = Number(options.port);
    if (isIP(host) !== 0 && !policy(host, port)) return process.nextTick(ready, new OutboundRefusedError());
    return connect({ ...options, host, lookup: allowedOnly(port, policy, lookup) }, ready);
  };
  agent.createConnection = checked as A['createConnection'];
  return agent;
}

/** One number that is refused spoils the name: a CRM does not stand half on the Internet and half at home. */
const allowedOnly =
  (port: number, policy: OutboundPolicy, lookup: LookupFunction): LookupFunction =>
  (host, options, callback) => {
    lookup(host, options, (error, found, family) => {
      if (error) return callback(error, found, family);
      const addresses = Array.isArray(found) ? found.map(({ address }) => address) : [found];
      if (!addresses.every((address) => policy(address, port))) return callback(new OutboundRefusedError(), [], 0);
      callback(null, found, family);
    });
  };
