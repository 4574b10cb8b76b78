// English words of what is shown while nobody is free: the queue, the form of those who are alone, the call. Every language has exactly these.

export interface FormTexts {
  /** Of a queue. */
  first: string;
  place(n: string): string;
  /** With a length of time, as the language writes it. */
  wait(time: string): string;
  waitUnknown: string;
  kept: string;
  /** With day and time. */
  back(when: string): string;
  phone: string;
  optional: string;
  phoneWrong: string;
  when: string;
  soon: string;
  about: string;
  toChat: string;
  local(time: string): string;
}

export const words: FormTexts = {
  first: 'You are first in line',
  place: (n) => `You are number ${n} in line`,
  wait: (time) => `Expected wait: ${time}`,
  waitUnknown: 'We cannot say how long yet.',
  kept: 'Write already: nothing gets lost, even if you leave this page.',
  back: (when) => `Back ${when}`,
  phone: 'Phone',
  optional: 'optional',
  phoneWrong: 'This number cannot be called. Is the country missing?',
  when: 'When should we call?',
  soon: 'As soon as possible',
  about: 'What about',
  toChat: 'Back to the chat',
  local: (time) => `Your local time: ${time}`,
};
