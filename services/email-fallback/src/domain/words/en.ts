// English words of a mail.
import type { Words } from '../words.ts';

export const en: Words = {
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
