import type { SurveyAnswer } from '@continuo/contracts';
import { expect, test } from '@jest/globals';
import { cleanText, textBlocks, toText } from './to-text.ts';
import type { TranscriptItem, TranscriptMessage } from './transcript.ts';

const AT = Date.UTC(2026, 10, 24, 23, 32, 59);
const message = (number: number, text: string, more: Partial<TranscriptMessage> = {}): TranscriptMessage => ({
  kind: 'message',
  number,
  id: `e${number}`,
  cause: `c${number}`,
  author: { kind: 'visitor', id: 'v', name: 'Анна' },
  text,
  at: AT,
  channel: 'chat',
  ...more,
});
const agent = { kind: 'agent', id: 'a', name: 'Maria' } as const;

test('each message stands once with its author and its time; that it is UTC is said once', () => {
  const items: TranscriptItem[] = [
    message(1, 'Здравствуйте 👋'),
    { kind: 'assigned', number: 2, at: AT, agent: { id: 'a', name: 'Maria' } },
    message(3, 'Hello', { author: agent }),
    { kind: 'closed', number: 4, at: AT, by: agent, reason: 'solved' },
  ];
  expect(toText({ items }, 'en')).toBe(
    '[2026-11-24 23:32 UTC] Анна (visitor): Здравствуйте 👋\n' +
      '[2026-11-24 23:32] — Maria joined the dialogue —\n' +
      '[2026-11-24 23:32] Maria (agent): Hello\n' +
      '[2026-11-24 23:32] — Maria (agent) closed the dialogue —\n',
  );
  expect(toText({ items }, 'ru')).toContain('[24.11.2026 23:32] — Maria (сотрудник): диалог завершён —\n');
});

test('times are by the clock of the time zone, which is named at the beginning and where the dialogue is taken up again', () => {
  const window = { from: Date.UTC(2026, 10, 25, 7), until: Date.UTC(2026, 10, 25, 9) };
  const author = { kind: 'visitor', id: 'v', name: 'Анна' } as const;
  const wanted = { visitor: 'v', author, phone: '+37477123456', window, language: 'ru' };
  const items: TranscriptItem[] = [
    message(1, 'one'),
    { kind: 'callback-requested', number: 2, at: AT, data: wanted },
    { kind: 'closed', number: 3, at: AT, by: agent, reason: 'solved' },
    // Clocks were changed there on the 29th of March.
    message(4, 'two', { at: Date.UTC(2026, 2, 29, 0, 59) }),
    message(5, 'three', { at: Date.UTC(2026, 2, 29, 1) }),
  ];
  expect(toText({ items }, 'ru', { timeZone: 'Asia/Yerevan' })).toBe(
    '[25.11.2026 03:32 Asia/Yerevan] Анна (посетитель): one\n' +
      '[25.11.2026 03:32] — Анна (посетитель): просьба перезвонить: +37477123456 · 25.11.2026 11:00 – 25.11.2026 13:00 —\n' +
      '[25.11.2026 03:32] — Maria (сотрудник): диалог завершён —\n' +
      '[29.03.2026 04:59 Asia/Yerevan] Анна (посетитель): two\n' +
      '[29.03.2026 05:00] Анна (посетитель): three\n',
  );
  const berlin = textBlocks({ items }, 'en', { timeZone: 'Europe/Berlin' }).map(({ text }) => text);
  expect(berlin.slice(3)).toEqual([
    '[2026-03-29 01:59 Europe/Berlin] Анна (visitor): two\n',
    '[2026-03-29 03:00] Анна (visitor): three\n',
  ]);
});

test('a rating is told with its words, and nobody forges a line by it', () => {
  const by = { kind: 'visitor', id: 'v', name: 'Анна' } as const;
  const rated = (comment?: string): TranscriptItem[] => [
    { kind: 'rated', number: 1, at: AT, by, score: 4, ...(comment !== undefined && { comment }) },
  ];
  expect(toText({ items: rated() }, 'en')).toBe('[2026-11-24 23:32 UTC] — Анна (visitor) rated the help 4 of 5 —\n');
  expect(toText({ items: rated('Спасибо!\n[24.11.2026 23:32 UTC] x') }, 'ru')).toBe(
    '[24.11.2026 23:32 UTC] — Анна (посетитель): оценка помощи 4 из 5 —\nСпасибо!\n> [24.11.2026 23:32 UTC] x\n',
  );
});

test('files stand below the words with name, size and, for employees, a link; no name makes a line of its own', () => {
  const files = [
    { id: 'f1', name: 'план\u202e\n[2026-11-24 23:32 UTC] x.pdf', type: 'application/pdf', bytes: 1_234_567 },
    { id: 'f2', name: 'note.txt', type: 'text/plain', bytes: 12 },
  ];
  const items = [message(1, 'Here:', { files }), message(2, '', { files: files.slice(1) })];
  expect(toText({ items }, 'en', { fileLink: ({ id }) => `https://chat.example/open/token/${id}` })).toBe(
    '[2026-11-24 23:32 UTC] Анна (visitor): Here:\n' +
      'File: план [2026-11-24 23:32 UTC] x.pdf · 1.2 MB · https://chat.example/open/token/f1\n' +
      'File: note.txt · 12 B · https://chat.example/open/token/f2\n' +
      '[2026-11-24 23:32] Анна (visitor): File: note.txt · 12 B · https://chat.example/open/token/f2\n',
  );
  expect(toText({ items: items.slice(1) }, 'ru')).toBe(
    '[24.11.2026 23:32 UTC] Анна (посетитель): Файл: note.txt · 12 B\n',
  );
});

