// English words of the panel; every language has exactly these.
import type { LauncherWords } from '../launcher-words.ts';
import type { HeadState } from '../panel/head.ts';
import type { Mark } from '../panel/marks.ts';

export interface Texts {
  /** Needed before the panel is: the gateway writes these into the frame's document. */
  launcher: LauncherWords;
  chat: string;
  /** Second line of the head; `ended` has its own, with a time. */
  head: Record<Exclude<HeadState, 'ended'>, string>;
  ended(time: string): string;
  stopped(ago: string): string;
  resumed(ago: string, time: string): string;
  isHere(name: string): string;
  isGone(name: string): string;
  isTyping(name: string): string;
  somebody: string;
  you: string;
  messages: string;
  minimise: string;
  toLatest: string;
  field: string;
  send: string;
  emoji: string;
  preview: string;
  tooLong(over: number): string;
  welcome: string;
  /** After it, where the browser keeps what is told it. */
  lasts: string;
  mark: Record<Mark, string>;
  waiting: string;
  failed: string;
  sendAgain: string;
  /** Of what was refused: back into the field. */
  edit: string;
  lost: string;
  full: string;
  tryNow: string;
  mail: {
    offer: string;
    label: string;
    save: string;
    wrong: string;
    answersTo(email: string): string;
    noTime: string;
    leave: string;
  };
  rating: {
    ask(name: string): string;
    /** "4 of 5" */
    of(score: number): string;
    /** For each of the five. */
    words: readonly [string, string, string, string, string];
    comment: string;
    thanks: string;
  };
  file: {
    /** `most` in megabytes. */
    attach(most: number): string;
    camera: string;
    cancel(name: string): string;
    remove: string;
    sent(percent: number): string;
    open(name: string): string;
    save(name: string): string;
  };
  callMe: string;
  calls(phone: string): string;
  /** Said once where nobody answered in time. */
  missed: string;
  offline: { title: string; message: string; send: string; sent(email: string): string; only: string };
}

export const texts: Texts = {
  launcher: {
    open: 'Open the chat',
    unread: 'Open the chat, {count} unread',
    close: 'Minimise the chat',
    panel: 'Chat with {site}',
  },
  chat: 'Chat',
  head: {
    opening: 'Connecting',
    lost: 'Connection lost',
    'with-you': 'With you now',
    free: 'Answers in a minute',
    busy: 'Everybody is busy right now',
    away: 'Away for a moment',
    offline: 'Nobody is here right now',
  },
  ended: (time) => `Dialogue ended, ${time}`,
  stopped: (ago) => `Stopped here ${ago}`,
  resumed: (ago, time) => `resumed ${ago}, ${time}`,
  isHere: (name) => `${name} is here`,
  isGone: (name) => `${name} lost the connection. You are first in line again.`,
  isTyping: (name) => `${name} is typing`,
  somebody: 'An agent',
  you: 'You',
  messages: 'Messages',
  minimise: 'Minimise',
  toLatest: 'To the latest message',
  field: 'Write a message',
  send: 'Send',
  emoji: 'Emoji',
  preview: 'Agents see your text while you type.',
  tooLong: (over) => `${over} characters too many. Send it in two parts.`,
  welcome: 'Ask right away.',
  lasts: 'Nothing gets lost, even if you leave this page.',
  mark: { kept: 'Kept on this device', failed: 'Not sent', stored: 'Sent', delivered: 'Delivered', read: 'Read' },
  waiting: 'Waiting for the network',
  failed: 'Not sent.',
  sendAgain: 'Send again',
  edit: 'Edit',
  lost: 'No connection. Your messages are kept here and go out by themselves.',
  full: 'We have no room for messages right now. Yours are kept on this device and go out as soon as there is room.',
  tryNow: 'Try now',
  mail: {
    offer: 'Get the answer by e-mail as well',
    label: 'E-mail',
    save: 'Save',
    wrong: 'This does not look like an e-mail. Is the part after @ missing?',
    answersTo: (email) => `Answers also come to ${email}`,
    noTime: 'No time to wait?',
    leave: 'Leave your e-mail and go. The answer comes there and into this window.',
  },
  callMe: 'Call me back',
  calls: (phone) => `We call ${phone}`,
  missed: 'Nobody has answered yet. Colleagues are told.',
  offline: {
    title: 'Write now, we answer by e-mail',
    message: 'Message',
    send: 'Send',
    sent: (email) => `Sent. The answer comes to ${email} and into this window.`,
    only: 'Used for the answer only, never for marketing.',
  },
  rating: {
    ask: (name) => `Did ${name} help you?`,
    of: (score) => `${score} of 5`,
    words: ['Not at all', 'Hardly', 'Partly', 'Good', 'Very good'],
    comment: 'What should we know?',
    thanks: 'Thank you!',
  },
  file: {
    attach: (most) => `Send a file or picture, up to ${most} MB`,
    camera: 'Take a picture',
    cancel: (name) => `Cancel: ${name}`,
    remove: 'Remove',
    sent: (percent) => `${percent} % sent`,
    open: (name) => `Open: ${name}`,
    save: (name) => `Save: ${name}`,
  },
};
