// Which unseen answers are mailed, and when.
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  answered,
  asked,
  CONVERSATION,
  dialogue,
  identified,
  leftOffline,
  SITE,
  seen,
  started,
} from '../../test/dialogue.ts';
import { due } from './due.ts';
import type { MailRecord, MailState } from './mail-record.ts';

const EMAIL = 'elena@arka.example';
const DELAY = { delayMs: 60_000 };
const LATER = { ...DELAY, now: 10_000_000 };

function mail(ordinal: number, upTo: number, state: MailState, more: Partial<MailRecord> = {}): MailRecord {
  return {
    _id: `${CONVERSATION}:${ordinal}`,
    site: SITE,
    conversation: CONVERSATION,
    ordinal,
    answers: [upTo],
    upTo,
    to: EMAIL,
    messageId: `<${upTo}@shop.example>`,
    state,
    preparedAt: 0,
    attempts: 0,
    reported: true,
    ...more,
  };
}
const numbers = (found: ReturnType<typeof due>) =>
  found.what === 'mail' ? found.answers.map(({ number }) => number) : found.what;

test('an answer that the visitor has not seen within the delay is mailed', () => {
  const transcript = dialogue(started('Hello?', { email: EMAIL }), answered('Yes'));
  expect(due(transcript, [], { ...DELAY, now: 61_999 })).toEqual({ what: 'wait', until: 62_000 });
  expect(due(transcript, [], { ...DELAY, now: 62_000 })).toMatchObject({
    what: 'mail',
    to: EMAIL,
    ordinal: 1,
    upTo: 2,
  });
});

test('an answer that was seen is not mailed', () => {
  expect(due(dialogue(started('Hello?', { email: EMAIL }), answered('Yes'), seen(2)), [], LATER)).toEqual({
    what: 'nothing',
  });
});

test('whoever wrote after an answer has seen it', () => {
  expect(due(dialogue(started('Hello?', { email: EMAIL }), answered('Yes'), asked('Thanks')), [], LATER)).toEqual({
    what: 'nothing',
  });
});

test('without an e-mail nothing is due; with one that comes later, it is', () => {
  const before = [started('Hello?'), answered('Yes')];
  expect(due(dialogue(...before), [], LATER)).toEqual({ what: 'nothing' });
  expect(due(dialogue(...before, identified()), [], LATER)).toEqual({ what: 'nothing' });
  expect(numbers(due(dialogue(...before, identified(EMAIL)), [], LATER))).toEqual([2]);
});

test('only answers are mailed, never what the visitor left himself', () => {
  expect(due(dialogue(leftOffline('Call me', EMAIL)), [], LATER)).toEqual({ what: 'nothing' });
  expect(numbers(due(dialogue(leftOffline('Call me', EMAIL), answered('We will')), [], LATER))).toEqual([2]);
});

test('all unseen answers go together, as soon as the oldest has waited long enough', () => {
  const transcript = dialogue(started('Hello?', { email: EMAIL }), answered('One'), seen(2), answered('Two'), {
    ...answered('Three'),
    at: 60_000,
  });
  expect(numbers(due(transcript, [], { ...DELAY, now: 64_000 }))).toEqual([4, 5]);
});

test('an answer after a mail is due again by itself, as the next mail', () => {
  const transcript = dialogue(started('Hello?', { email: EMAIL }), answered('One'), answered('Two'));
  const found = due(transcript, [mail(1, 2, 'sent')], LATER);
  expect(numbers(found)).toEqual([3]);
  expect(found).toMatchObject({ ordinal: 2, upTo: 3 });
});

test('a mail that may have gone out is never followed by another with the same answers', () => {
  const transcript = dialogue(started('Hello?', { email: EMAIL }), answered('One'));
  for (const state of ['handing-over', 'sent', 'unconfirmed', 'failed'] as const)
    expect(due(transcript, [mail(1, 2, state)], LATER)).toEqual({ what: 'nothing' });
});

test('an answer refused at one address goes to the address that is known now', () => {
  const transcript = dialogue(started('Hello?', { email: 'typo@arka.exmaple' }), answered('One'), identified(EMAIL));
  expect(due(transcript, [mail(1, 2, 'failed', { to: 'typo@arka.exmaple' })], LATER)).toMatchObject({
    what: 'mail',
    to: EMAIL,
    ordinal: 2,
  });
});

test('a prepared mail is filled anew, and waits as long as the mail server asked', () => {
  const transcript = dialogue(started('Hello?', { email: EMAIL }), answered('One'), answered('Two'));
  const prepared = mail(1, 2, 'prepared', { notBefore: 20_000_000 });
  expect(due(transcript, [prepared], LATER)).toEqual({ what: 'wait', until: 20_000_000 });
  expect(due(transcript, [prepared], { ...DELAY, now: 20_000_000 })).toMatchObject({ ordinal: 1, upTo: 3 });
});

test('however a dialogue goes, each answer is in at most one mail and no seen answer is in any', () => {
  const step = fc.constantFrom('answer', 'ask', 'read', 'look');
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const lines = [started('Hello?', { email: EMAIL })];
      const mails: MailRecord[] = [];
      const mailed: number[] = [];
      for (const what of steps) {
        if (what === 'answer') lines.push(answered('text'));
        if (what === 'ask') lines.push(asked('text'));
        if (what === 'read') lines.push(seen(lines.length));
        const transcript = dialogue(...lines);
        const found = due(transcript, mails, { delayMs: 0, now: lines.length * 1000 });
        if (what !== 'look' || found.what !== 'mail') continue;
        for (const { number, author } of found.answers) {
          expect(author.kind).toBe('agent');
          expect(number).toBeGreaterThan(transcript.read.visitor);
          mailed.push(number);
        }
        mails.push(mail(found.ordinal, found.upTo, 'sent'));
      }
      expect(new Set(mailed).size).toBe(mailed.length);
      expect(mails.map(({ ordinal }) => ordinal)).toEqual(mails.map((_, index) => index + 1));
    }),
  );
});