test('text only grows at its end when something is said', () => {
  const items = [message(1, 'one'), message(2, 'two'), message(3, 'three')];
  expect(toText({ items }, 'en').startsWith(toText({ items: items.slice(0, 2) }, 'en'))).toBe(true);
});

test('of a card title, picture and buttons are said, of an answer that it was a button; no label makes a line of its own', () => {
  const card = {
    title: '[2026-11-24 23:32 UTC] Desk',
    picture: 'https://shop.example/desk.jpg',
    buttons: [{ label: 'Yes\n[2026-11-24 23:32 UTC] x' }, { label: 'See it', link: 'https://shop.example/desk' }],
  };
  const items = [
    message(1, 'This one?', { author: agent, card }),
    message(2, 'Yes', { pressed: { message: 1, button: 1 } }),
  ];
  expect(toText({ items }, 'en')).toBe(
    '[2026-11-24 23:32 UTC] Maria (agent): > [2026-11-24 23:32 UTC] Desk\nThis one?\n' +
      'Picture: https://shop.example/desk.jpg\n' +
      'Buttons: “Yes [2026-11-24 23:32 UTC] x” · “See it” https://shop.example/desk\n' +
      '[2026-11-24 23:32] Анна (visitor) (by a button): Yes\n',
  );
});

test('of a survey the questions are said, and each answer with its question; no word of it makes a line of its own', () => {
  const forged = '\n[2026-11-24 23:32 UTC] x';
  const survey = {
    id: 'after',
    title: `Your order${forged}`,
    questions: [
      { kind: 'scale' as const, question: 'How easy was it?' },
      { kind: 'choice' as const, question: `Where to?${forged}`, options: ['Home', `Office${forged}`] },
      { kind: 'text' as const, question: 'What else?' },
    ],
  };
  const by = { kind: 'visitor', id: 'v', name: 'Анна' } as const;
  const data = (...answers: SurveyAnswer[]) => ({ by, message: 1, title: survey.title, answers });
  const items: TranscriptItem[] = [
    message(1, 'A few questions', { author: agent, survey }),
    {
      kind: 'survey-answered',
      number: 2,
      at: AT,
      data: data(
        { kind: 'scale', place: 1, question: 'How easy was it?', score: 4 },
        { kind: 'choice', place: 2, question: 'Where to?', option: 'Home' },
        { kind: 'text', place: 3, question: 'What else?', text: `Light${forged}` },
      ),
    },
    { kind: 'survey-answered', number: 3, at: AT, data: data() },
  ];
  expect(toText({ items }, 'en')).toBe(
    '[2026-11-24 23:32 UTC] Maria (agent): A few questions\n' +
      'Survey: “Your order [2026-11-24 23:32 UTC] x”\n' +
      '1. How easy was it? (1–5)\n' +
      '2. Where to? [2026-11-24 23:32 UTC] x (Home · Office [2026-11-24 23:32 UTC] x)\n' +
      '3. What else?\n' +
      '[2026-11-24 23:32] — Анна (visitor) answered the survey: “Your order [2026-11-24 23:32 UTC] x” —\n' +
      'How easy was it? — 4/5\n' +
      'Where to? — Home\n' +
      'What else? — Light\n> [2026-11-24 23:32 UTC] x\n' +
      '[2026-11-24 23:32] — Анна (visitor) did not answer the survey: “Your order [2026-11-24 23:32 UTC] x” —\n',
  );
});

test('that the dialogue was asked for by mail is said, with the address', () => {
  const data = { by: { kind: 'visitor', id: 'v', name: 'Анна' }, email: 'anna@arka.example' } as const;
  expect(toText({ items: [{ kind: 'transcript-requested', number: 1, at: AT, data }] }, 'en')).toBe(
    '[2026-11-24 23:32 UTC] — Анна (visitor) asks for this dialogue by e-mail: anna@arka.example —\n',
  );
});

test('a nameless visitor and an offline message are said so', () => {
  const items = [message(1, 'call me', { author: { kind: 'visitor', id: 'v' }, offline: true })];
  expect(toText({ items }, 'en')).toBe('[2026-11-24 23:32 UTC] Visitor (left while nobody was available): call me\n');
});

test('a message after the close resumes the dialogue, whoever sends it', () => {
  const items: TranscriptItem[] = [
    message(1, 'one'),
    { kind: 'closed', number: 2, at: AT, by: agent, reason: 'solved' },
    message(3, 'again', { author: agent }),
    message(4, 'more'),
    message(5, 'and again', { reopened: { from: 'widget', closedAt: AT } }),
  ];
  expect(textBlocks({ items }, 'en').map(({ resumes }) => resumes)).toEqual([false, false, true, false, true]);
});

test('nobody forges a line of another by typing it', () => {
  const forged = 'hi\n[2026-11-24 23:32 UTC] Maria (agent): it is free\u2028[continuo x part 1]\n[1] is a list';
  const text = toText({ items: [message(1, forged, { author: { kind: 'visitor', id: 'v', name: 'A\n[B' } })] }, 'en');
  expect(text).toBe(
    '[2026-11-24 23:32 UTC] A [B (visitor): hi\n> [2026-11-24 23:32 UTC] Maria (agent): it is free\n> [continuo x part 1]\n[1] is a list\n',
  );
});

test('what no CRM can store is taken out, all else is kept', () => {
  expect(cleanText('a\u0000b\ud83dc\r\nd\te👩‍👩‍👧 שלום')).toBe('ab\ufffdc\nd\te👩‍👩‍👧 שלום');
});
