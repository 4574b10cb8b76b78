// The name of the button that is pressed while there is a sound, in all languages.
const WORDS = {
  en: 'Sound of new messages',
  ru: 'Звук новых сообщений',
  hy: 'Նոր հաղորդագրությունների ձայն',
  de: 'Ton bei neuen Nachrichten',
  fr: 'Son des nouveaux messages',
  es: 'Sonido de mensajes nuevos',
  pt: 'Som de novas mensagens',
  tr: 'Yeni mesaj sesi',
  zh: '新消息提示音',
  ar: 'صوت الرسائل الجديدة',
} as const satisfies Record<string, string>;

export const soundWords = (language: string): string => WORDS[language as keyof typeof WORDS] ?? WORDS.en;
