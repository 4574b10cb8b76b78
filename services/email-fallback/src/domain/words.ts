// The words of a mail, in the language of the conversation.
export interface Words {
  lang: string;
  /** Written without a name: somebody of the company. */
  team: string;
  you: string;
  resume: string;
  howToAnswer: string;
  earlier: string;
  why: (address: string, host: string) => string;
  /** Of the mail with the whole dialogue. */
  transcript: (brand: string) => string;
  whyTranscript: (address: string, host: string) => string;
  cut: string;
  ticket: (number: string) => string;
}

const en: Words = {
  lang: 'en',
  team: 'Support',
  you: 'You',
  resume: 'Continue the conversation',
  howToAnswer: 'Please answer in the chat window, on the page with this conversation.',
  earlier: 'Before that in the chat',
  why: (address, host) =>
    `You get this mail because you left the address ${address} in the chat on ${host} and had not seen the answer there. We send nothing else to it.`,
  transcript: (brand) => `Your conversation with ${brand}`,
  whyTranscript: (address, host) =>
    `You get this mail because somebody asked in the chat on ${host} to have this conversation sent to ${address}. We send nothing else to it because of that.`,
  cut: 'The conversation is long: what was said before stands in the chat window.',
  ticket: (number) => `Conversation № ${number}`,
};

const ru: Words = {
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

/** @param language BCP 47; English where there is no translation */
export const wordsFor = (language: string): Words => (language.split('-')[0] === 'ru' ? ru : en);
