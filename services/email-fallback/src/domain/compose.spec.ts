// What the visitor reads in his mailbox.
import { messagesOf, type Transcript, type TranscriptMessage } from '@continuo/transcript';
import { expect, test } from '@jest/globals';
import { answered, asked, CONVERSATION, dialogue, IVO, site, started } from '../../test/dialogue.ts';
import { compose, wayBack } from './compose.ts';
import type { MailRecord } from './mail-record.ts';
import { messageIdOf, referencesOf } from './thread.ts';

const mail = { to: 'elena@arka.example', messageId: messageIdOf(CONVERSATION, 5, site.mail.fromAddress) };

function letter(transcript: Transcript, from = 1, more: Partial<Parameters<typeof compose>[0]> = {}) {
  const answers = messagesOf(transcript).filter(({ author, number }) => author.kind === 'agent' && number >= from);
  return compose({ transcript, answers, mail, thread: [], site, timeZone: 'UTC', ...more });
}

test('the mail comes from the agent and the brand, and its subject is the first question with the ticket', () => {
  const { from, subject, messageId, to } = letter(dialogue(started('Есть ли с белыми ножками?'), answered('Да')));
  expect(from).toEqual({ name: 'Анна Петрова (Nordhem)', address: 'chat@nordhem.example' });
  expect(subject).toBe('Re: Есть ли с белыми ножками? [№ 4K7Q-2M9X]');
  expect(messageId).toBe(`<${CONVERSATION}.5@nordhem.example>`);
  expect(to).toBe('elena@arka.example');
});

test('times are by the clock of the site, where its hours name one', () => {
  const transcript = dialogue(started('Is it there?', { language: 'en' }), answered('Yes'));
  const there = { ...site, hours: { timeZone: 'Asia/Yerevan', week: {} } };
  expect(letter(transcript, 1, { site: there }).text).toMatch(/1 January at 04:0\d GMT\+4/);
  expect(letter(transcript).text).toMatch(/1 January at 00:0\d UTC/);
});

test('of a card the mail has title, picture and buttons, with where they lead', () => {
  const transcript = dialogue(started('Есть?'), answered('Вот он'));
  const answer = messagesOf(transcript).at(-1) as TranscriptMessage;
  answer.card = {
    title: 'Стол <Åre>',
    picture: 'https://nordhem.example/are.jpg',
    buttons: [{ label: 'Беру' }, { label: 'Смотреть', link: 'https://nordhem.example/are?a=1&b=2' }],
  };
  const { html, text } = letter(transcript);
  expect(text).toContain(
    'Стол <Åre>\nВот он\nКартинка: https://nordhem.example/are.jpg\nКнопки: “Беру” · “Смотреть” https://nordhem.example/are?a=1&b=2\n',
  );
  expect(html).toContain('Стол &lt;Åre&gt;<br>Вот он<br>');
});

test('answers stand first, then the way back, then at most three earlier messages', () => {
  const transcript = dialogue(
    started('alpha'),
    asked('bravo'),
    answered('charlie'),
    asked('delta'),
    answered('echo'),
    answered('foxtrot'),
  );
  const { html, text } = letter(transcript, 5);
  for (const body of [html, text]) {
    const places = [
      'echo',
      'foxtrot',
      'Продолжить разговор',
      'Ответить можно в окне чата',
      'До этого в чате',
      'bravo',
      'charlie',
      'delta',
      'elena@arka.example',
      '4K7Q-2M9X',
    ].map((words) => body.lastIndexOf(words));
    expect(places).not.toContain(-1);
    expect([...places].sort((a, b) => a - b)).toEqual(places);
    expect(body).not.toContain('alpha');
  }
});

test('the mail speaks the language of the conversation, or English', () => {
  expect(letter(dialogue(started('Hej', { language: 'sv' }), answered('Ja'))).text).toContain(
    'Continue the conversation',
  );
  expect(letter(dialogue(started('Привет', { language: 'ru-RU' }), answered('Да'))).html).toContain('<html lang="ru">');
});

test('what people write stays text: no markup of theirs gets into the mail', () => {
  const attack = `<img src=x onerror="alert('1')">&`;
  const transcript = dialogue(started(attack), answered(attack, { ...IVO, name: `"><script>` }));
  const { html, text } = letter(transcript);
  expect(html).not.toContain('<img');
  expect(html).not.toContain('<script');
  expect(html).toContain('&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;&amp;');
  expect(text).toContain(attack);
});

test('a file of an answer is named with its size', () => {
  const transcript = dialogue(started('?'), answered('Here:'));
  const files = [{ id: 'f'.repeat(22), name: 'план <1>.pdf', type: 'application/pdf', bytes: 1_200_000 }];
  for (const item of transcript.items) if (item.kind === 'message' && item.author.kind === 'agent') item.files = files;
  const { html, text } = letter(transcript);
  expect(text).toContain('Here:\n');
  expect(text).toContain('Файл: план <1>.pdf · 1.2 MB');
  expect(html).toContain('Here:<br>Файл: план &lt;1&gt;.pdf · 1.2 MB');
});

test('lines of an answer stay lines', () => {
  expect(letter(dialogue(started('?'), answered('a\nb\r\nc'))).html).toContain('a<br>b<br>c');
});

test('answers of two agents each stand under their own name; the last one’s is the sender', () => {
  const { html, from } = letter(dialogue(started('?'), answered('a'), answered('b'), answered('c', IVO)));
  expect(html.match(/font-weight:600;color:#15201c">(Анна Петрова|Ivo)</g)).toHaveLength(2);
  expect(from.name).toBe('Ivo (Nordhem)');
});

test('the button leads to the page of the dialogue, but never to a foreign address that a browser named', () => {
  const origins = ['https://nordhem.example', 'https://shop.nordhem.example:8443'];
  expect(wayBack('https://shop.nordhem.example:8443/tables?id=1#a', origins)).toBe(
    'https://shop.nordhem.example:8443/tables?id=1#a',
  );
  for (const page of [
    'https://evil.example/nordhem.example',
    'javascript:alert(1)',
    'https://nordhem.example.evil.example/',
    'nonsense',
    undefined,
  ])
    expect(wayBack(page, origins)).toBe('https://nordhem.example/');
});

test('a company’s colour carries a text that can be read on it', () => {
  const transcript = dialogue(started('?'), answered('a'));
  expect(letter(transcript, 1, { site: { ...site, accent: '#ffe600' } }).html).toContain(
    'background:#ffe600;color:#10130f',
  );
  expect(letter(transcript, 1, { site: { ...site, accent: '#00205b' } }).html).toContain(
    'background:#00205b;color:#ffffff',
  );
});

test('later mails answer to the earlier ones that may have arrived', () => {
  const thread = [
    { messageId: '<1@x>', state: 'sent' },
    { messageId: '<2@x>', state: 'failed' },
    { messageId: '<3@x>', state: 'unconfirmed' },
  ] as MailRecord[];
  expect(referencesOf(thread)).toEqual(['<1@x>', '<3@x>']);
  const long = Array.from({ length: 40 }, (_, index) => ({ messageId: `<${index}@x>`, state: 'sent' })) as MailRecord[];
  expect(referencesOf(long)).toHaveLength(20);
  expect(referencesOf(long)[0]).toBe('<0@x>');
  expect(referencesOf(long).at(-1)).toBe('<39@x>');
});

test('the same dialogue gives the same mail, byte for byte', () => {
  const transcript = dialogue(started('?'), answered('a'));
  expect(letter(transcript)).toEqual(letter(transcript));
});
