// Our own words in the plain text of a dialogue, in the languages that a site may choose.
export interface TextWords {
  visitor: string;
  agent: string;
  system: string;
  roles: { visitor: string; agent: string; system: string };
  offline: string;
  mail: string;
  /** With {name}. */
  joined: string;
  closed: string;
  callback: string;
  missed: string;
  /** With {name}. */
  called: string;
  /** With {name} and {score}. */
  rated: string;
  file: string;
  /** With {name}. */
  transcript: string;
  /** Of a card. */
  picture: string;
  buttons: string;
  pressed: string;
}

export const WORDS = {
  en: {
    visitor: 'Visitor',
    agent: 'Agent',
    system: 'System',
    roles: { visitor: 'visitor', agent: 'agent', system: 'system' },
    offline: 'left while nobody was available',
    mail: 'by e-mail',
    joined: '{name} joined the dialogue',
    closed: '{name} closed the dialogue',
    callback: '{name} asks to be called',
    missed: 'nobody answered in time',
    called: '{name} has called back',
    rated: '{name} rated the help {score} of 5',
    file: 'File',
    transcript: '{name} asks for this dialogue by e-mail',
    picture: 'Picture',
    buttons: 'Buttons',
    pressed: 'by a button',
  },
  ru: {
    visitor: 'Посетитель',
    agent: 'Сотрудник',
    system: 'Система',
    roles: { visitor: 'посетитель', agent: 'сотрудник', system: 'система' },
    offline: 'оставлено, когда никого не было на месте',
    mail: 'по почте',
    joined: '{name} теперь в диалоге',
    closed: '{name}: диалог завершён',
    callback: '{name}: просьба перезвонить',
    missed: 'вовремя никто не ответил',
    called: '{name}: перезвонили',
    rated: '{name}: оценка помощи {score} из 5',
    file: 'Файл',
    transcript: '{name}: просьба прислать диалог на почту',
    picture: 'Картинка',
    buttons: 'Кнопки',
    pressed: 'кнопкой',
  },
  hy: {
    visitor: 'Այցելու',
    agent: 'Աշխատակից',
    system: 'Համակարգ',
    roles: { visitor: 'այցելու', agent: 'աշխատակից', system: 'համակարգ' },
    offline: 'թողնվել է, երբ ոչ ոք հասանելի չէր',
    mail: 'էլ. փոստով',
    joined: '{name}՝ միացավ զրույցին',
    closed: '{name}՝ զրույցն ավարտված է',
    callback: '{name}՝ խնդրում է զանգահարել',
    missed: 'ժամանակին ոչ ոք չպատասխանեց',
    called: '{name}՝ հետ զանգահարել է',
    rated: '{name}՝ գնահատական {score} 5-ից',
    file: 'Ֆայլ',
    transcript: '{name}՝ խնդրում է զրույցն ուղարկել էլ. փոստով',
    picture: 'Նկար',
    buttons: 'Կոճակներ',
    pressed: 'կոճակով',
  },
  de: {
    visitor: 'Besucher',
    agent: 'Mitarbeiter',
    system: 'System',
    roles: { visitor: 'Besucher', agent: 'Mitarbeiter', system: 'System' },
    offline: 'hinterlassen, als niemand erreichbar war',
    mail: 'per E-Mail',
    joined: '{name} ist jetzt im Gespräch',
    closed: '{name} hat das Gespräch beendet',
    callback: '{name} bittet um Rückruf',
    missed: 'niemand hat rechtzeitig geantwortet',
    called: '{name} hat zurückgerufen',
    rated: '{name} gab {score} von 5',
    file: 'Datei',
    transcript: '{name} bittet um das Gespräch per E-Mail',
    picture: 'Bild',
    buttons: 'Schaltflächen',
    pressed: 'per Schaltfläche',
  },
  fr: {
    visitor: 'Visiteur',
    agent: 'Conseiller',
    system: 'Système',
    roles: { visitor: 'visiteur', agent: 'conseiller', system: 'système' },
    offline: 'laissé en l’absence de conseiller',
    mail: 'par e-mail',
    joined: '{name} a rejoint la conversation',
    closed: '{name} a terminé la conversation',
    callback: '{name} demande à être rappelé',
    missed: 'personne n’a répondu à temps',
    called: '{name} a rappelé',
    rated: '{name} a donné {score} sur 5',
    file: 'Fichier',
    transcript: '{name} demande la conversation par e-mail',
    picture: 'Image',
    buttons: 'Boutons',
    pressed: 'par un bouton',
  },
  es: {
    visitor: 'Visitante',
    agent: 'Agente',
    system: 'Sistema',
    roles: { visitor: 'visitante', agent: 'agente', system: 'sistema' },
    offline: 'dejado cuando no había nadie disponible',
    mail: 'por correo electrónico',
    joined: '{name} se unió a la conversación',
    closed: '{name} cerró la conversación',
    callback: '{name} pide que le llamen',
    missed: 'nadie respondió a tiempo',
    called: '{name} ha devuelto la llamada',
    rated: '{name} dio {score} de 5',
    file: 'Archivo',
    transcript: '{name} pide la conversación por correo',
    picture: 'Imagen',
    buttons: 'Botones',
    pressed: 'con un botón',
  },
  pt: {
    visitor: 'Visitante',
    agent: 'Atendente',
    system: 'Sistema',
    roles: { visitor: 'visitante', agent: 'atendente', system: 'sistema' },
    offline: 'deixado quando ninguém estava disponível',
    mail: 'por e-mail',
    joined: '{name} entrou na conversa',
    closed: '{name} encerrou a conversa',
    callback: '{name} pede uma ligação',
    missed: 'ninguém respondeu a tempo',
    called: '{name} retornou a ligação',
    rated: '{name} deu {score} de 5',
    file: 'Arquivo',
    transcript: '{name} pede a conversa por e-mail',
    picture: 'Imagem',
    buttons: 'Botões',
    pressed: 'por um botão',
  },
  tr: {
    visitor: 'Ziyaretçi',
    agent: 'Temsilci',
    system: 'Sistem',
    roles: { visitor: 'ziyaretçi', agent: 'temsilci', system: 'sistem' },
    offline: 'kimse müsait değilken bırakıldı',
    mail: 'e-posta ile',
    joined: '{name} görüşmeye katıldı',
    closed: '{name} görüşmeyi kapattı',
    callback: '{name} aranmak istiyor',
    missed: 'zamanında kimse yanıt vermedi',
    called: '{name} geri aradı',
    rated: '{name} 5 üzerinden {score} verdi',
    file: 'Dosya',
    transcript: '{name} görüşmeyi e-posta ile istiyor',
    picture: 'Resim',
    buttons: 'Düğmeler',
    pressed: 'düğmeyle',
  },
  zh: {
    visitor: '访客',
    agent: '客服',
    system: '系统',
    roles: { visitor: '访客', agent: '客服', system: '系统' },
    offline: '无人在线时留言',
    mail: '通过电子邮件',
    joined: '{name} 加入了对话',
    closed: '{name} 结束了对话',
    callback: '{name} 请求回电',
    missed: '无人及时回复',
    called: '{name} 已回电',
    rated: '{name} 评分 {score}/5',
    file: '文件',
    transcript: '{name} 请求通过电子邮件发送对话',
    picture: '图片',
    buttons: '按钮',
    pressed: '通过按钮',
  },
  ar: {
    visitor: 'زائر',
    agent: 'موظف',
    system: 'النظام',
    roles: { visitor: 'زائر', agent: 'موظف', system: 'النظام' },
    offline: 'تُركت عندما لم يكن أحد متاحًا',
    mail: 'بالبريد الإلكتروني',
    joined: '{name}: انضم إلى المحادثة',
    closed: '{name}: انتهت المحادثة',
    callback: '{name}: طلب معاودة الاتصال',
    missed: 'لم يُجب أحد في الوقت المناسب',
    called: '{name}: عاود الاتصال',
    rated: '{name}: التقييم {score} من 5',
    file: 'ملف',
    transcript: '{name}: طلب إرسال المحادثة بالبريد',
    picture: 'صورة',
    buttons: 'أزرار',
    pressed: 'بزر',
  },
} as const satisfies Record<string, TextWords>;
export type TextLanguage = keyof typeof WORDS;
export const TEXT_LANGUAGES = /* @__PURE__ */ Object.keys(WORDS) as TextLanguage[];

/** The language of our own words for a site's or visitor's language; English where we have none. */
export function textLanguage(language: string): TextLanguage {
  const base = language.split('-')[0] ?? '';
  return Object.hasOwn(WORDS, base) ? (base as TextLanguage) : 'en';
}
