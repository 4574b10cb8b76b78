// The command line of secrets.ts: what would make Secrets that nothing can work with is refused in words.
import { expect, test } from '@jest/globals';
import { NO_MAIL_SERVER, optionsOf } from './secrets.ts';

test('a number of members and a mail server are taken as they are given', () => {
  expect(optionsOf([])).toEqual({ members: 3, smtp: NO_MAIL_SERVER });
  for (const smtp of ['smtp://mail.example.com', 'smtps://desk%40example.com:p%40ss%3Aw%C3%B6rd@mail.example.com:465'])
    expect(optionsOf(['--members', '1', '--smtp', smtp])).toEqual({ members: 1, smtp });
});

test.each([
  [['--members', 'abc'], '--members'],
  [['--members', '0'], '--members'],
  [['--members', '2.5'], '--members'],
  [['--members', '8'], '--members'],
  [['--smtp', 'smtps://ü:p@ss:wörd@host'], '%40'],
  [['--smtp', 'mail.example.com'], 'smtps://USER:PASSWORD@HOST'],
  [['--smtp', 'smtp://'], 'smtps://USER:PASSWORD@HOST'],
  [['--smpt', 'smtp://mail.example.com'], '--smpt'],
  [['3'], "'3'"],
])('%j is refused, and said why', (args, words) => {
  expect(() => optionsOf(args)).toThrow(words);
});
