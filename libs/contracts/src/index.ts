// Front door of the language of the system.
export * from './catalogue.ts';
export * from './crm-failure.ts';
export * from './ids.ts';
export * from './message.ts';
export * from './plain-words.ts';
export * from './schemas/card.ts';
export * from './schemas/conversation.ts';
export * from './schemas/crm.ts';
export * from './schemas/crm-settings.ts';
export * from './schemas/files.ts';
export * from './schemas/mail.ts';
export * from './schemas/people.ts';
export * from './schemas/survey.ts';
export * from './schemas/tracking.ts';
export { workingHours } from './schemas/working-hours.ts';
export * from './streams.ts';
export * from './subjects.ts';
export * from './working-hours.ts';
