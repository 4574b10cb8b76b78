// What a service can do with its own rights beyond what permissions can see: the server answers where the asker says, and asks nobody whether he may write there.
// Decision 0006 says what follows from it. Each line here was tried with the identity of crm-sync; one that changes is a change of that page.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newId, timerSubject } from '@continuo/contracts';
import { startNats } from '@continuo/servers';
import { eventually } from '@continuo/testing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { headers, type MsgHdrs } from '@nats-io/transport-node';
import { type Bus, connectBus, IDENTITIES, permissionsOf, provision, schedule } from '../src/index.ts';

const site = newId();
let dir: string;
let server: Awaited<ReturnType<typeof startNats>>;
let admin: Bus;
let crm: Bus;
let mail: Bus;
let conversation: Bus;
const as = (name: string) => connectBus({ name, url: server.url, user: name, password: name });

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'continuo-redirected-'));
  server = await startNats({
    dir,
    users: [
      { user: 'admin', password: 'admin' },
      ...IDENTITIES.map((user) => ({ user, password: user, permissions: permissionsOf(user) })),
    ],
  });
  admin = await as('admin');
  await provision(admin);
  [crm, mail, conversation] = [await as('crm-sync'), await as('email-fallback'), await as('conversation')];
});
afterAll(async () => {
  for (const bus of [crm, mail, conversation, admin]) await bus?.[Symbol.asyncDispose]();
  await server?.stop();
  await rm(dir, { recursive: true, force: true });
});

const aDialogue = (): string => `conversation.${site}.${newId()}`;
const lastOn = (stream: string, subject: string) =>
  admin.jsm.streams.getMessage(stream, { last_by_subj: subject }).catch(() => null);
/** Stored where only conversation may write: the type it claims, and what it says. */
const stored = (stream: string, subject: string): Promise<[string | undefined, string]> =>
  eventually(async () => {
    const message = await lastOn(stream, subject);
    if (!message) throw new Error(`nothing on ${subject}`);
    return [message.header?.get('Continuo-Type'), new TextDecoder().decode(message.data)];
  });
const claiming = (type: string): MsgHdrs => {
  const result = headers();
  result.set('Continuo-Type', type);
  return result;
};

test('left open: what crm-sync asks JetStream for is written where crm-sync says, headers and all', async () => {
  const original = aDialogue();
  await conversation.js.publish(original, '{"text":"said elsewhere"}', { headers: claiming('message-sent') });
  const [acknowledgement, copy, told, forged] = [aDialogue(), aDialogue(), aDialogue(), aDialogue()];
  const parked = `parked.crm-sync.a-reason.${newId()}`;

  crm.nc.publish(`crm.${site}.${newId()}`, '{}', { reply: acknowledgement });
  expect(await stored('CONVERSATION', acknowledgement)).toEqual(['', expect.stringContaining('"stream":"CRM"')]);
  crm.nc.publish('$JS.API.CONSUMER.INFO.CONVERSATION.crm-sync', '', { reply: told });
  expect(await stored('CONVERSATION', told)).toEqual(['', expect.stringContaining('consumer_info_response')]);
  crm.nc.publish(`$JS.API.DIRECT.GET.CONVERSATION.${original}`, '', { reply: copy });
  expect(await stored('CONVERSATION', copy)).toEqual(['message-sent', '{"text":"said elsewhere"}']);

  await crm.js.publish(parked, '{"text":"said by nobody"}', { headers: claiming('message-sent') });
  crm.nc.publish(`$JS.API.DIRECT.GET.DEAD_LETTERS.${parked}`, '', { reply: forged });
  expect(await stored('CONVERSATION', forged)).toEqual(['message-sent', '{"text":"said by nobody"}']);
  crm.nc.publish(`$JS.API.DIRECT.GET.DEAD_LETTERS.${parked}`, '', { reply: `$KV.settings.site.${site}` });
  expect((await stored('KV_settings', `$KV.settings.site.${site}`))[1]).toBe('{"text":"said by nobody"}');
});

test('left open: crm-sync cancels a timer of email-fallback', async () => {
  const key = newId();
  const set = timerSubject('set', 'email-fallback', 'unread-answer-due', key);
  const data = { site, conversation: key };
  await schedule(mail, 'unread-answer-due', key, Date.now() + 3_600_000, data);
  expect(await lastOn('TIMERS', set)).not.toBeNull();
  const head = headers();
  head.set('Nats-Schedule-Next', 'purge');
  head.set('Nats-Scheduler', set);
  await crm.js.publish(timerSubject('cancel', 'crm-sync', 'sync-due', key), '', { headers: head });
  await eventually(async () => expect(await lastOn('TIMERS', set)).toBeNull());
});

test('left open: with an answer crm-sync empties a stream, and removes one', async () => {
  await conversation.js.publish(`desk.${site}`, '{}');
  // Nothing is parked there: the answer is empty, as these requests are.
  const nothing = `$JS.API.DIRECT.GET.DEAD_LETTERS.parked.crm-sync.a-reason.${newId()}`;
  crm.nc.publish(nothing, '', { reply: '$JS.API.STREAM.PURGE.DESK' });
  await eventually(async () => expect((await admin.jsm.streams.info('DESK')).state.messages).toBe(0));
  crm.nc.publish(nothing, '', { reply: '$JS.API.STREAM.DELETE.MAIL' });
  await eventually(() => expect(admin.jsm.streams.info('MAIL')).rejects.toThrow(/stream not found/));
});

test('closed: no timer fires into another stream, and what is handed out is not stored', async () => {
  const [target, pulled] = [aDialogue(), aDialogue()];
  const astray = headers();
  astray.set('Nats-Schedule', `@at ${new Date(Date.now() - 1_000).toISOString()}`);
  astray.set('Nats-Schedule-Target', target);
  crm.nc.publish(timerSubject('set', 'crm-sync', 'sync-due', newId()), '{}', { headers: astray });
  // One that may fire, set later, has fired.
  const key = newId();
  await schedule(crm, 'sync-due', key, Date.now() - 1_000, { site, conversation: key });
  const due = timerSubject('due', 'crm-sync', 'sync-due', key);
  await eventually(async () => expect(await lastOn('TIMERS', due)).not.toBeNull());
  crm.nc.publish('$JS.API.CONSUMER.MSG.NEXT.TIMERS.crm-sync-timers', '{"batch":1}', { reply: pulled });
  await eventually(async () =>
    expect((await admin.jsm.consumers.info('TIMERS', 'crm-sync-timers')).num_ack_pending).toBe(1),
  );
  for (const subject of [target, pulled]) expect(await lastOn('CONVERSATION', subject)).toBeNull();
});
