import { newId } from '@continuo/contracts/ids';
import { expect, test } from '@jest/globals';
import { expectNoLeaks, keepOut, keepOutOf, leaksIn } from './leaks.ts';

test('what was sent is found in a log, a metric and a trace, however it is written there', () => {
  keepOut('Where is my "oak" table, ordered on Monday?');
  keepOut('Где мой дубовый стол?');
  for (const output of [
    'Where is my "oak" table, ordered on Monday?',
    JSON.stringify({ msg: 'A line.', text: 'Where is my "oak" table, ordered on Monday?' }),
    JSON.stringify({ err: JSON.stringify({ text: 'Where is my "oak" table, ordered on Monday?' }) }),
    'continuo_frames_total{text="Где мой дубовый стол?"} 1',
  ])
    expect(leaksIn(`first line\n${output}\nlast line`)).toHaveLength(1);
  expect(() => expectNoLeaks({ gateway: '{"preview":"Где мой дубовый стол?"}' })).toThrow(
    /gateway: “Где мой дубовый стол/,
  );
  expect(() => expectNoLeaks({ gateway: '{"preview":"[kept out of the log]"}' })).not.toThrow();
});

test('of a long line the finder shows what stands around, once however often it is said', () => {
  keepOut('a whispered secret');
  const spans = '{"name":"frame visitor command"},'.repeat(1_000);
  const found = leaksIn(
    `${spans}{"key":"text","value":"a whispered secret"}${spans}{"key":"again","value":"a whispered secret"}`,
  );
  expect(found).toEqual([expect.stringContaining('{"key":"text","value":"a whispered secret"}')]);
  expect(found[0]?.length).toBeLessThan(2_000);
});

test('of a frame the words and secrets are kept out, its kind, names and ids are not', () => {
  const conversation = newId();
  keepOutOf({
    t: 'command',
    id: newId(),
    name: 'leave-offline-message',
    data: {
      conversation,
      text: 'Call me tonight',
      email: 'lea@visitor.example',
      page: { url: 'http://shop.example/reset/4711' },
    },
  });
  keepOutOf({ t: 'welcome', token: `${conversation}.signed-by-the-gateway` });
  for (const leak of [
    'Call me tonight',
    'lea@visitor.example',
    'http://shop.example/reset/4711',
    'signed-by-the-gateway',
  ])
    expect([leak, leaksIn(`x ${leak.startsWith('signed') ? `${conversation}.${leak}` : leak} x`)]).toEqual([
      leak,
      [expect.any(String)],
    ]);
  expect(leaksIn(`leave-offline-message ${conversation} command`)).toEqual([]);
});

test('what a connection to another system is given is kept out, whatever its field is called', () => {
  keepOutOf({
    connection: {
      connector: 'webhook',
      credentials: { consumer: 'known-to-the-crm', nested: { pin: 'four-and-four' }, username: 'crm-robot' },
    },
    secret: 'signs-every-hook',
    key: 'opens-every-door',
    clientSecret: 'of-the-application',
  });
  for (const leak of [
    'known-to-the-crm',
    'four-and-four',
    'signs-every-hook',
    'opens-every-door',
    'of-the-application',
  ])
    expect([leak, leaksIn(`x ${leak} x`)]).toEqual([leak, [expect.any(String)]]);
  expect(leaksIn('x crm-robot x')).toEqual([]);
});
