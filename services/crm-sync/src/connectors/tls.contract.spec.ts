// What is said of a CRM whose TLS is not in order, on real TLS servers: which of the two sides has to mend what, and that surely nothing was done.

import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createPlain } from 'node:http';
import { createServer as createSecure } from 'node:https';
import type { AddressInfo, Server as NetServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer as createTls, getCACertificates, setDefaultCACertificates } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { openOutbound } from '@continuo/runtime';
import { atTerminal } from '@continuo/testing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Certificate, newAuthority } from '../../test/certificates.ts';
import { openAmqp } from './amqp/amqp.ts';
import { bottlecrm } from './bottlecrm.ts';
import type { Connector, Crm } from './connector.ts';
import { faultOf } from './contract.ts';
import { connectorOf } from './index.ts';
import { SHIPPED } from './rest-mapping/shipped.ts';
import { webhook } from './webhook/webhook.ts';

const authority = newAuthority();
const DAY_MS = 24 * 3_600_000;
const yesterday = new Date(Date.now() - DAY_MS);
const CERTIFICATES = {
  expired: authority.issue(['127.0.0.1', 'localhost'], { from: new Date(Date.now() - 9 * DAY_MS), until: yesterday }),
  early: authority.issue(['127.0.0.1', 'localhost'], {
    from: new Date(Date.now() + DAY_MS),
    until: new Date(Date.now() + 9 * DAY_MS),
  }),
  elsewhere: authority.issue(['crm.example.com']),
  good: authority.issue(['127.0.0.1', 'localhost']),
} satisfies Record<string, Certificate>;

const servers: NetServer[] = [];
let asked = 0;
const listen = async (server: NetServer): Promise<number> => {
  servers.push(server);
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
};
const answer: Parameters<typeof createPlain>[1] = (request, response) => {
  asked += 1;
  request.resume();
  response.setHeader('content-type', 'application/json').end(request.url === '/jsonrpc' ? '{"result":6}' : '{}');
};
const ports: Record<string, number> = {};
beforeAll(async () => {
  for (const [name, certificate] of Object.entries(CERTIFICATES))
    ports[name] = await listen(createSecure(certificate, answer));
  ports['plain'] = await listen(createPlain(answer));
  ports['bus'] = await listen(createTls(CERTIFICATES.expired, (socket) => socket.destroy()));
});
afterAll(() => {
  for (const server of servers) server.close();
});

const outbound = openOutbound('127.0.0.1:*');
const odoo = connectorOf('odoo') as Connector;
const deliveries = {
  begin: async () => ({ key: 'x', id: 'a'.repeat(22), version: 1, state: 'waiting' as const, attempts: [] }),
  end: async () => {},
  list: async () => [],
};
const push = { site: 'b'.repeat(22), id: 'crm', deliveries };
const WAYS: Record<string, (baseUrl: string) => Crm> = {
  'the built-in connector': (baseUrl) => bottlecrm.open({ baseUrl, credentials: { token: 't' }, outbound }),
  'a mapping': (baseUrl) => odoo.open({ baseUrl, credentials: { database: 'd', login: 'l', key: 'k' }, outbound }),
  'a webhook': (baseUrl) =>
    webhook.open({ baseUrl, credentials: { secret: `whsec_${Buffer.alloc(32).toString('base64')}` }, outbound, push }),
};
const FAULTS = [
  ['expired', /certificate.*expired.*renewed/],
  ['early', /certificate.*not valid yet.*clock/],
  ['elsewhere', /certificate.*another name.*address in the settings/],
  ['good', /nobody whom Continuo trusts.*NODE_EXTRA_CA_CERTS/],
  ['plain', /speaks no TLS.*http:\/\//],
] as const;

/** As if the operator had named the authority when the process was started. */
async function trustedBy<T>(known: boolean, work: () => Promise<T>): Promise<T> {
  const before = getCACertificates('default');
  if (known) setDefaultCACertificates([...before, authority.cert]);
  try {
    return await work();
  } finally {
    setDefaultCACertificates(before);
  }
}
const CLI = fileURLToPath(new URL('./rest-mapping/cli.ts', import.meta.url));
/** What `npm run crm-mapping -- check` prints, in a process of its own. */
const checkedBy = (args: readonly string[], env: object): Promise<string> =>
  new Promise((resolve) => {
    const { NODE_OPTIONS: _options, NODE_EXTRA_CA_CERTS: _certificates, ...rest } = process.env;
    const whole = { ...rest, ...atTerminal(), CONTINUO_OUTBOUND_ALLOW: '127.0.0.1:*', ...env };
    execFile(process.execPath, [CLI, 'check', ...args], { env: whole }, (_error, stdout, stderr) =>
      resolve(stdout + stderr),
    );
  });

/** The order of the checks differs from library to library: expiry and name are looked at only when the authority is known. */
const trusting = (what: string): boolean => what !== 'good';

test.each(Object.keys(WAYS).flatMap((way) => FAULTS.map(([what, words]) => ({ way, what, words }))))(
  '$way: $what is said in plain words, waits, and surely did nothing',
  async ({ way, what, words }) => {
    const before = asked;
    const error = await trustedBy(trusting(what), () =>
      faultOf((WAYS[way] as (url: string) => Crm)(`https://127.0.0.1:${ports[what]}`).check()),
    );
    expect(error).toMatchObject({ fault: 'unreachable', message: expect.stringMatching(words), outcomeUnknown: false });
    expect(asked).toBe(before);
  },
);

test('a broker with a certificate that has expired is named the same way', async () => {
  const credentials = { username: 'u', password: 'p' };
  const crm = openAmqp({
    baseUrl: `amqps://127.0.0.1:${ports['bus']}`,
    credentials,
    outbound,
    push,
  });
  const error = await trustedBy(true, () => faultOf(crm.check()));
  expect(error).toMatchObject({ fault: 'unreachable', message: expect.stringMatching(/certificate.*expired/) });
});

test('an address without TLS whose server wants it is told that it may need https', async () => {
  const error = await faultOf(
    bottlecrm.open({ baseUrl: `http://127.0.0.1:${ports['good']}`, credentials: { token: 't' }, outbound }).check(),
  );
  expect(error).toMatchObject({ fault: 'unreachable', message: expect.stringMatching(/https:\/\//) });
});

test('with the operator’s own authority in NODE_EXTRA_CA_CERTS its certificates are good, and on the command line the others are named', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'continuo-tls-'));
  try {
    const [ca, settings] = [join(dir, 'ca.pem'), join(dir, 'settings.json')];
    writeFileSync(ca, authority.cert);
    writeFileSync(settings, JSON.stringify({ database: 'd', login: 'l', key: 'k' }));
    const check = (what: string, env: object) =>
      checkedBy([join(SHIPPED, 'odoo.yaml'), `https://127.0.0.1:${ports[what]}`, settings], env);
    const own = { NODE_EXTRA_CA_CERTS: ca };
    const [known, unknown, expired] = await Promise.all([check('good', own), check('good', {}), check('expired', own)]);
    expect(known).toMatch(/^ok .*The CRM answers/m);
    expect(unknown).toMatch(/^MEND.*The CRM answers.*NODE_EXTRA_CA_CERTS/m);
    expect(expired).toMatch(/^MEND.*The CRM answers.*expired/m);
  } finally {
    rmSync(dir, { recursive: true });
  }
});
