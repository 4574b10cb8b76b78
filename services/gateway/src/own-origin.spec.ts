// Whose pages may do what the gateway's own pages do.
import { readConfig } from '@continuo/runtime';
import { expect, test } from '@jest/globals';
import { config as shape } from './config.ts';
import { isOwnOrigin, mayTalk } from './own-origin.ts';

const keys = { CONTINUO_TOKEN_KEY: 'k'.repeat(32), CONTINUO_LINK_KEY: 'k'.repeat(32) };
const served = (env: Record<string, string> = {}, ...consoleUrls: string[]) => ({
  config: readConfig(shape, { ...keys, ...env }),
  settings: { sites: () => consoleUrls.map((consoleUrl) => ({ consoleUrl })) as never },
});
const everywhere = { CONTINUO_HTTP_HOST: '0.0.0.0' };

test('a name that somebody has pointed at the gateway is none of its own, whatever the request calls its host', () => {
  const from = { origin: 'http://evil.example:4100', host: 'evil.example:4100' };
  for (const own of [served(), served(everywhere), served({}, 'https://chat.example')]) {
    expect(isOwnOrigin(own, from)).toBe(false);
    expect(mayTalk(own, { origins: ['https://shop.example'] }, from)).toBe(false);
  }
});

test('pages at an address that an operator has named are its own, behind whatever host the proxy names', () => {
  const own = served(
    { ...everywhere, CONTINUO_PUBLIC_ORIGINS: 'https://chat.example,http://10.0.0.7:4100' },
    'https://desk.example/console/',
    'no address',
  );
  const isOwn = (origin: string) => isOwnOrigin(own, { origin, host: 'gateway:8080' });
  for (const origin of ['https://chat.example', 'http://10.0.0.7:4100', 'https://desk.example'])
    expect([origin, isOwn(origin)]).toEqual([origin, true]);
  for (const origin of [
    'http://chat.example',
    'https://chat.example:8443',
    'https://chat.example.evil.example',
    'https://sub.chat.example',
    'http://10.0.0.7',
    'null',
    'no address',
    '',
  ])
    expect([origin, isOwn(origin)]).toEqual([origin, false]);
});

test('a gateway that only its own machine reaches knows that machine by its names, and one that others reach does not', () => {
  for (const host of ['127.0.0.1:4100', 'localhost:4100', '[::1]:4100']) {
    const from = { origin: `http://${host}`, host };
    for (const at of ['127.0.0.1', 'localhost', '::1'])
      expect([host, at, isOwnOrigin(served({ CONTINUO_HTTP_HOST: at }), from)]).toEqual([host, at, true]);
    expect(isOwnOrigin(served(everywhere), from)).toBe(false);
  }
  // Another server of this machine.
  expect(isOwnOrigin(served(), { origin: 'http://127.0.0.1:3000', host: '127.0.0.1:4100' })).toBe(false);
  for (const host of ['localhost.evil.example', '127.0.0.1.evil.example', '1270.0.1'])
    expect([host, isOwnOrigin(served(), { origin: `http://${host}`, host })]).toEqual([host, false]);
});

test('what is no origin is said at start', () => {
  for (const wrong of [
    'chat.example',
    'https://chat.example/',
    'https://chat.example/console',
    'ftp://chat.example',
    '*',
  ])
    expect(() => served({ CONTINUO_PUBLIC_ORIGINS: wrong })).toThrow('CONTINUO_PUBLIC_ORIGINS');
});
