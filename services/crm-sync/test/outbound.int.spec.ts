// What people bring besides credentials. The address of a CRM is typed by a person: whatever he types, nothing inside the installation's own network is ever
// called. A mapping is an operator's own file: whatever stands in it, everybody else's CRM goes on.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo, LookupFunction } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ask, putSite, request } from '@continuo/bus';
import { type CrmConnection, newId } from '@continuo/contracts';
import { openOutbound } from '@continuo/runtime';
import { eventually, startWorld, type World } from '@continuo/testing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { z } from 'zod';
import { CrmError } from '../src/connectors/crm-error.ts';
import { openHttp } from '../src/connectors/http.ts';
import { SHIPPED } from '../src/connectors/rest-mapping/shipped.ts';
import { dialogueIn } from './dialogue.ts';

const servers: Server[] = [];
let calls = 0;
/** What must not be reached. */
let inside: number;
/** The operator has opened this one alone; it sends everybody inside. */
let opened: number;
let world: World;
let mappings: string;
const mapping = readFileSync(join(SHIPPED, 'espocrm.yaml'), 'utf8').replace('id: espocrm', 'id: ours');

async function listen(listener: RequestListener): Promise<number> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}
beforeAll(async () => {
  inside = await listen((_request, response) => {
    calls += 1;
    response.setHeader('content-type', 'application/json').end('{"secret":1}');
  });
  opened = await listen((_request, response) => {
    response.writeHead(302, { location: `http://127.0.0.1:${inside}/latest/meta-data/` }).end();
  });
  mappings = mkdtempSync(join(tmpdir(), 'mappings-'));
  writeFileSync(join(mappings, 'ours.yaml'), mapping);
  world = await startWorld({
    services: { 'crm-sync': 1 },
    env: { CONTINUO_OUTBOUND_ALLOW: `127.0.0.1:${opened}`, CONTINUO_CRM_MAPPINGS_DIR: mappings },
  });
});
afterAll(async () => {
  await world?.[Symbol.asyncDispose]();
  for (const server of servers) server.close();
  rmSync(mappings, { recursive: true });
});

const get = (baseUrl: string, outbound = openOutbound(`127.0.0.1:${opened}`)): Promise<unknown> =>
  openHttp({ crm: 'The CRM', baseUrl, headers: {}, outbound })
    .get('/api/', z.unknown())
    .catch((error: unknown) => error);
const SAYS_WHY = expect.stringMatching(/into the network of this installation.*CONTINUO_OUTBOUND_ALLOW/);
const fails = (words: unknown) => expect.objectContaining({ fault: 'invalid', message: words });
const answering = (...answers: string[][]): LookupFunction => {
  let asked = 0;
  return (_host, options, callback) => {
    const addresses = answers[Math.min(asked++, answers.length - 1)] ?? [];
    if (options.all)
      callback(
        null,
        addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
      );
    else callback(null, addresses[0] as string, 4);
  };
};

test('an address inside is not called, however it is written', async () => {
  for (const host of [
    '127.0.0.1',
    'localhost',
    '2130706433',
    '0x7f.1',
    '0177.0.0.1',
    '127.1',
    '0.0.0.0',
    '[::1]',
    '[::ffff:127.0.0.1]',
    '①②⑦.0.0.1',
  ])
    expect({ host, error: await get(`http://${host}:${inside}`) }).toEqual({ host, error: fails(SAYS_WHY) });
  expect(await get('https://169.254.169.254')).toEqual(fails(SAYS_WHY));
  expect(calls).toBe(0);
});

test('an answer that sends us inside is not followed', async () => {
  expect(await get(`http://127.0.0.1:${opened}`)).toEqual(fails(expect.stringMatching(/sends us elsewhere \(302\)/)));
  expect(calls).toBe(0);
});

test('a name that points outside when it is saved and inside when it is called is not called', async () => {
  const rebound = openOutbound('', { lookup: answering(['8.8.8.8'], ['127.0.0.1']) });
  const url = `http://crm.example:${inside}`;
  expect(await rebound.objection(url)).toBeUndefined();
  expect(await get(url, rebound)).toEqual(fails(SAYS_WHY));
  for (const mixed of [
    ['8.8.8.8', '127.0.0.1'],
    ['127.0.0.1', '8.8.8.8'],
    ['2606:4700::1111', '::1'],
  ]) {
    const outbound = openOutbound('', { lookup: answering(mixed) });
    expect(await outbound.objection(url)).toEqual(SAYS_WHY);
    expect(await get(url, outbound)).toEqual(fails(SAYS_WHY));
  }
  expect(calls).toBe(0);
});

