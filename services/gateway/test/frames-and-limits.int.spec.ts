// What does not fit is answered as such; what is too much has to wait, and then it is taken. The limits of this world are small.

import { newId } from '@continuo/contracts';
import { eventually, startWorld, type World } from '@continuo/testing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type RawSocket, rawSocket } from './raw-socket.ts';

let world: World;
let gateway: string;
beforeAll(async () => {
  world = await startWorld({
    services: { gateway: 1, conversation: 1 },
    env: {
      CONTINUO_LIMIT_FRAMES_PER_SOCKET: '100',
      CONTINUO_LIMIT_COMMANDS_PER_VISITOR: '20',
      CONTINUO_LIMIT_STARTS_PER_VISITOR: '18',
      CONTINUO_LIMIT_STARTS_PER_ADDRESS: '30',
      CONTINUO_LIMIT_PAGES_PER_ADDRESS: '40',
      CONTINUO_LIMIT_SOCKETS_PER_ADDRESS: '12',
    },
  });
  gateway = world.gateways()[0] as string;
});
afterAll(async () => {
  await world?.[Symbol.asyncDispose]();
});

const fromShop = () => ({ Origin: world.site.origins[0] as string });
const hello = () => ({ t: 'hello', v: 1, site: world.site.id, language: 'en' });
async function welcomed(): Promise<RawSocket> {
  const socket = await rawSocket(gateway, 'visitor', fromShop());
  socket.say(hello());
  await socket.heard('welcome');
  return socket;
}
const command = (name: string, data: unknown, id: string = newId()) => ({ t: 'command', id, name, data });
const start = (text: string) => command('start-conversation', { text, language: 'en' });

test('what does not fit the protocol is answered as such, and the socket goes on', async () => {
  await using socket = await rawSocket(gateway, 'visitor', fromShop());
  for (const nonsense of ['', 'x', '[]', 'null', '{"t":"welcome"}', '{"t":"ping"}', { ...hello(), extra: 1 }])
    socket.say(nonsense);
  await eventually(() => expect(socket.frames).toHaveLength(7));
  expect(socket.frames.every(({ t, code, fatal }) => t === 'error' && code === 'bad-frame' && fatal === false)).toBe(
    true,
  );
  socket.say({ t: 'page', page: { url: 'http://shop.example/' } });
  await eventually(() => expect(socket.frames).toHaveLength(8));
  socket.say(hello());
  await socket.heard('welcome');
  socket.say({ t: 'command', id: newId(), name: 'take', data: {} });
  await eventually(() => expect(socket.frames.filter(({ t }) => t === 'error')).toHaveLength(9));

  await using old = await rawSocket(gateway, 'visitor', fromShop());
  old.say({ ...hello(), v: 2 });
  expect(await old.heard('error')).toMatchObject({ code: 'version', fatal: true });
  await using large = await rawSocket(gateway, 'visitor', fromShop());
  large.say({ t: 'x', text: 'x'.repeat(70_000) });
  await eventually(() => expect(large.closed()).toBe(1009));
});

test('hello is said once; a second one is answered as unfit and changes nothing', async () => {
  await using socket = await welcomed();
  socket.say(hello());
  expect(await socket.heard('error')).toMatchObject({ code: 'bad-frame', fatal: false });
  socket.say(start('still here'));
  await eventually(() => expect(JSON.stringify(socket.frames)).toContain('still here'));
  expect(socket.frames.filter(({ t }) => t === 'welcome')).toHaveLength(1);

  await using hasty = await rawSocket(gateway, 'visitor', fromShop());
  for (let index = 0; index < 3; index++) hasty.say(hello());
  await hasty.heard('welcome');
  hasty.say({ t: 'ping', n: 1 });
  await hasty.heard('pong');
  expect(hasty.frames.filter(({ t }) => t === 'welcome')).toHaveLength(1);
});

test('whoever sends too many commands is told how long to wait, and the one he repeats then is taken', async () => {
  await using socket = await welcomed();
  for (let index = 0; index < 20; index++) socket.say(command('close', { conversation: newId(), reason: 'left' }));
  const late = start('It was too early for this');
  socket.say(late);
  const refused = await socket.heard('refused', ({ id }) => id === late.id);
  expect(refused).toMatchObject({ refusal: 'too-many', retryAfterMs: expect.any(Number) });
  expect(refused['retryAfterMs']).toBeLessThanOrEqual(3_000);
  await eventually(() => {
    socket.say(late);
    expect(JSON.stringify(socket.frames)).toContain('It was too early for this');
  });
});

