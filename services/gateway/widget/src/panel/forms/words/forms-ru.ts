// Russian words of the forms.
import type { FormTexts } from './forms-en.ts';

export const words: FormTexts = {
  first: 'Вы первый в очереди',
  place: (n) => `Вы ${n}-й в очереди`,
  wait: (time) => `Примерное ожидание: ${time}`,
  waitUnknown: 'Сколько ждать, пока не знаем.',
  kept: 'Пишите: ничего не потеряется, даже если вы уйдёте со страницы.',
  back: (when) => `Вернёмся: ${when}`,
  phone: 'Телефон',
  optional: 'необязательно',
  phoneWrong: 'На этот номер не позвонить. Не хватает кода страны?',
  when: 'Когда позвонить?',
  soon: 'Как можно скорее',
  about: 'О чём разговор',
  toChat: 'Назад в чат',
  local: (time) => `Ваше время: ${time}`,
};
