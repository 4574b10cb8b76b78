// Files for browsers: compressed as the browser takes them, cached for ever where their name tells their content, and what a page view needs
// comes without a database.
import { readdirSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { get, type IncomingHttpHeaders, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { newId } from '@continuo/contracts';
import { testMongoUrl } from '@continuo/servers';
import { connectStore, type Store } from '@continuo/store';
import { startWorld, type World } from '@continuo/testing';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { press } from '../../../deploy/press.ts';
import { openKeptAssets } from '../src/kept-assets.ts';
import { CUT, cutIn } from '../widget/src/loader/cut.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld({
    services: { gateway: 1, conversation: 1 },
    site: {
      name: 'Oak & "Sons" <b>',
      accent: '#123456',
      widget: {
        side: 'left',
        openAfterSeconds: 30,
        words: { de: { launcher: 'Fragen?', greeting: 'Guten Tag.' }, fr: { greeting: 'Bonjour.' } },
      },
    },
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
const raw = (path: string, headers: Record<string, string> = {}, gateway = world.gateways()[0]): Promise<Answer> =>
  new Promise((resolve, reject) => {
    get(`${gateway}${path}`, { headers }, async (response) => {
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
    style: '--site:#123456;--on-site:#ffffff;--left:20px;--right:auto',
    openAfter: 30_000,
    panel: {
      style: expect.stringContaining('--c-accent:#123456;'),
      greeting: { de: 'Guten Tag.', fr: 'Bonjour.' },
    },
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
  ['de-AT,en', 'Fragen? · Chat öffnen'],
  ['kk,ar-EG', 'فتح المحادثة'],
  ['', 'Open the chat'],
])('for the languages %p the document names the launcher %s', async (languages, open) => {
  const { body } = await raw(`/widget/frame.html?site=${world.site.id}&language=${languages}`);
  const [, written = ''] = / data-words="([^"]*)"/.exec(body.toString()) ?? [];
  expect(JSON.parse(written.replaceAll('&quot;', '"'))).toMatchObject({ open });
});

test('the loader says in the browser’s language that there is no network, also out of a cache in between', async () => {
  for (const [language, words] of Object.entries(cutIn)) {
    const { headers, body } = await raw('/widget.js', { 'accept-language': `kk, ${language};q=0.9, en;q=0.5` });
    expect(headers.vary).toContain('Accept-Language');
    expect({ language, said: body.toString().split(words).length - 1 }).toEqual({ language, said: 1 });
    expect(body.includes(CUT)).toBe(language === 'en');
  }
});

test('what is not there is not there, pressed or not', async () => {
  for (const path of ['/widget/assets/panel-none.js', '/console/assets/none.css'])
    expect(await raw(path, { 'accept-encoding': 'br' })).toMatchObject({ status: 404 });
});

describe('files of builds that run no more', () => {
  const DAY = 24 * 3600 * 1000;
  const OLD = 'forms-lr-0lD_8u-x.js';
  const CODE = `export const texts = ${JSON.stringify('of the build before. '.repeat(20))};\n`;
  /** As the build leaves it. */
  async function build(files: Record<string, string>): Promise<{ folder: string } & AsyncDisposable> {
    const folder = await mkdtemp(join(tmpdir(), 'continuo-build-'));
    for (const [name, code] of Object.entries(files)) await writeFile(join(folder, name), code);
    await press(folder);
    return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
  }
  let store: Store;
  beforeAll(async () => {
    store = await connectStore({ url: await testMongoUrl(), database: world.database.name });
  });
  afterAll(async () => {
    await store?.[Symbol.asyncDispose]();
  });
  const kept = () => store.connection.collection<{ _id: string; bytes: unknown; until: Date }>('widget_assets');

  test('each gateway keeps its own at start, for a month, and MongoDB drops them then', async () => {
    const own = readdirSync(new URL('../widget/dist/assets', import.meta.url)).sort();
    const found = await kept().find().sort({ _id: 1 }).toArray();
    expect(found.map(({ _id }) => _id)).toEqual(own);
    for (const { until } of found) {
      expect(until.getTime()).toBeGreaterThan(Date.now() + 29 * DAY);
      expect(until.getTime()).toBeLessThan(Date.now() + 31 * DAY);
    }
    expect(await kept().indexes()).toContainEqual(
      expect.objectContaining({ key: { until: 1 }, expireAfterSeconds: 0 }),
    );
  });

  test('a page that was open goes on: every gateway of the build after it has them, as the browser takes them', async () => {
    // Asked for before anybody had it, which is not remembered.
    expect(await raw(`/widget/assets/${OLD}`)).toMatchObject({ status: 404 });
    await using before = await build({ [OLD]: CODE, 'README.md': 'no asset', 'panel.js': 'no name by its content' });
    await (await openKeptAssets(store)).keep(before.folder);
    const expectIt = async (gateway: string) => {
      const plain = await raw(`/widget/assets/${OLD}`, {}, gateway);
      expect(plain).toMatchObject({ status: 200, headers: { 'cache-control': FOR_EVER } });
      expect(plain.headers['content-type']).toBe('text/javascript; charset=utf-8');
      expect(plain.headers['x-content-type-options']).toBe('nosniff');
      expect(plain.headers.vary).toContain('Accept-Encoding');
      expect(plain.body.toString()).toBe(CODE);
      for (const [coding, unpacked] of [
        ['br', brotliDecompressSync],
        ['gzip', gunzipSync],
      ] as const) {
        const pressed = await raw(`/widget/assets/${OLD}`, { 'accept-encoding': coding }, gateway);
        expect(pressed.headers).toMatchObject({ 'content-encoding': coding, 'cache-control': FOR_EVER });
        expect(unpacked(pressed.body).toString()).toBe(CODE);
      }
    };
    await world.start('gateway');
    expect(world.gateways()).toHaveLength(2);
    for (const gateway of world.gateways()) await expectIt(gateway);
    await world.drain('gateway', 0);
    await world.drain('gateway', 0);
    await world.start('gateway');
    await expectIt(world.gateways()[0] as string);
  }, 120_000);

  test('nothing else comes through that door', async () => {
    await using odd = await build({
      'README.md': 'no asset',
      'panel.js': 'no name',
      'a-12345678.html': '<b>',
      '-12345678.js': 'x',
    });
    await (await openKeptAssets(store)).keep(odd.folder);
    // Whoever could write into the collection, or names something else that stands there.
    const planted = ['page-12345678.html', '../conversations', 'x', 'panel-1234567.js', 'panel-12345678.js.map'];
    await kept().insertMany(
      planted.map((_id) => ({ _id, bytes: Buffer.from('planted'), until: new Date(Date.now() + DAY) })),
    );
    const attacks = [
      ...planted,
      'README.md',
      'panel.js',
      'a-12345678.html',
      '-12345678.js',
      `${OLD}%00`,
      `${OLD}/`,
      `x/${OLD}`,
      `..%2f${OLD}`,
      `%66orms-lr-0lD_8u-x.js`,
      `${OLD}.br`,
      `FORMS-LR-0LD_8U-X.JS`,
      `panel-${'x'.repeat(5_000)}.js`,
      '[$ne]-12345678.js',
      'panel-.*.js',
    ];
    for (const name of attacks) expect([name, (await raw(`/widget/assets/${name}`)).status]).toEqual([name, 404]);
    for (const method of ['POST', 'PUT', 'DELETE']) {
      const status = await new Promise((resolve, reject) => {
        request(`${world.gateways()[0]}/widget/assets/${OLD}`, { method }, (response) => {
          resolve(response.resume().statusCode);
        })
          .on('error', reject)
          .end();
      });
      expect([method, status]).toEqual([method, 404]);
    }
    await kept().deleteMany({ _id: { $in: planted } });
  });

  test('a build that comes again is kept for another month, and what is too much goes, the oldest first', async () => {
    await using first = await build({ 'panel-AAAAAAAA.js': 'a', 'panel-BBBBBBBB.js': 'b' });
    await using second = await build({ 'panel-BBBBBBBB.js': 'b', 'panel-CCCCCCCC.js': 'c' });
    await writeFile(join(second.folder, 'huge-DDDDDDDD.js'), 'd'.repeat(600_000));
    const database = `${world.database.name}_bounds`;
    await using own = await connectStore({ url: await testMongoUrl(), database });
    const here = own.connection.collection<{ _id: string; until: Date }>('widget_assets');
    const names = async () =>
      (await here.find().sort({ _id: 1 }).toArray()).map(({ _id }) => _id).filter((name) => name.endsWith('.js'));
    try {
      // Both gateways of an update at once.
      const [assets] = await Promise.all([openKeptAssets(own, 6), openKeptAssets(own, 6)]);
      await Promise.all([assets.keep(first.folder), assets.keep(first.folder), assets.keep(first.folder)]);
      expect(await names()).toEqual(['panel-AAAAAAAA.js', 'panel-BBBBBBBB.js']);
      await here.updateMany({}, { $set: { until: new Date(Date.now() + DAY) } });
      await assets.keep(second.folder);
      expect(await names()).toEqual(['panel-BBBBBBBB.js', 'panel-CCCCCCCC.js']);
      for (const { until } of await here.find({ _id: /^panel-[BC]/ } as never).toArray())
        expect(until.getTime()).toBeGreaterThan(Date.now() + 29 * DAY);
      expect(await here.countDocuments()).toBe(6);
    } finally {
      await own.connection.dropDatabase();
    }
  });
});
