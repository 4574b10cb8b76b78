import { widgetSettings } from '@continuo/contracts';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { contrast, launcherStyle, lookParts, panelStyle, READABLE } from './site-look.ts';

const accents = fc.integer({ min: 0, max: 0xffffff }).map((value) => `#${value.toString(16).padStart(6, '0')}`);
const themes = (value: string | undefined): string[] => value?.match(/#[0-9a-f]{6}/g) ?? [];

test('contrast is what WCAG says', () => {
  expect(contrast('#000000', '#ffffff')).toBe(21);
  expect(contrast('#767676', '#ffffff')).toBeCloseTo(4.54, 2);
});

test('whatever the accent, all text on it and in it can be read, light and dark', () => {
  fc.assert(
    fc.property(accents, (accent) => {
      const style = panelStyle(accent);
      const of = (name: string) => style[name as '--c-accent'] ?? '';
      const [inkLight = '', inkDark = ''] = themes(of('--c-accent-ink'));
      const [softLight = '', softDark = ''] = themes(of('--c-accent-soft'));
      const pairs = [
        [of('--c-on-accent'), accent],
        [of('--c-on-accent'), of('--c-accent-hover')],
        [of('--c-on-bubble'), accent],
        [of('--c-on-accent-2'), accent],
        ...['#ffffff', '#e9eeeb', softLight].map((ground) => [inkLight, ground]),
        ...['#151c19', '#24302b', softDark].map((ground) => [inkDark, ground]),
      ] as [string, string][];
      for (const [text, ground] of pairs)
        expect({ accent, text, ground, readable: contrast(text, ground) >= READABLE }).toMatchObject({
          readable: true,
        });
      expect(launcherStyle(accent, {})['--on-site']).toBe(of('--c-on-accent'));
    }),
  );
});

test('our own accent stays what it is, a pale one is written on in black', () => {
  expect(panelStyle('#0b6b5d')).toMatchObject({ '--c-accent': '#0b6b5d', '--c-on-accent': '#ffffff' });
  expect(panelStyle('#ffd23f')).toMatchObject({ '--c-accent': '#ffd23f', '--c-on-accent': '#000000' });
  expect(panelStyle(undefined)).toEqual({});
});

test('side, offsets and place above others are told only where they are the site’s own', () => {
  expect(launcherStyle(undefined, {})).toEqual({});
  expect(launcherStyle(undefined, { offset: { x: 8, y: 90 }, zIndex: 5 })).toEqual({
    '--right': '8px',
    '--bottom': '90px',
    '--z': '5',
  });
  expect(launcherStyle(undefined, { side: 'left' })).toEqual({
    '--left': '20px',
    '--right': 'auto',
  });
});

test('the launcher shows the site’s picture where it is to, and where there is one', () => {
  const avatar = '/photos/marie.svg';
  expect(launcherStyle(undefined, { launcher: 'face', avatar })).toEqual({ '--face': 'url("/photos/marie.svg")' });
  for (const sign of [{ launcher: 'face' }, { launcher: 'sign', avatar }] as const)
    expect(launcherStyle(undefined, sign)).toEqual({});
});

test('a site’s own picture is told to the panel alone, and is one of the gateway’s', () => {
  const avatar = '/photos/shops/nordhem.webp';
  expect(lookParts({ widget: { avatar } })).toEqual({ style: '', panel: { style: '', greeting: {}, avatar } });
  expect(lookParts({}).panel).toEqual({ style: '', greeting: {} });
  const taken = (one: string) => widgetSettings.safeParse({ avatar: one }).success;
  for (const fit of [avatar, '/photos/a.PNG', '/photos/a.b.jpeg', '/photos/a.svg'])
    expect([fit, taken(fit)]).toEqual([fit, true]);
  for (const unfit of [
    'https://elsewhere.example/photos/a.png',
    '//elsewhere.example/photos/a.png',
    '/photos/../widget.js.png',
    '/photos/a.html',
    '/photos/a.png?x',
    '/photos/.png',
    '/photos/a b.png',
    '/files/a.png',
    'data:image/png;base64,AAAA',
  ])
    expect([unfit, taken(unfit)]).toEqual([unfit, false]);
});
