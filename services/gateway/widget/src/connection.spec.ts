import type { ToVisitor } from '@continuo/contracts/frames';
import { newId } from '@continuo/contracts/ids';
import { expect, test } from '@jest/globals';
import { type Line, openConnection, type Surroundings } from './connection.ts';
import { CONVERSATION, givenWorld, SITE, welcome } from './given.ts';

function givenConnection(more: Partial<Surroundings> = {}) {
  const world = givenWorld();
  const lines: Line[] = [];
  const frames: ToVisitor[] = [];
  let tokensRefused = 0;
  const connection = openConnection(
    {
      hello: async () => ({ t: 'hello', v: 1, site: SITE, language: 'en' }),
      onFrame: (frame) => frames.push(frame),
      onLine: (line) => lines.push(line),
      onTokenRefused: () => {
        tokensRefused++;
      },
    },
    { ...world.around, ...more },
  );
  const goLive = async () => {
    await world.gateway().accept();
    world.gateway().say(welcome());
  };
  return { ...world, connection, lines, frames, goLive, tokensRefused: () => tokensRefused };
}
const pings = (sent: { t: string }[]) => sent.filter(({ t }) => t === 'ping').length;

test('the first frame is hello, and the line lives from the welcome on', async () => {
  const { gateway, connection, lines, goLive } = givenConnection();
  expect(connection.send({ t: 'page', page: { url: 'https://shop.example/' } })).toBe(false);
  await goLive();
  expect(gateway().sent[0]).toMatchObject({ t: 'hello', site: SITE });
  expect(lines).toEqual(['live']);
  expect(connection.send({ t: 'page', page: { url: 'https://shop.example/' } })).toBe(true);
});

test('a lost line is tried again without end, at growing distances', async () => {
  const { ends, pass, goLive, lines } = givenConnection();
  await goLive();
  ends[0]?.hangUp();
  expect(lines.at(-1)).toBe('lost');
  const tries: number[] = [];
  for (let i = 0; i < 12; i++) {
    const before = ends.length;
    let waited = 0;
    for (; ends.length === before; waited += 100) pass(100);
    tries.push(waited);
    ends.at(-1)?.hangUp();
  }
  expect(tries[0]).toBeLessThan(2_000);
  expect(tries.at(-1)).toBe(30_000);
  expect([...tries].sort((a, b) => a - b)).toEqual(tries);
});

test('the first socket without a word is given up after four seconds, later ones after ten', () => {
  const { ends, pass } = givenConnection();
  for (const [index, within] of [4_000, 10_000, 10_000].entries()) {
    pass(within - 1);
    expect([index, ends[index]?.closed]).toEqual([index, false]);
    pass(1);
    expect([index, ends[index]?.closed]).toEqual([index, true]);
    for (; ends.length === index + 1; ) pass(1);
  }
});

test('browsers that lost the same gateway do not come back at the same moment', async () => {
  const waited = async (random: number): Promise<number> => {
    const { ends, pass, goLive } = givenConnection({ random: () => random });
    await goLive();
    ends[0]?.hangUp();
    let ms = 0;
    for (; ends.length === 1; ms += 10) pass(10);
    return ms;
  };
  expect(await Promise.all([0, 0.5, 0.99].map(waited))).toEqual([250, 500, 750]);
});

test('silence is answered with a ping, and a ping without an answer with a new socket', async () => {
  const { ends, pass, goLive } = givenConnection();
  await goLive();
  pass(19_000);
  expect(pings(ends[0]?.sent ?? [])).toBe(0);
  pass(1_000);
  expect(pings(ends[0]?.sent ?? [])).toBe(1);
  pass(9_000);
  expect(ends[0]?.closed).toBe(false);
  pass(1_000);
  expect(ends[0]?.closed).toBe(true);
  pass(1_000);
  expect(ends).toHaveLength(2);
});

test('what is said and not answered by anything has the line asked whether it holds; an answer spares that', async () => {
  const { ends, connection, gateway, pass, goLive } = givenConnection();
  await goLive();
  const say = () =>
    connection.send({ t: 'command', id: newId(), name: 'mark-read', data: { conversation: CONVERSATION, upTo: 1 } });
  say();
  gateway().say({ t: 'service', up: false });
  pass(9_000);
  say();
  pass(9_000);
  expect(pings(ends[0]?.sent ?? [])).toBe(0);
  pass(1_000);
  expect(pings(ends[0]?.sent ?? [])).toBe(1);
  pass(4_000);
  expect(ends[0]?.closed).toBe(true);
});

test('a browser that loses its network says so at once, and tries at once when it is back', async () => {
  let online = true;
  const { ends, connection, lines, goLive } = givenConnection({ online: () => online });
  await goLive();
  online = false;
  connection.wake();
  expect(lines).toEqual(['live', 'lost']);
  expect(ends[0]?.closed).toBe(true);
  online = true;
  connection.wake();
  expect(ends).toHaveLength(2);
});

test('whatever the gateway says counts as a sign of life, and its ping is answered', async () => {
  const { ends, gateway, pass, goLive } = givenConnection();
  await goLive();
  for (let n = 1; n <= 10; n++) {
    pass(15_000);
    gateway().say({ t: 'ping', n });
  }
  expect(ends).toHaveLength(1);
  expect(gateway().sent.at(-1)).toEqual({ t: 'pong', n: 10 });
});

test('a page that comes back asks at once, and does not wait for a dead line', async () => {
  const { ends, connection, pass, goLive } = givenConnection();
  await goLive();
  connection.wake();
  expect(pings(ends[0]?.sent ?? [])).toBe(1);
  pass(5_000);
  expect(ends.length).toBe(2);
});

test('a page that comes back to a lost line tries at once', async () => {
  const { ends, connection, goLive } = givenConnection();
  await goLive();
  ends[0]?.hangUp();
  connection.wake();
  expect(ends).toHaveLength(2);
});

test('a gateway that is being replaced is left when it says', async () => {
  const { ends, gateway, pass, goLive } = givenConnection();
  await goLive();
  pass(11_000);
  gateway().say({ t: 'move', afterMs: 700 });
  pass(600);
  expect(ends).toHaveLength(1);
  pass(100);
  expect(ends).toHaveLength(2);
});

test('a gateway that does not welcome in time is tried again', async () => {
  const { ends, gateway, pass } = givenConnection();
  await gateway().accept();
  pass(11_000);
  expect(ends).toHaveLength(2);
  expect(ends[0]?.closed).toBe(true);
});

test('a site that is not known is not asked for again', async () => {
  const { ends, gateway, lines, pass } = givenConnection();
  await gateway().accept();
  gateway().say({ t: 'error', code: 'site-unknown', words: 'no such site', fatal: true });
  pass(600_000);
  expect(lines.at(-1)).toBe('refused');
  expect(ends).toHaveLength(1);
});

test('a token that is no longer good is given up, not the visitor', async () => {
  const { ends, gateway, lines, pass, tokensRefused } = givenConnection();
  await gateway().accept();
  gateway().say({ t: 'error', code: 'not-logged-in', words: 'the token is too old', fatal: true });
  pass(2_000);
  expect(tokensRefused()).toBe(1);
  expect(lines).not.toContain('refused');
  expect(ends).toHaveLength(2);
});

test('a gateway that asks for time gets it', async () => {
  const { ends, gateway, pass } = givenConnection();
  await gateway().accept();
  gateway().say({ t: 'error', code: 'too-many', words: 'too many sockets', fatal: true, retryAfterMs: 9_000 });
  pass(8_900);
  expect(ends).toHaveLength(1);
  pass(200);
  expect(ends).toHaveLength(2);
});
