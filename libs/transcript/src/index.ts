// Front door of the fold of a conversation.
export * from './apply.ts';
export * from './transcript.ts';
