// Exactly once, as far as SMTP allows: crashes, outages, refusals and lost answers of the mail server, two replicas.
import { eventually } from '@continuo/testing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { answered, seen, started } from './dialogue.ts';
import { DELAY_MS, type Dialogue, type Mailroom, openMailroom } from './mailroom.ts';

let room: Mailroom;
beforeAll(async () => {
  room = await openMailroom({ services: { 'email-fallback': 2 }, env: { CONTINUO_MAIL_CONFIRM_SECONDS: '1' } });
});
afterAll(async () => room[Symbol.asyncDispose]());

async function withUnseenAnswer(): Promise<Dialogue> {
  const dialogue = room.dialogue();
  await dialogue.write(started('Hello?', { email: dialogue.email, language: 'en' }), answered('The answer'));
  await dialogue.timerSet();
  return dialogue;
}
const pastTheDelay = () => room.world.clock.advance(DELAY_MS + 1_000);
async function restartBoth(): Promise<void> {
  for (const _ of [1, 2]) {
    await room.world.kill('email-fallback');
    await room.world.start('email-fallback');
  }
}
async function settled(dialogue: Dialogue) {
  return eventually(
    async () => {
      const [mail] = await dialogue.journal();
      if (!mail?.reported) throw new Error(`the mail is ${mail?.state ?? 'not there'}`);
      return mail;
    },
    { withinMs: 90_000 },
  );
}

test('replicas killed at the moment a mail arrives, and killed again later, mail it no second time', async () => {
  const dialogues = await Promise.all(Array.from({ length: 8 }, withUnseenAnswer));
  const first = room.world.mail.waitFor(({ to }) => dialogues.some(({ email }) => to.includes(email)));
  await pastTheDelay();
  await first;
  await restartBoth();
  for (const dialogue of dialogues) await settled(dialogue);
  await restartBoth();
  await pastTheDelay();
  await room.idle();
  for (const dialogue of dialogues) {
    const [mail, ...others] = await dialogue.journal();
    expect(others).toEqual([]);
    expect(dialogue.mails().length).toBeLessThanOrEqual(1);
    // Unconfirmed is the one case in which nobody can know; a mail that is said to be sent is there.
    if (mail?.state === 'sent') expect(dialogue.mails()).toHaveLength(1);
    else expect(mail?.state).toBe('unconfirmed');
  }
});

test('while the mail server refuses connections no attempt is lost; afterwards each answer still unseen is mailed once', async () => {
  await room.world.mail.refuseConnections();
  const [unseen, seenMeanwhile] = [await withUnseenAnswer(), await withUnseenAnswer()];
  await pastTheDelay();
  for (const dialogue of [unseen, seenMeanwhile])
    await eventually(async () => expect(await dialogue.journal()).toMatchObject([{ state: 'prepared', attempts: 0 }]));
  await restartBoth();
  await seenMeanwhile.write(seen(2));
  await unseen.write(answered('Another answer'));
  await room.world.mail.acceptConnections();

  const [mail] = await unseen.mailed(1);
  expect(mail?.text).toMatch(/The answer[\s\S]*Another answer/);
  await room.idle();
  await pastTheDelay();
  await room.idle();
  expect(unseen.mails()).toHaveLength(1);
  expect(seenMeanwhile.mails()).toEqual([]);
  expect(await seenMeanwhile.journal()).toEqual([]);
  expect(await room.parked()).toBe(0);
});

test('a mail refused for good is not sent again, and the journal and the console say why', async () => {
  const dialogue = await withUnseenAnswer();
  room.world.mail.fail({ code: 550, times: 1, at: 'recipient' });
  await pastTheDelay();
  expect(await settled(dialogue)).toMatchObject({ state: 'failed', words: expect.stringContaining('550') });
  await pastTheDelay();
  await room.idle();
  expect(dialogue.mails()).toEqual([]);
  expect(await dialogue.reports()).toEqual([
    { type: 'mail-failed', data: { words: expect.stringContaining('The mail server refused the mail'), upTo: 2 } },
  ]);
});

test.each(['recipient', 'data'] as const)('a mail put off at the %s is offered again and arrives once', async (at) => {
  const dialogue = await withUnseenAnswer();
  room.world.mail.fail({ code: 451, times: 1, at });
  await pastTheDelay();
  await eventually(async () =>
    expect(await dialogue.journal()).toMatchObject([
      { state: 'prepared', attempts: 1, words: expect.stringContaining('451') },
    ]),
  );
  await dialogue.timerSet();
  await room.world.clock.advance(61_000);
  expect(await settled(dialogue)).toMatchObject({ state: 'sent' });
  await room.idle();
  expect(dialogue.mails()).toHaveLength(1);
});

test('a mail whose confirmation was lost is not sent again; a person is told', async () => {
  const dialogue = await withUnseenAnswer();
  room.world.mail.loseAnswers(1);
  await pastTheDelay();
  expect(await settled(dialogue)).toMatchObject({ state: 'unconfirmed' });
  await restartBoth();
  await pastTheDelay();
  await room.idle();
  expect(dialogue.mails()).toHaveLength(1);
  expect(await dialogue.reports()).toMatchObject([
    { type: 'mail-failed', data: { words: expect.stringContaining('not sent again') } },
  ]);
});

test('the words of visitors and agents, and addresses, are not in the logs', async () => {
  const logs = await room.world.logs();
  for (const secret of ['The answer', 'Hello?', '@visitor.example']) expect(logs).not.toContain(secret);
});
