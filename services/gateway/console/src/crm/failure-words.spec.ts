import { expect, test } from '@jest/globals';
import { en } from '../locales/en.ts';
import { ru } from '../locales/ru.ts';
import { contactWords, failureWords, heldBackWords } from './failure-words.ts';
import { initialCrm } from './state.ts';

const failure = { failure: 'invalid', words: 'x', at: 1, attempts: 1 } as const;

test.each([
  [en, /no field “budget”/, /stands in Odoo.*Make it there/],
  [ru, /нет поля «budget»/, /в CRM «Odoo» записан.*Создайте его там/],
])('a field that the CRM lacks is named, with what to do about it', (t, title, advice) => {
  const said = failureWords({ ...failure, field: 'budget' }, 'Odoo', { t } as never);
  expect(said).toEqual({ title: expect.stringMatching(title), advice: expect.stringMatching(advice) });
  const made = failureWords({ ...failure, field: 'budget' }, 'Odoo', { t } as never, { makesFields: true });
  expect(made).toEqual({ title: said.title, advice: t.crm.fieldMakeAdvice('Odoo') });
  expect(failureWords(failure, 'Odoo', { t } as never)).toEqual({
    title: t.crm.failures.invalid('Odoo'),
    advice: t.crm.advice.invalid,
  });
});

test.each([
  [en, /No queue is bound.*lead\.changed\.7/, /Bind a queue for “lead\.changed\.7”.*RabbitMQ/],
  [ru, /Ни одна очередь.*lead\.changed\.7/, /Привяжите в брокере «RabbitMQ».*lead\.changed\.7/],
])('a message that no queue took is told with the key to bind', (t, title, advice) => {
  const said = failureWords({ ...failure, unbound: 'lead.changed.7' }, 'RabbitMQ', { t } as never);
  expect(said).toEqual({ title: expect.stringMatching(title), advice: expect.stringMatching(advice) });
});

test.each([
  [en, /Odoo did not take/, /lead without it.*by hand/, /token/],
  [ru, /«Odoo» не принимает/, /лид без этих данных.*вручную/, /токену/],
])(
  'a contact that the CRM did not take is told, with where the dialogue stands and what to do',
  (t, title, byRule, byRights) => {
    const words = (because: 'invalid' | 'taken') =>
      contactWords({ because, words: 'x', at: 1 }, 'Odoo', { t } as never);
    expect(words('invalid')).toEqual({ title: expect.stringMatching(title), advice: expect.stringMatching(byRule) });
    expect(words('taken')).toEqual({ title: expect.stringMatching(title), advice: expect.stringMatching(byRights) });
  },
);

test.each([
  [en, 'Odoo has 2 people with the phone +37477810224', /do not guess.*merge them in Odoo/],
  [ru, 'В CRM «Odoo» несколько карточек с телефоном +37477810224: 2', /не гадаем.*объедините их в CRM «Odoo»/],
])('who is to be chosen among is said by what they share', (t, title, advice) => {
  const candidates = ['a', 'b'].map((id) => ({ kind: 'contact' as const, id }));
  const choice = { phone: '+37477810224', candidates };
  const words = failureWords({ ...failure, failure: 'ambiguous' }, 'Odoo', { t } as never, { choice });
  expect(words).toEqual({ title, advice: expect.stringMatching(advice) });
});

test.each([
  [en, /key to the credentials of HubSpot/, 'sign-in'],
  [ru, /Нет ключа .* «HubSpot»/, 'войти'],
])('credentials that no key opens are not told as a sign-in that the CRM wants', (t, title, other) => {
  const said = failureWords({ ...failure, failure: 'refused-access', sealed: true }, 'HubSpot', { t } as never);
  expect(said).toEqual({ title: expect.stringMatching(title), advice: t.crm.sealed.advice });
  expect(said.title).not.toContain(other);
});

test('who is set aside does not go by itself: beside him alone nobody is said to wait', () => {
  const row = (state: 'pending' | 'failed') =>
    ({ conversation: state, state, parts: 0, writtenUpTo: 0, wantedUpTo: 1, failure }) as const;
  const alone = { ...initialCrm, rows: { failed: row('failed') }, counts: { pushed: 0, pending: 0, failed: 1 } };
  expect(heldBackWords(alone, en)).toBe('');
  expect(heldBackWords({ ...alone, rows: { ...alone.rows, pending: row('pending') } }, en)).toContain(
    '1 dialogue waits',
  );
  expect(heldBackWords({ ...alone, counts: { pushed: 0, pending: 2, failed: 1 } }, en)).toContain('2 dialogues wait');
});
