import { expect, test } from '@jest/globals';
import type { State } from '../../client.ts';
import { locales } from '../../locales/index.ts';
import { reasonIn } from './why-not.ts';

const client = { state: () => ({ known: { site: { fileBytes: 3_000_000 } } }) as State };

test('why a file was not taken is said in every language of the panel, each in its own words', () => {
  const languages = Object.keys(locales);
  for (const refusal of ['too-big', 'empty', 'type', 'quota', 'gone']) {
    const said = languages.map((language) => reasonIn(language, refusal, 'film.mp4', client));
    expect(new Set(said).size).toBe(languages.length);
    expect(said).not.toContain(undefined);
    if (refusal === 'too-big') for (const words of said) expect(words).toMatch(/film\.mp4.*3/);
  }
  expect(reasonIn('en', 'invalid', 'film.mp4', client)).toBeUndefined();
});
