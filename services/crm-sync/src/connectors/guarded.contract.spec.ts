// Every way to an address that a site has typed goes through the guard at the moment of connecting: a name that was public when it was saved and leads inside by
// then (DNS rebinding) is not connected to. A connector that opens a connection of its own fails here, whoever wrote it.
import { readdirSync, readFileSync } from 'node:fs';
import { type AddressInfo, createServer, type LookupFunction, type Server } from 'node:net';
import { join } from 'node:path';
import { OUTBOUND_WORDS, openOutbound } from '@continuo/runtime';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { z } from 'zod';
import { socketOptions } from './amqp/broker.ts';
import type { Connector } from './connector.ts';
import { faultOf } from './contract.ts';
import { connectorNames, connectorOf } from './index.ts';

let inside: Server;
let port: number;
let connections = 0;
beforeAll(async () => {
  inside = createServer((socket) => {
    connections += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve) => void inside.listen(0, '127.0.0.1', resolve));
  ({ port } = inside.address() as AddressInfo);
});
afterAll(() => void inside.close());

/** Public once, then inside. No resolver knows the name: who asks another one finds nothing. */
const NAME = 'crm.rebound.invalid';
function rebinding(): LookupFunction {
  let asked = 0;
  return (_host, options, callback) => {
    const address = asked++ === 0 ? '93.184.216.34' : '127.0.0.1';
    if (options.all) callback(null, [{ address, family: 4 }]);
    else callback(null, address, 4);
  };
}

const deliveries = {
  begin: async () => ({ key: 'x', id: 'a'.repeat(22), version: 1, state: 'waiting' as const, attempts: [] }),
  end: async () => {},
  list: async () => [],
};
const push = { site: 'b'.repeat(22), id: 'crm', deliveries };
/** Whatever a form asks for that is more than some words. */
const FORMS: Record<string, string> = { secret: `whsec_${Buffer.alloc(32).toString('base64')}` };
function credentialsOf({ describe }: Connector, address: string): Record<string, string> {
  const { properties = {}, required = [] } = z.toJSONSchema(describe.credentials) as {
    properties?: Record<string, { format?: string }>;
    required?: string[];
  };
  return Object.fromEntries(
    required.map((name) => [name, properties[name]?.format === 'uri' ? address : (FORMS[name] ?? 'words')]),
  );
}

test.each(connectorNames())(
  '%s connects to no address that its name leads to only after it was looked at',
  async (id) => {
    const connector = connectorOf(id) as Connector;
    const [scheme = 'http'] = (connector.describe.schemes ?? ['http']).toReversed();
    for (const host of [NAME, '127.0.0.1']) {
      const baseUrl = `${scheme}://${host}:${port}`;
      const outbound = openOutbound('', { lookup: rebinding() });
      if (host === NAME) expect(await outbound.objection(baseUrl, [scheme])).toBeUndefined();
      const open = () => connector.open({ baseUrl, credentials: credentialsOf(connector, baseUrl), outbound, push });
      expect(await faultOf(Promise.resolve().then(() => open().check()))).toMatchObject({
        fault: 'invalid',
        message: expect.stringContaining(OUTBOUND_WORDS),
      });
    }
    expect(connections).toBe(0);
  },
);

test('a broker, for whoever publishes or reads, is looked up by the guard alone', async () => {
  const outbound = openOutbound('', { lookup: rebinding() });
  const url = `amqp://${NAME}:${port}`;
  expect(await outbound.objection(url, ['amqp'])).toBeUndefined();
  const { lookup } = socketOptions({ url, username: 'u', password: 'p', outbound }) as { lookup: LookupFunction };
  const error = await new Promise((resolve) => lookup(NAME, { all: true }, resolve));
  expect(error).toMatchObject({ message: OUTBOUND_WORDS });
});

/** What is able to open a connection; types are not. */
const CLIENT =
  /^import (?!type\b)[^;]*? from '(?:axios|amqplib|undici|got|ws|node:(?:net|tls|https?|http2|dgram))';|[^.\w]fetch\(/m;

test('nothing else in this service opens a connection: whatever is new here comes to the list above, and under the guard', () => {
  const root = join(import.meta.dirname, '..');
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && !/\.spec\.ts$|-fixture\.ts$|\/fakes\//.test(file),
  );
  const sources = files.map((file) => [file, readFileSync(join(root, file), 'utf8')] as const);
  const opening = sources.filter(([, source]) => CLIENT.test(source));
  expect(opening.map(([file]) => file).toSorted()).toEqual([
    'connectors/amqp/broker.ts',
    'connectors/amqp/contacts-back.ts',
    'connectors/http.ts',
    'connectors/webhook/post.ts',
  ]);
  for (const [file, source] of opening)
    expect({ file, guarded: /outbound\.httpsAgent|socketOptions\(/.test(source) }).toEqual({ file, guarded: true });
});
