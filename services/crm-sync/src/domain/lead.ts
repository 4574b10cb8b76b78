// What a new lead of ours says: who, from where, and the link that opens the dialogue.
import type { Contact } from '@continuo/contracts';
import { oneLine, type TextLanguage, type Transcript } from '@continuo/transcript';

export interface LeadContext {
  siteName: string;
  dialogueUrl: string;
  language: TextLanguage;
}
const WORDS = {
  en: {
    chat: 'Live chat',
    visitor: 'Visitor',
    open: 'Open the dialogue',
    page: 'First page',
    referrer: 'Came from',
    language: 'Language',
    said: 'Said to be',
  },
  ru: {
    chat: 'Чат на сайте',
    visitor: 'Посетитель',
    open: 'Открыть диалог',
    page: 'Первая страница',
    referrer: 'Откуда пришёл',
    language: 'Язык',
    said: 'О себе',
  },
} as const;

export interface LeadText {
  visitorKey: string;
  title: string;
  description: string;
  unnamed: string;
  conversation: string;
}

/** @param unfit what of the contact the CRM did not take as fields: it is kept as text */
export function leadText(transcript: Transcript, context: LeadContext, unfit: Contact = {}): LeadText {
  const words = WORDS[context.language];
  const { page, language, visitor, conversation } = transcript;
  const contact = [unfit.name, unfit.email, unfit.phone, unfit.externalId].filter((known) => known !== undefined);
  const lines = [
    `${words.open}: ${context.dialogueUrl}`,
    page &&
      `${words.page}: ${[page.title, page.url]
        .filter((part) => part !== undefined)
        .map(short)
        .join(' · ')}`,
    page?.referrer && `${words.referrer}: ${short(page.referrer)}`,
    `${words.language}: ${language}`,
    contact.length > 0 && `${words.said}: ${contact.map(short).join(', ')}`,
  ];
  const title = [words.chat, context.siteName, page?.title].filter((part) => part !== undefined && part !== '');
  return {
    visitorKey: visitor,
    title: oneLine(title.join(' · ')),
    description: lines.filter((line) => typeof line === 'string' && line !== '').join('\n'),
    unnamed: `${words.visitor} ${visitor.slice(0, 6)}`,
    conversation,
  };
}

const short = (text: string): string => oneLine(text).slice(0, 300).toWellFormed();
