// The SMTP side on a real mail server: nothing is complete before the claim, and one mail's trouble is not the next one's.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type MailCatcher, startMailCatcher } from '@continuo/servers';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { Letter } from '../src/domain/compose.ts';
import { connectMailer, type Mailer, MailServerAwayError } from '../src/smtp.ts';

let dir: string;
let catcher: MailCatcher;
let mailer: Mailer;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'continuo-smtp-'));
  catcher = await startMailCatcher({ dir });
  mailer = connectMailer(catcher.smtpUrl.replace('://', '://desk:secret@'));
});
afterAll(async () => {
  mailer[Symbol.dispose]();
  await catcher.stop();
  await rm(dir, { recursive: true });
});
beforeEach(() => catcher.clear());

let count = 0;
const letter = (more: Partial<Letter> = {}): Letter => ({
  from: { name: 'Анна, "Nordhem" <x>', address: 'desk@nordhem.example' },
  to: 'elena@arka.example',
  subject: 'Re: Åre 160 🙂 [№ 4K7Q-2M9X]',
  messageId: `<${++count}@nordhem.example>`,
  references: [],
  html: '<p>Да 👩‍👩‍👧‍👧</p>',
  text: 'Да 👩‍👩‍👧‍👧\n.\n..\n',
  ...more,
});
const at = new Date('2026-11-21T14:21:00Z');
const yes = async () => true;

test('a mail arrives as it was written, at the product’s time', async () => {
  const sent = letter({ references: ['<a@x>', '<b@x>'] });
  expect(await mailer.send(sent, at, yes)).toEqual({ kind: 'taken' });
  const [mail] = catcher.mails();
  expect(mail).toMatchObject({
    from: '"Анна, \\"Nordhem\\" <x>" <desk@nordhem.example>',
    subject: sent.subject,
    messageId: sent.messageId,
    inReplyTo: '<b@x>',
    references: ['<a@x>', '<b@x>'],
  });
  expect(mail?.text).toBe(sent.text);
  expect(mail?.html?.trim()).toBe(sent.html);
  expect(mail?.headers.find(({ name }) => name === 'Date')?.value).toBe('Sat, 21 Nov 2026 14:21:00 +0000');
});

test('a mail that another try has claimed does not arrive, and the next one does', async () => {
  expect(await mailer.send(letter(), at, async () => false)).toEqual({ kind: 'claimed-elsewhere' });
  expect(await mailer.send(letter(), at, yes)).toEqual({ kind: 'taken' });
  expect(catcher.mails()).toHaveLength(1);
});

test('a claim that fails stops the mail and is thrown on as it is', async () => {
  const fault = new Error('the journal does not answer');
  await expect(mailer.send(letter({ text: 'long '.repeat(100_000) }), at, () => Promise.reject(fault))).rejects.toBe(
    fault,
  );
  expect(catcher.mails()).toEqual([]);
});

test('the claim is asked once, and only when the server has taken the recipient', async () => {
  let claims = 0;
  const claim = async () => ++claims > 0;
  catcher.fail({ code: 550, times: 1, at: 'recipient' });
  expect(await mailer.send(letter(), at, claim)).toMatchObject({
    kind: 'refused',
    words: expect.stringContaining('550'),
  });
  expect(claims).toBe(0);
  await mailer.send(letter(), at, claim);
  expect(claims).toBe(1);
});

test.each([
  [451, 'not-now'],
  [452, 'not-now'],
  [550, 'refused'],
  [554, 'refused'],
] as const)('a complete mail answered with %i is %s', async (code, kind) => {
  catcher.fail({ code, times: 1 });
  expect(await mailer.send(letter(), at, yes)).toMatchObject({ kind });
});

test('a mail whose answer was lost is unknown, not sent again by the pool', async () => {
  catcher.loseAnswers(1);
  expect(await mailer.send(letter(), at, yes)).toMatchObject({ kind: 'unknown' });
  expect(await mailer.send(letter(), at, yes)).toEqual({ kind: 'taken' });
  expect(catcher.mails()).toHaveLength(2);
});

test('a server that cannot be reached, or shuts the door, is away; when it is back mails go out', async () => {
  await catcher.refuseConnections();
  await expect(mailer.send(letter(), at, yes)).rejects.toBeInstanceOf(MailServerAwayError);
  await catcher.acceptConnections();
  catcher.fail({ code: 421, times: 1, at: 'recipient' });
  await expect(mailer.send(letter(), at, yes)).rejects.toBeInstanceOf(MailServerAwayError);
  expect(await mailer.send(letter(), at, yes)).toEqual({ kind: 'taken' });
});

test('twenty mails at once all arrive', async () => {
  const letters = Array.from({ length: 20 }, () => letter());
  expect(await Promise.all(letters.map((one) => mailer.send(one, at, yes)))).toEqual(
    letters.map(() => ({ kind: 'taken' })),
  );
  expect(
    catcher
      .mails()
      .map(({ messageId }) => messageId)
      .sort(),
  ).toEqual(letters.map(({ messageId }) => messageId).sort());
});