test('what the operator has opened is called by name and by number', async () => {
  const outbound = openOutbound(`127.0.0.1:${inside}`, { lookup: answering(['127.0.0.1']) });
  expect(await get(`http://127.0.0.1:${inside}`, outbound)).toEqual({ secret: 1 });
  expect(await get(`http://crm.example:${inside}`, outbound)).toEqual({ secret: 1 });
  calls = 0;
});

test('whoever connects a CRM is told at once why an address is refused', async () => {
  const save = (baseUrl: string) =>
    request(
      world.operator,
      'save-crm-connection',
      { id: newId(), site: world.site.id, actor: { kind: 'operator', id: 'test' } },
      { connection: { connector: 'bottlecrm', baseUrl, credentials: { token: 'bcrm_pat_test' } } },
    );
  for (const [baseUrl, words] of [
    [`http://127.0.0.1:${inside}`, SAYS_WHY],
    [`http://localhost:${inside}/api`, SAYS_WHY],
    ['http://[fd00:ec2::254]/', SAYS_WHY],
    ['https://user:word@crm.example', expect.stringMatching(/Credentials do not belong/)],
    ['file:///etc/passwd', expect.stringMatching(/begins with https/)],
    ['javascript:alert(1)', expect.stringMatching(/begins with https/)],
  ] as const)
    expect(await save(baseUrl)).toEqual({ ok: false, refusal: 'invalid', words });
  expect(await world.database.collection('crm_connections').countDocuments()).toBe(0);
  expect(await save(`http://127.0.0.1:${opened}`)).toEqual({ ok: true });
  expect(calls).toBe(0);
});

test('a refused call says nothing of what stands at the address', async () => {
  const error = await get(`http://127.0.0.1:${inside}`);
  expect(error).toBeInstanceOf(CrmError);
  expect((error as CrmError).message).not.toContain('127.0.0.1');
  expect((error as CrmError).cause).toBeUndefined();
});

test('a mapping that the checks refuse holds back its own site alone, in words; mended, everything goes by itself', async () => {
  const site = newId();
  await putSite(world.admin, { ...world.site, id: site, crm: { windowSeconds: 1 } });
  const envelope = () => ({ id: newId(), site, actor: { kind: 'operator', id: 'test' } as const });
  const connection: CrmConnection = {
    connector: 'ours',
    baseUrl: `http://127.0.0.1:${opened}`,
    credentials: { key: 'x' },
  };
  const save = (its = connection, of: string = site) =>
    request(world.operator, 'save-crm-connection', { ...envelope(), site: of }, { connection: its });
  const stands = async (of: string = site) => {
    const asked = await ask(world.admin, 'crm-connection', { ...envelope(), site: of }, {});
    return asked.ok ? asked.connection : undefined;
  };
  const startedWith = async (text: string) => {
    writeFileSync(join(mappings, 'ours.yaml'), text);
    await world.drain('crm-sync');
    await world.start('crm-sync');
  };
  expect(await save()).toEqual({ ok: true });
  const other = { ...connection, connector: 'bottlecrm', credentials: { token: 'bcrm_pat_test' } };
  expect(await save(other, world.site.id)).toEqual({ ok: true });

  await startedWith(mapping.replace('note: 200000', 'note: 1'));
  const words = expect.stringMatching(
    /^The mapping “ours” is not used, [\s\S]*line \d+, limits\.note: must be 2000 or more/,
  );
  expect(await stands()).toMatchObject({ connector: 'ours', state: 'waiting', failure: 'mapping-faulty', words });
  expect(await stands(world.site.id)).toMatchObject({ connector: 'bottlecrm', state: 'works' });
  expect(await save()).toEqual({ ok: false, refusal: 'invalid', words });
  expect(await world.logs()).toMatch(/A mapping is not used; connections through it wait, all others work/);
  const dialogue = dialogueIn(world.admin, site);
  await dialogue.say('kept meanwhile');
  const failure = async () => {
    const asked = await ask(world.admin, 'crm-link', envelope(), { conversation: dialogue.conversation });
    return asked.ok ? [asked.row?.state, asked.row?.failure?.failure] : asked;
  };
  await eventually(async () => expect(await failure()).toEqual(['pending', 'mapping-faulty']), { withinMs: 60_000 });

  await startedWith(mapping);
  expect(await stands()).toMatchObject({ state: 'works' });
  // It is tried, without anybody’s doing: this CRM sends everybody elsewhere.
  await eventually(async () => expect(await failure()).toEqual(['failed', 'invalid']), { withinMs: 60_000 });
}, 240_000);
