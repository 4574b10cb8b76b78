// The fixed words of a survey, in all languages: too few for files of their own. Its questions are the site's.
interface SurveyWords {
  step(place: number, of: number): string;
  /** Of a scale from 1 to 5. */
  scale: string;
  next: string;
  skip: string;
  /** Ends it with what was answered. */
  stop: string;
  /** Before the first answer. */
  no: string;
  declined: string;
  already: string;
}
const WORDS = {
  en: {
    step: (place, of) => `Question ${place} of ${of}`,
    scale: '1: not at all, 5: very much',
    next: 'Next',
    skip: 'Skip',
    stop: 'Stop and send',
    no: 'No, thanks',
    declined: 'Not answered. That is fine.',
    already: 'You have answered this already. What you said first counts.',
  },
  ru: {
    step: (place, of) => `Вопрос ${place} из ${of}`,
    scale: '1: совсем нет, 5: очень',
    next: 'Далее',
    skip: 'Пропустить',
    stop: 'Хватит, отправить',
    no: 'Нет, спасибо',
    declined: 'Без ответа. Ничего страшного.',
    already: 'Вы уже ответили. Считается первый ответ.',
  },
  hy: {
    step: (place, of) => `Հարց ${place}՝ ${of}-ից`,
    scale: '1՝ բոլորովին ոչ, 5՝ շատ',
    next: 'Հաջորդը',
    skip: 'Բաց թողնել',
    stop: 'Բավական է, ուղարկել',
    no: 'Ոչ, շնորհակալություն',
    declined: 'Առանց պատասխանի։ Ոչինչ։',
    already: 'Դուք արդեն պատասխանել եք։ Հաշվվում է առաջին պատասխանը։',
  },
  de: {
    step: (place, of) => `Frage ${place} von ${of}`,
    scale: '1: gar nicht, 5: sehr',
    next: 'Weiter',
    skip: 'Überspringen',
    stop: 'Beenden und senden',
    no: 'Nein, danke',
    declined: 'Nicht beantwortet. Das ist in Ordnung.',
    already: 'Sie haben schon geantwortet. Es zählt die erste Antwort.',
  },
  fr: {
    step: (place, of) => `Question ${place} sur ${of}`,
    scale: '1 : pas du tout, 5 : tout à fait',
    next: 'Suivant',
    skip: 'Passer',
    stop: 'Arrêter et envoyer',
    no: 'Non, merci',
    declined: 'Sans réponse. Aucun problème.',
    already: 'Vous avez déjà répondu. La première réponse compte.',
  },
  es: {
    step: (place, of) => `Pregunta ${place} de ${of}`,
    scale: '1: nada, 5: mucho',
    next: 'Siguiente',
    skip: 'Omitir',
    stop: 'Terminar y enviar',
    no: 'No, gracias',
    declined: 'Sin respuesta. No pasa nada.',
    already: 'Ya ha respondido. Cuenta la primera respuesta.',
  },
  pt: {
    step: (place, of) => `Pergunta ${place} de ${of}`,
    scale: '1: nada, 5: muito',
    next: 'Próxima',
    skip: 'Pular',
    stop: 'Parar e enviar',
    no: 'Não, obrigado',
    declined: 'Sem resposta. Tudo bem.',
    already: 'Você já respondeu. Vale a primeira resposta.',
  },
  tr: {
    step: (place, of) => `Soru ${place} / ${of}`,
    scale: '1: hiç, 5: çok',
    next: 'İleri',
    skip: 'Atla',
    stop: 'Bitir ve gönder',
    no: 'Hayır, teşekkürler',
    declined: 'Yanıtlanmadı. Sorun değil.',
    already: 'Zaten yanıtladınız. İlk yanıt geçerlidir.',
  },
  zh: {
    step: (place, of) => `第 ${place} 题，共 ${of} 题`,
    scale: '1：完全不，5：非常',
    next: '下一题',
    skip: '跳过',
    stop: '结束并发送',
    no: '不用了，谢谢',
    declined: '未作答，没关系。',
    already: '您已经回答过，以第一次的回答为准。',
  },
  ar: {
    step: (place, of) => `السؤال ${place} من ${of}`,
    scale: '1: إطلاقًا، 5: جدًا',
    next: 'التالي',
    skip: 'تخطٍّ',
    stop: 'إنهاء وإرسال',
    no: 'لا، شكرًا',
    declined: 'بلا إجابة. لا بأس.',
    already: 'لقد أجبت من قبل. تُحتسب الإجابة الأولى.',
  },
} as const satisfies Record<string, SurveyWords>;

export const surveyWords = (language: string): SurveyWords => WORDS[language as keyof typeof WORDS] ?? WORDS.en;
