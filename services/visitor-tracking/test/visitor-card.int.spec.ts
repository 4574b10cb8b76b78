// From page views on the bus to the card an agent sees, on real servers, with two replicas.
import { append, ask, newEvent } from '@continuo/bus';
import { type Actor, newId } from '@continuo/contracts';
import { eventually, startWorld, type World } from '@continuo/testing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { nanos } from '@nats-io/transport-node';

const agent: Actor = { kind: 'agent', id: newId(), role: 'agent' };
let world: World;
beforeAll(async () => {
  world = await startWorld({ services: { 'visitor-tracking': 2 } });
  // Longer than a consumer's beat, shorter than the 30 s of an installation: what a killed replica held comes again sooner.
  await world.admin.jsm.consumers.update('TRACKING', 'visitor-tracking', { ack_wait: nanos(10_000) });
});
afterAll(async () => world[Symbol.asyncDispose]());

interface View {
  visitor: string;
  visit: string;
  path: string;
  time: number;
  referrer?: string;
  id?: string;
}
async function view({ visitor, visit, path, time, referrer, id = newId() }: View): Promise<void> {
  const page = {
    url: `https://shop.example${path}`,
    title: `Page ${path}`,
    ...(referrer !== undefined && { referrer }),
  };
  const event = newEvent('page-viewed', {
    site: world.site.id,
    key: visitor,
    actor: { kind: 'visitor', id: visitor },
    cause: id,
    id,
    time,
    data: { visitor, visit, page, language: 'ru' },
  });
  await append(world.admin, event, 'any');
}
const card = (visitor: string, actor = agent, site = world.site.id) =>
  ask(world.admin, 'visitor-card', { id: newId(), site, actor }, { visitor });

test('the card shows the latest visit: pages with their titles and seconds, and where the visitor came from', async () => {
  const [visitor, first, second] = [newId(), newId(), newId()];
  await view({ visitor, visit: first, path: '/', time: 1_000 });
  await view({ visitor, visit: second, path: '/', time: 500_000, referrer: 'https://search.example/?q=desk' });
  await view({ visitor, visit: second, path: '/desks', time: 530_000, referrer: 'https://shop.example/' });
  await eventually(async () =>
    expect(await card(visitor)).toEqual({
      ok: true,
      visitor,
      firstSeenAt: 1_000,
      visits: 2,
      visit: second,
      language: 'ru',
      referrer: 'https://search.example/?q=desk',
      pages: [
        { url: 'https://shop.example/desks', title: 'Page /desks', at: 530_000 },
        { url: 'https://shop.example/', title: 'Page /', at: 500_000, seconds: 30 },
      ],
    }),
  );
});

test('page views that come at once, some stored twice, lose nothing though replicas write the same card', async () => {
  const [visitor, visit] = [newId(), newId()];
  const views = Array.from({ length: 40 }, (_, index) => ({
    visitor,
    visit,
    path: `/${index}`,
    time: index * 1_000,
    id: newId(),
  }));
  await Promise.all([...views, ...views.slice(0, 10)].map(view));
  await eventually(async () => {
    const shown = await card(visitor);
    expect(shown.ok && new Set(shown.pages.map(({ url }) => url)).size).toBe(40);
    expect(shown).toMatchObject({ visits: 1, pages: { length: 40 } });
  });
});

test('a replica killed amid page views leaves a card with all of them', async () => {
  const [visitor, visit] = [newId(), newId()];
  const views = Array.from({ length: 45 }, (_, index) => ({ visitor, visit, path: `/${index}`, time: index * 1_000 }));
  await Promise.all(views.slice(0, 20).map(view));
  await world.kill('visitor-tracking');
  await Promise.all(views.slice(20).map(view));
  await world.start('visitor-tracking');
  await eventually(async () => expect(await card(visitor)).toMatchObject({ pages: { length: 45 } }), {
    withinMs: 90_000,
  });
});

test('who takes his consent back is forgotten on both replicas, and nothing of his way stays in the database', async () => {
  const [visitor, visit] = [newId(), newId()];
  for (const path of ['/secret-lamp', '/other-lamp'])
    await view({ visitor, visit, path, time: 1_000, referrer: 'https://search.example/?q=lamp' });
  await eventually(async () => expect(await card(visitor)).toMatchObject({ pages: { length: 2 } }));
  const fact = newEvent('fact-reported', {
    site: world.site.id,
    key: visitor,
    actor: { kind: 'visitor', id: visitor },
    cause: newId(),
    data: { visitor, visit, language: 'ru', fact: { kind: 'consent', given: false } },
  });
  await append(world.admin, fact, 'any');
  await eventually(async () => {
    expect(await card(visitor)).toMatchObject({ visits: 0, pages: [], consent: { given: false } });
    const held = await world.database
      .collection<{ _id: string }>('visitors')
      .findOne({ _id: `${world.site.id}:${visitor}` });
    expect(JSON.stringify(held)).not.toContain('lamp');
  });
});

test('somebody not seen, or seen on another site, has an empty card', async () => {
  const visitor = newId();
  expect(await card(visitor)).toEqual({ ok: true, visitor, visits: 0, pages: [] });
  await view({ visitor, visit: newId(), path: '/', time: 1_000 });
  await eventually(async () => expect(await card(visitor)).toMatchObject({ visits: 1 }));
  expect(await card(visitor, agent, newId())).toMatchObject({ visits: 0 });
});

test('a visitor may not see a card', async () => {
  expect(await card(newId(), { kind: 'visitor', id: newId() })).toMatchObject({ ok: false, refusal: 'not-allowed' });
});
