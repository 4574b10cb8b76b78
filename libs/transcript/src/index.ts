// Front door of the fold of a conversation.
export * from './apply.ts';
export * from './tasks.ts';
export * from './to-text.ts';
export * from './transcript.ts';
export { TEXT_LANGUAGES, type TextLanguage, textLanguage } from './words.ts';
