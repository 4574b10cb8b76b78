// From the stored answer, or the visitor's wish to have the dialogue, to his mailbox, on real servers, by the test clock.
import { eventually, figure } from '@continuo/testing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ANNA, answered, asked, IVO, identified, leftOffline, seen, started, wanted } from './dialogue.ts';
import { DELAY_MS, type Mailroom, openMailroom } from './mailroom.ts';

let room: Mailroom;
beforeAll(async () => {
  room = await openMailroom({ env: { CONTINUO_METRICS: '1' } });
});
afterAll(async () => room[Symbol.asyncDispose]());

/** Past the delay: whatever is due goes out, then nothing is in hand. */
async function wait(milliseconds = DELAY_MS + 1_000): Promise<void> {
  await room.world.clock.advance(milliseconds);
  await room.idle();
}

test('an answer that the visitor has not seen is mailed once after the delay; a seen one never', async () => {
  const [unseen, read, writing] = [room.dialogue(), room.dialogue(), room.dialogue()];
  for (const dialogue of [unseen, read, writing]) {
    await dialogue.write(started('Есть ли с белыми ножками?', { email: dialogue.email }), answered('Да, все шесть.'));
    await dialogue.timerSet();
  }
  await wait(DELAY_MS - 60_000);
  expect(unseen.mails()).toEqual([]);

  await read.write(seen(2));
  await writing.write(asked('Спасибо!'));
  await wait();
  await wait();
  expect(read.mails()).toEqual([]);
  expect(writing.mails()).toEqual([]);

  const [mail, ...more] = await unseen.mailed(1);
  expect(more).toEqual([]);
  expect(mail).toMatchObject({
    from: '"Анна Петрова (Nordhem)" <desk@nordhem.example>',
    to: [unseen.email],
    replyTo: null,
    messageId: `<${unseen.id}.2@nordhem.example>`,
    inReplyTo: null,
    references: [],
  });
  expect(mail?.subject).toMatch(/^Re: Есть ли с белыми ножками\? \[№ [0-9A-Z]{4}-[0-9A-Z]{4}\]$/);
  expect(mail?.text).toContain('Да, все шесть.');
  expect(mail?.html).toContain('Да, все шесть.');
  expect(mail?.headers.map(({ name }) => name.toLowerCase())).not.toContain('auto-submitted');
  expect(await unseen.journal()).toMatchObject([{ state: 'sent', answers: [2], upTo: 2, reported: true }]);
  expect(await unseen.reports()).toEqual([{ type: 'mail-sent', data: { messageId: mail?.messageId, upTo: 2 } }]);
});

test('what waits for the mail server grows old where one can see it; a mail that is settled is counted', async () => {
  const { port } = room.world.running('email-fallback')[0] as { port: number };
  const oldest = () => figure(port, 'continuo_consumer_oldest_seconds{consumer="email-fallback-timers"}');
  const sent = async () => (await figure(port, 'continuo_mail_settled_total{state="sent"}')) ?? 0;
  const [before, dialogue] = [await sent(), room.dialogue()];
  await room.world.mail.refuseConnections();
  await dialogue.write(started('Hello?', { email: dialogue.email }), answered('The answer'));
  await dialogue.timerSet();
  await room.world.clock.advance(DELAY_MS + 1_000);
  await eventually(async () => expect(await oldest()).toBeGreaterThan(1));
  await room.world.mail.acceptConnections();
  await dialogue.mailed(1);
  await room.idle();
  expect(await oldest()).toBeLessThan(1);
  expect(await sent()).toBe(before + 1);
});

test('answers that wait go together; later ones follow in the same thread after the delay again', async () => {
  const dialogue = room.dialogue();
  await dialogue.write(started('Hello?', { email: dialogue.email, language: 'en' }), answered('First answer', ANNA));
  await dialogue.write(answered('Second answer', IVO));
  await dialogue.timerSet();
  await wait();
  const [first] = await dialogue.mailed(1);
  expect(first?.text).toMatch(/First answer[\s\S]*Second answer/);

  await dialogue.write(answered('Third answer'));
  await dialogue.timerSet();
  await wait();
  const [, second, ...none] = await dialogue.mailed(2);
  expect(none).toEqual([]);
  expect(second).toMatchObject({ subject: first?.subject, inReplyTo: first?.messageId });
  expect([second?.references].flat()).toEqual([first?.messageId]);

  await dialogue.write(answered('Fourth answer'));
  await dialogue.timerSet();
  await wait();
  const [, , third] = await dialogue.mailed(3);
  expect(third).toMatchObject({ inReplyTo: second?.messageId, references: [first?.messageId, second?.messageId] });
  expect(third?.text).not.toMatch(/^Third answer$/m);
});

test('an e-mail that becomes known after the answer brings the answer to it', async () => {
  const dialogue = room.dialogue();
  await dialogue.write(started('Hello?'), answered('The answer'));
  await dialogue.timerSet();
  await wait();
  await dialogue.write(identified(dialogue.email));
  await dialogue.timerSet();
  await wait();
  expect((await dialogue.mailed(1)).map(({ to }) => to)).toEqual([[dialogue.email]]);
});

test('a message left offline is not mailed back; its answer is', async () => {
  const dialogue = room.dialogue();
  await dialogue.write(leftOffline('Call me tomorrow', dialogue.email));
  await dialogue.timerSet();
  await wait();
  expect(dialogue.mails()).toEqual([]);
  await dialogue.write(answered('We will'));
  await dialogue.timerSet();
  await wait();
  expect(await dialogue.mailed(1)).toHaveLength(1);
});

test('a dialogue that was asked for is mailed at once and once, as it was then; answers not seen are mailed as ever', async () => {
  const dialogue = room.dialogue();
  await dialogue.write(started('Есть с белыми ножками?', { email: dialogue.email }), answered('Да, все шесть.'));
  await dialogue.write(wanted(dialogue.email), answered('И ещё чёрные.'));
  const [first, ...more] = await dialogue.mailed(1);
  expect(more).toEqual([]);
  expect(first).toMatchObject({
    from: '"Nordhem" <desk@nordhem.example>',
    to: [dialogue.email],
    messageId: `<${dialogue.id}.t3@nordhem.example>`,
    references: [],
  });
  expect(first?.subject).toMatch(/^Ваш разговор с Nordhem \[№ [0-9A-Z]{4}-[0-9A-Z]{4}\]$/);
  for (const body of [first?.text, first?.html]) {
    expect(body).toMatch(/Есть с белыми ножками\?[\s\S]*Да, все шесть\./);
    expect(body).toContain('попросили прислать этот разговор');
    expect(body).not.toContain('И ещё чёрные.');
  }
  // The mail is there a moment before the journal says so.
  await eventually(async () =>
    expect(await dialogue.reports()).toEqual([{ type: 'mail-sent', data: { messageId: first?.messageId, upTo: 3 } }]),
  );

  await dialogue.timerSet();
  await wait();
  const [, answers, ...none] = await dialogue.mailed(2);
  expect(none).toEqual([]);
  expect(answers).toMatchObject({ messageId: `<${dialogue.id}.4@nordhem.example>`, references: [] });
  expect(answers?.text).toMatch(/Да, все шесть\.[\s\S]*И ещё чёрные\./);
  await eventually(async () =>
    expect(await dialogue.journal()).toMatchObject([
      { ordinal: -3, state: 'sent', to: dialogue.email },
      { ordinal: 1, state: 'sent', answers: [2, 4] },
    ]),
  );
});
