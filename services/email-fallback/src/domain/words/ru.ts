// Russian words of a mail.
import type { Words } from '../words.ts';

export const ru: Words = {
  lang: 'ru',
  team: 'Поддержка',
  you: 'Вы',
  resume: 'Продолжить разговор',
  howToAnswer: 'Ответить можно в окне чата, на странице с этим разговором.',
  earlier: 'До этого в чате',
  why: (address, host) =>
    `Вы получили это письмо, потому что оставили адрес ${address} в чате на ${host} и ещё не видели там ответа. Больше по этому адресу мы ничего не шлём.`,
  transcript: (brand) => `Ваш разговор с ${brand}`,
  whyTranscript: (address, host) =>
    `Вы получили это письмо, потому что в чате на ${host} попросили прислать этот разговор на ${address}. Больше мы из-за этого на него ничего не шлём.`,
  cut: 'Разговор длинный: сказанное раньше осталось в окне чата.',
  ticket: (number) => `Разговор № ${number}`,
};
