// What a site's page tells of its visitor reaches his card; who he is only with the site's key; and never another's card.
import { createHmac } from 'node:crypto';
import { join } from 'node:path';
import { newId } from '@continuo/contracts';
import { keptSecrets } from '@continuo/servers';
import { eventually, startWorld, type TestAgent, type World } from '@continuo/testing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { siteKey } from '../src/sessions/site-identity.ts';

let tokenKey: string;
let world: World;
let agent: TestAgent;
beforeAll(async () => {
  world = await startWorld({ services: { gateway: 1, conversation: 1, 'visitor-tracking': 1 } });
  ({ tokenKey } = await keptSecrets(join(world.dir, 'secrets.json')));
  agent = await world.agent(0);
});
afterAll(async () => {
  await world?.[Symbol.asyncDispose]();
});

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
function tokenOf(site: string, claims: object): string {
  const body = `${part({ alg: 'HS256' })}.${part({ exp: Date.now() / 1000 + 600, ...claims })}`;
  return `${body}.${createHmac('sha256', siteKey(tokenKey, site)).update(body).digest('base64url')}`;
}
async function come() {
  const visitor = world.visitor();
  await visitor.socket.ready();
  const card = () => agent.query('visitor-card', { visitor: visitor.id() });
  const say = (frame: { t: string; [field: string]: unknown }) => visitor.socket.send(frame as never);
  return { visitor, card, say, heard: () => visitor.frames() };
}

test('cart, goals and events stand on the card, a goal told twice stands there once', async () => {
  const { card, say } = await come();
  const goal = { t: 'fact', id: newId(), fact: { kind: 'goal', name: 'order', value: 890, currency: 'EUR' } };
  say(goal);
  say(goal);
  say({ t: 'fact', id: newId(), fact: { kind: 'event', name: 'compare', data: { desks: 3 } } });
  say({ t: 'fact', id: newId(), fact: { kind: 'cart', items: [{ name: 'Oak desk', quantity: 2, price: 890 }] } });
  await eventually(async () =>
    expect(await card()).toMatchObject({
      goals: [{ name: 'order', value: 890, currency: 'EUR' }],
      events: [{ name: 'compare', data: { desks: 3 } }],
      cart: { items: [{ name: 'Oak desk', quantity: 2, price: 890 }] },
    }),
  );
});

test('a fact is noted for its page and reaches the site’s employees at once', async () => {
  const { visitor, say, heard } = await come();
  const fact = { kind: 'goal', name: 'callback' };
  const id = newId();
  say({ t: 'fact', id, fact });
  await eventually(() => expect(heard()).toContainEqual({ t: 'noted', id }));
  await eventually(() =>
    expect(agent.frames()).toContainEqual(
      expect.objectContaining({
        t: 'fact',
        event: expect.objectContaining({ id, data: expect.objectContaining({ visitor: visitor.id(), fact }) }),
      }),
    ),
  );
});

test('the site’s key proves who the visitor is; another site’s key and a page’s own word do not', async () => {
  const { card, say, heard } = await come();
  const [forged, proved] = [newId(), newId()];
  say({ t: 'identify', id: forged, token: tokenOf(newId(), { sub: '1', name: 'Somebody else' }) });
  await eventually(() =>
    expect(heard()).toContainEqual(expect.objectContaining({ t: 'refused', id: forged, refusal: 'identity-unproved' })),
  );
  say({ t: 'fact', id: newId(), fact: { kind: 'identity', contact: { externalId: '1' } } });
  await eventually(() => expect(heard()).toContainEqual(expect.objectContaining({ t: 'error', code: 'bad-frame' })));
  say({ t: 'identify', id: proved, token: tokenOf(world.site.id, { sub: '4711', name: 'Lea' }) });
  const contact = { externalId: '4711', name: 'Lea' };
  await eventually(() => expect(heard()).toContainEqual({ t: 'identified', id: proved, contact }));
  await eventually(async () => expect(await card()).toMatchObject({ identity: contact }));
  const other = await come();
  expect(await other.card()).not.toHaveProperty('identity');
});
