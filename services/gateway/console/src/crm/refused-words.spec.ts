// Nobody is refused in a language that is not his.
import { commands } from '@continuo/contracts';
import { expect, test } from '@jest/globals';
import { en } from '../locales/en.ts';
import { ru } from '../locales/ru.ts';
import { refusedWords, testedWords } from './refused-words.ts';

const webhook = {
  connector: 'webhook',
  name: 'Webhook',
  schemes: ['https', 'http'],
  credentials: [
    { name: 'secret', required: true },
    { name: 'previousSecret', required: false },
  ],
};
const invalid = (words: string) =>
  refusedWords({ during: 'saving', no: { ok: false, refusal: 'invalid', words } }, webhook, 'Крошка', ru);

test('each refusal of what is told a CRM has words in both languages', () => {
  const lacking = Object.entries(commands)
    .filter(([, { owner }]) => owner === 'crm-sync')
    .flatMap(([, { refusals }]) => refusals as readonly string[])
    .filter((refusal) => !(refusal in ru.refusals && refusal in en.refusals));
  expect([...new Set(lacking)]).toEqual([]);
});

test('what is wrong with a field is told with the name that it bears on the screen', () => {
  expect(invalid('secret: whsec_ and then Base64: echo whsec_; previousSecret: at least 24 bytes')).toBe(
    'Проверьте: Секрет, Прежний секрет.',
  );
  expect(invalid('baseUrl: This address leads into the network of this installation.')).toContain('https://, http://');
  expect(invalid('Something else.')).toBe(ru.refusals['invalid']);
});

test('a test writes nothing, so no text was refused', () => {
  expect(testedWords({ ok: false, refusal: 'invalid', words: '302' }, 'Крошка', ru)).toBe(
    '«Крошка» не принимает запрос',
  );
});