test('a visitor who begins dialogue after dialogue is asked to wait, in plain words, and may write on in those he has', async () => {
  await using socket = await welcomed();
  const begin = async (text: string) => {
    const said = start(text);
    socket.say(said);
    return eventually(() => {
      const answer = socket.frames.find(
        (one) => one['id'] === said.id || JSON.stringify(one).includes(`"cause":"${said.id}"`),
      );
      if (!answer) throw new Error(`“${text}” was not answered`);
      return answer;
    });
  };
  for (let index = 0; index < 18; index++) expect((await begin(`dialogue ${index}`))['refusal']).toBeUndefined();
  expect(await begin('one too many')).toMatchObject({
    t: 'refused',
    refusal: 'too-many',
    words: expect.stringContaining('dialogues'),
    retryAfterMs: expect.any(Number),
  });
  const conversation = socket.frames.findLast(({ t }) => t === 'transcript')?.['conversation'];
  socket.say(command('send-message', { conversation, text: 'And one more thing' }));
  await eventually(() => expect(JSON.stringify(socket.frames)).toContain('And one more thing'));
});

test('one address cannot begin conversations without end, by whatever number of visitors', async () => {
  const refusals: unknown[] = [];
  for (let visitor = 0; visitor < 4 && refusals.length === 0; visitor++) {
    await using socket = await welcomed();
    const sent = Array.from({ length: 18 }, (_, index) => start(`spam ${index}`));
    for (const each of sent) socket.say(each);
    const last = sent.at(-1)?.id;
    await eventually(() => expect(JSON.stringify(socket.frames)).toContain(last));
    refusals.push(...socket.frames.filter(({ refusal }) => refusal === 'too-many'));
  }
  expect(refusals[0]).toMatchObject({ retryAfterMs: expect.any(Number) });
});

test('one address cannot fill the tracking stream, and who views too many pages may still write', async () => {
  await using socket = await welcomed();
  for (let index = 0; index < 41; index++) socket.say({ t: 'page', page: { url: `http://shop.example/${index}` } });
  expect(await socket.heard('error')).toMatchObject({
    code: 'too-many',
    fatal: false,
    retryAfterMs: expect.any(Number),
  });
  socket.say(command('close', { conversation: newId(), reason: 'left' }));
  expect(await socket.heard('refused')).toMatchObject({ refusal: 'conversation-unknown' });
});

test('frames beyond the rate of a socket are answered by what they are, so that each is sent again', async () => {
  await using socket = await welcomed();
  for (let index = 0; index < 100; index++) socket.say({ t: 'ping', n: index });
  const late = command('close', { conversation: newId(), reason: 'left' });
  socket.say(late);
  expect(await socket.heard('refused')).toMatchObject({
    id: late.id,
    refusal: 'too-many',
    retryAfterMs: expect.any(Number),
  });
  socket.say({ t: 'delivered', conversation: newId(), upTo: 1 });
  expect(await socket.heard('error')).toMatchObject({ code: 'too-many', fatal: false });
});

test('a flood of frames ends the socket with a code that says later', async () => {
  await using socket = await rawSocket(gateway, 'visitor', fromShop());
  socket.say(hello());
  await socket.heard('welcome');
  for (let index = 0; index < 1_000; index++) socket.say({ t: 'ping', n: index, flood: true });
  await eventually(() => expect(socket.closed()).toBe(1013));
});

test('one address holds only so many sockets; when one ends another may come', async () => {
  const sockets: RawSocket[] = [];
  try {
    while (sockets.length < 13) sockets.push(await rawSocket(gateway, 'visitor', fromShop()));
    const surplus = sockets.at(-1) as RawSocket;
    expect(await surplus.heard('error')).toMatchObject({ code: 'too-many', retryAfterMs: expect.any(Number) });
    await eventually(() => expect(surplus.closed()).toBe(1013));
  } finally {
    for (const socket of sockets) await socket[Symbol.asyncDispose]();
  }
  await eventually(async () => {
    await using next = await welcomed();
    expect(next.closed()).toBeUndefined();
  });
});
