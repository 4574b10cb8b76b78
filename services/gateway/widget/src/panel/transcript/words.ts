// The words of the dialogue by mail, in all languages: too few for files of their own.
interface TranscriptWords {
  offer: string;
  once: string;
  goesTo(email: string): string;
  enough: string;
}
const WORDS = {
  en: {
    offer: 'Send me this dialogue',
    once: 'It goes to this address once, as it is now.',
    goesTo: (email) => `Transcript goes to ${email}`,
    enough: 'That was sent often enough for today. Try again tomorrow.',
  },
  ru: {
    offer: 'Прислать мне этот разговор',
    once: 'Отправим один раз, таким, какой он сейчас.',
    goesTo: (email) => `Запись разговора отправим на ${email}`,
    enough: 'На сегодня отправлений достаточно. Попробуйте завтра.',
  },
  hy: {
    offer: 'Ուղարկել ինձ այս զրույցը',
    once: 'Կուղարկենք այս հասցեին մեկ անգամ՝ ինչպես որ հիմա է։',
    goesTo: (email) => `Զրույցի գրառումը կուղարկենք ${email}`,
    enough: 'Այսօրվա համար բավական է։ Փորձեք վաղը։',
  },
  de: {
    offer: 'Dieses Gespräch zusenden',
    once: 'Es geht einmal an diese Adresse, so wie es jetzt ist.',
    goesTo: (email) => `Das Gespräch geht an ${email}`,
    enough: 'Für heute wurde es oft genug gesendet. Versuchen Sie es morgen.',
  },
  fr: {
    offer: 'M’envoyer cette conversation',
    once: 'Elle part une fois à cette adresse, telle qu’elle est maintenant.',
    goesTo: (email) => `La conversation est envoyée à ${email}`,
    enough: 'Elle a été envoyée assez souvent aujourd’hui. Réessayez demain.',
  },
  es: {
    offer: 'Enviarme esta conversación',
    once: 'Va una vez a esta dirección, tal como está ahora.',
    goesTo: (email) => `La conversación va a ${email}`,
    enough: 'Ya se envió bastantes veces hoy. Inténtelo mañana.',
  },
  pt: {
    offer: 'Enviar-me esta conversa',
    once: 'Vai uma vez para este endereço, como está agora.',
    goesTo: (email) => `A conversa vai para ${email}`,
    enough: 'Já foi enviada vezes suficientes hoje. Tente amanhã.',
  },
  tr: {
    offer: 'Bu görüşmeyi bana gönder',
    once: 'Bu adrese bir kez, şu anki haliyle gider.',
    goesTo: (email) => `Görüşme ${email} adresine gidiyor`,
    enough: 'Bugün yeterince gönderildi. Yarın tekrar deneyin.',
  },
  zh: {
    offer: '把这次对话发给我',
    once: '按现在的内容发送一次到此地址。',
    goesTo: (email) => `对话记录将发送到 ${email}`,
    enough: '今天发送的次数已够多，请明天再试。',
  },
  ar: {
    offer: 'أرسل لي هذه المحادثة',
    once: 'تُرسل مرة واحدة إلى هذا العنوان كما هي الآن.',
    goesTo: (email) => `تُرسل المحادثة إلى ${email}`,
    enough: 'أُرسلت بما يكفي اليوم. حاول غدًا.',
  },
} as const satisfies Record<string, TranscriptWords>;

export const transcriptWords = (language: string): TranscriptWords => WORDS[language as keyof typeof WORDS] ?? WORDS.en;
