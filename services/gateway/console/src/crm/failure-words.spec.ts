import { expect, test } from '@jest/globals';
import { en } from '../locales/en.ts';
import { ru } from '../locales/ru.ts';
import { failureWords } from './failure-words.ts';

const failure = { failure: 'invalid', words: 'x', at: 1, attempts: 1 } as const;

test.each([
  [en, /no field “budget”/, /stands in Odoo.*Make it there/],
  [ru, /нет поля «budget»/, /в Odoo записан.*Создайте его там/],
])('a field that the CRM lacks is named, with what to do about it', (t, title, advice) => {
  const said = failureWords({ ...failure, field: 'budget' }, 'Odoo', { t } as never);
  expect(said).toEqual({ title: expect.stringMatching(title), advice: expect.stringMatching(advice) });
  expect(failureWords(failure, 'Odoo', { t } as never)).toEqual({
    title: t.crm.failures.invalid('Odoo'),
    advice: t.crm.advice.invalid,
  });
});
