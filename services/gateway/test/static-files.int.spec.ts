// Files for browsers: compressed as the browser takes them, cached for ever where their name tells their content, and what a page view needs
// comes without a database.
import { readdirSync } from 'node:fs';
import { get, type IncomingHttpHeaders } from 'node:http';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { newId } from '@continuo/contracts';
import { startWorld, type World } from '@continuo/testing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';

let world: World;
beforeAll(async () => {
  world = await startWorld({
    services: { gateway: 1, conversation: 1 },
    site: { name: 'Oak & "Sons" <b>', accent: '#123456' },
  });
});
afterAll(async () => {
  await world?.[Symbol.asyncDispose]();
});

interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}
/** As it comes over the wire, nothing unpacked. */
const raw = (path: string, headers: Record<string, string> = {}): Promise<Answer> =>
  new Promise((resolve, reject) => {
    get(`${world.gateways()[0]}${path}`, { headers }, async (response) => {
      const pieces: Buffer[] = [];
      for await (const piece of response) pieces.push(piece as Buffer);
      resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(pieces) });
    }).on('error', reject);
  });
const built = (folder: string, name: RegExp): string =>
  readdirSync(new URL(`../${folder}/dist/assets`, import.meta.url)).find((file) => name.test(file)) ?? '';

const FOR_EVER = 'public, max-age=31536000, immutable';
const FILES = [
  { path: () => '/widget.js', type: 'text/javascript', cache: 'public, max-age=300, stale-while-revalidate=86400' },
  { path: () => `/widget/frame.html?site=${world.site.id}`, type: 'text/html', cache: 'public, max-age=60' },
  { path: () => `/widget/assets/${built('widget', /^panel-.*\.js$/)}`, type: 'text/javascript', cache: FOR_EVER },
  { path: () => `/console/assets/${built('console', /\.js$/)}`, type: 'text/javascript', cache: FOR_EVER },
  { path: () => `/console/assets/${built('console', /\.css$/)}`, type: 'text/css', cache: FOR_EVER },
  { path: () => '/console/', type: 'text/html', cache: 'public, no-cache' },
];

test.each(FILES)('a file comes as the browser takes it: $type, $cache', async ({ path, type, cache }) => {
  const plain = await raw(path());
  expect(plain).toMatchObject({ status: 200, headers: { 'cache-control': cache } });
  expect(plain.headers['content-type']).toBe(`${type}; charset=utf-8`);
  expect(plain.headers['content-encoding']).toBeUndefined();
  const [brotli, gzip] = [
    await raw(path(), { 'accept-encoding': 'gzip, deflate, br, zstd' }),
    await raw(path(), { 'accept-encoding': 'gzip' }),
  ];
  for (const [answer, coding] of [
    [brotli, 'br'],
    [gzip, 'gzip'],
  ] as const) {
    expect(answer.headers).toMatchObject({ 'content-encoding': coding, 'cache-control': cache });
    expect(answer.headers['content-type']).toBe(plain.headers['content-type']);
    // A cache in between may not give one browser what was pressed for another.
    expect(answer.headers.vary).toContain('Accept-Encoding');
    expect(answer.headers['content-security-policy']).toBe(plain.headers['content-security-policy']);
  }
  expect(brotliDecompressSync(brotli.body).equals(plain.body)).toBe(true);
  expect(gunzipSync(gzip.body).equals(plain.body)).toBe(true);
  expect(brotli.body.length).toBeLessThan(gzip.body.length);
  const again = await raw(path(), { 'accept-encoding': 'br', 'if-none-match': brotli.headers.etag ?? 'none' });
  expect([again.status, again.body.length]).toEqual([304, 0]);
});

test('the frame’s document is the site’s configuration: one file, public, and no markup of the site’s words', async () => {
  const { body } = await raw(`/widget/frame.html?site=${world.site.id}`);
  const [, written = ''] = /<html[^>]* data-site="([^"]*)"/.exec(body.toString()) ?? [];
  const text = written.replaceAll('&quot;', '"').replaceAll('&lt;', '<').replaceAll('&amp;', '&');
  expect(JSON.parse(text)).toEqual({
    id: world.site.id,
    name: 'Oak & "Sons" <b>',
    typingPreview: true,
    accent: '#123456',
  });
  expect(body.toString()).not.toContain('<b>');
  const unknown = await raw(`/widget/frame.html?site=${newId()}`);
  expect(unknown.body.toString()).toContain('data-site=""');
});

test('the widget’s document asks for a thread of its own, also where site and gateway share a domain', async () => {
  expect((await raw(`/widget/frame.html?site=${world.site.id}`)).headers).toMatchObject({
    'origin-agent-cluster': '?1',
  });
});

test.each([
  ['de-AT,en', 'Chat öffnen'],
  ['kk,ar-EG', 'فتح المحادثة'],
  ['', 'Open the chat'],
])('for the languages %p the document names the launcher %s', async (languages, open) => {
  const { body } = await raw(`/widget/frame.html?site=${world.site.id}&language=${languages}`);
  const [, written = ''] = / data-words="([^"]*)"/.exec(body.toString()) ?? [];
  expect(JSON.parse(written.replaceAll('&quot;', '"'))).toMatchObject({ open });
});

test('what is not there is not there, pressed or not', async () => {
  for (const path of ['/widget/assets/panel-none.js', '/console/assets/none.css'])
    expect(await raw(path, { 'accept-encoding': 'br' })).toMatchObject({ status: 404 });
});
