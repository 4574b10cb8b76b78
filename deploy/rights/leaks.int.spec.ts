// Everything that people say, right and wrong, with logs at their most talkative, metrics and traces on; then the world is searched for it. Every other
// world of the suite is searched in the same way when it ends, for what its own tests have sent.

import { request } from '@continuo/bus';
import { newId } from '@continuo/contracts';
import { freePort, SERVICES } from '@continuo/servers';
import {
  eventually,
  keepOut,
  startOtlpSink,
  startWorld,
  type TestAgent,
  type TestVisitor,
  type World,
} from '@continuo/testing';
import { expect, test } from '@jest/globals';
import { rawSocket } from '../../services/gateway/test/raw-socket.ts';
import { startRepeatingCrm } from './repeating-crm.ts';

/** Each beginning with letters of its own: an error that quotes the first few is found too. */
let words = 0;
const said = (what: string): string => {
  words += 1;
  const marker = `zq${words}${newId().slice(0, 8)}`;
  keepOut(marker);
  return `${marker} ${what}`;
};

test('nothing that people write and nothing secret stands in logs, metrics or traces', async () => {
  await using sink = await startOtlpSink();
  const metricsPort = await freePort();
  const world = await startWorld({
    agents: 1,
    ownMongo: true,
    site: { crm: { windowSeconds: 1 } },
    env: {
      ...sink.env,
      CONTINUO_METRICS: '1',
      CONTINUO_METRICS_PORT: String(metricsPort),
      CONTINUO_LOG_LEVEL: 'trace',
    },
  });
  try {
    const agent = await world.agent();
    const visitor = world.visitor();
    await visitor.socket.ready();
    await talk(visitor, agent);
    await talkNonsense(world, visitor);
    await callNonsense(world);
    for (const connector of CONNECTORS) await intoACrmThatRepeatsEverything(world, visitor, connector);
    await recordsThatNobodyUnderstands(world, visitor.conversation() as string);
    await eventually(() => expect(sink.spans.length).toBeGreaterThan(10));
    const metrics = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
    expect(metrics).toContain('continuo_socket_frames_in');
    // Nobody is left out: each has said something in this world, at the level it was told.
    for (const service of SERVICES) expect(await world.logs()).toContain(`"service":"${service}"`);
    expect(await world.logs()).toContain('"level":"warn"');
  } finally {
    // Fails with every line in which something of it stands.
    await world[Symbol.asyncDispose]();
  }
}, 240_000);

async function talk(visitor: TestVisitor, agent: TestAgent): Promise<void> {
  await visitor.say(said('Where is my table?'));
  const conversation = visitor.conversation() as string;
  await eventually(() => expect(agent.messages(conversation)).toHaveLength(1));
  const preview = said('and where is');
  visitor.socket.send({ t: 'typing', conversation, text: preview });
  await eventually(() =>
    expect(agent.frames()).toContainEqual(expect.objectContaining({ t: 'typing', text: preview })),
  );
  visitor.socket.send({
    t: 'page',
    page: { url: `http://shop.example/reset?key=${said('x')}`, title: said('Your order') },
  });
  const contact = { name: said('Lea'), email: `${said('lea').replace(' ', '.')}@visitor.example` };
  await visitor.socket.command('identify-contact', { conversation, ...contact });
  await agent.reply(conversation, said('On its way.'));
  await visitor.socket.command('leave-offline-message', {
    conversation,
    text: said('Call me'),
    language: 'en',
    email: contact.email,
  });
  const refused = (data: object) => expect(visitor.socket.command('send-message', data)).rejects.toThrow();
  await refused({ conversation: newId(), text: said('To nobody') });
  await refused({ conversation, text: said('Too long').padEnd(6_000, ' very') });
  await refused({ conversation, text: said('With a field too many'), [said('the field')]: said('its value') });
  await refused({ conversation: said('no id'), text: said('To no id') });
}

async function talkNonsense(world: World, visitor: TestVisitor): Promise<void> {
  const [gateway] = world.gateways() as [string];
  const conversation = visitor.conversation() as string;
  await using socket = await rawSocket(gateway, 'visitor', { Origin: world.site.origins[0] as string });
  socket.say({ t: 'hello', v: 1, site: world.site.id, language: 'en', token: said('no token') });
  await socket.heard('welcome');
  for (const frame of [
    said('no JSON'),
    `{"t":"typing","text":"${said('cut short')}`,
    { t: said('no such kind'), text: said('of nothing') },
    { t: 'typing', conversation: said('no id'), text: said('typed there') },
    { t: 'typing', conversation, text: [said('in a list')] },
    { t: 'command', id: newId(), name: said('no command'), data: { text: said('of it') } },
    { t: 'hello', v: 1, site: world.site.id, language: said('xx') },
    { t: 'page', page: { url: said('no address'), title: said('of nothing').padEnd(400) } },
  ])
    socket.say(frame);
  socket.say({ t: 'ping', n: 1 });
  await socket.heard('pong');
  for (const origin of [`http://${said('o').replace(' ', '-')}.example`, said('no origin')]) {
    await using foreign = await rawSocket(gateway, 'visitor', { Origin: origin });
    foreign.say({ t: 'hello', v: 1, site: world.site.id, language: 'en', token: said('abroad') });
    await foreign.heard('error');
  }
  await using stranger = await rawSocket(gateway, 'agent', {
    Origin: gateway,
    Cookie: `continuo_session=${said('c')}`,
  });
  stranger.say({ t: 'hello', v: 1 });
  await stranger.heard('error');
}

async function callNonsense(world: World): Promise<void> {
  const [gateway] = world.gateways() as [string];
  const { email } = world.employees[0] as { email: string };
  const own = { 'content-type': 'application/json', 'x-continuo': 'console', origin: gateway };
  const post = (path: string, body: string, headers: Record<string, string> = {}) =>
    fetch(`${gateway}${path}`, { method: 'POST', headers: { ...own, ...headers }, body });
  const word = () => encodeURIComponent(said('in an address'));
  for (const answer of [
    await post('/api/login', JSON.stringify({ email, password: said('wrong') })),
    await post('/api/login', JSON.stringify({ email: said('nobody'), password: said('wrong') })),
    await post('/api/login', JSON.stringify({ email: { $ne: said('nobody') }, password: [said('wrong')] })),
    await post('/api/login', `{"email":"${email}","password":"${said('cut short')}`),
    await post('/api/login', said('no JSON')),
    await post('/api/login', JSON.stringify({ email, password: said('long').padEnd(10_000, 'x') })),
    await post('/api/login', '{}', { 'content-type': `application/json; charset=${said('x').split(' ')[0]}` }),
    await post('/api/login', '{}', { 'content-encoding': said('x').split(' ')[0] as string }),
    await post('/api/dead-letters/discard', JSON.stringify({ id: said('none') }), {
      cookie: `continuo_session=${said('c')}`,
    }),
    await fetch(`${gateway}/open/${word()}`),
    await fetch(`${gateway}/open/%E0%A4%A${word()}`),
    await fetch(`${gateway}/widget/config/${word()}.json`),
    await fetch(`${gateway}/widget/frame.html?site=${word()}`),
    await fetch(`${gateway}/${word()}?token=${word()}`, {
      headers: { authorization: `Bearer ${said('x').split(' ')[0]}` },
    }),
  ])
    expect(answer.status).toBeLessThan(500);
}

/** Each with a key of its own; the last one does not even have the form of one. */
const CONNECTORS: { connector: string; credentials: () => Record<string, string>; accepted: boolean }[] = [
  {
    connector: 'webhook',
    credentials: () => ({ secret: `whsec_${Buffer.from(said('a key that signs what is sent')).toString('base64')}` }),
    accepted: true,
  },
  { connector: 'bottlecrm', credentials: () => ({ token: said('a key').replaceAll(' ', '-') }), accepted: true },
  { connector: 'webhook', credentials: () => ({ secret: said('no key at all') }), accepted: false },
];

async function intoACrmThatRepeatsEverything(
  { operator, site }: World,
  visitor: TestVisitor,
  { connector, credentials, accepted }: (typeof CONNECTORS)[number],
): Promise<void> {
  await using crm = await startRepeatingCrm();
  const envelope = () => ({ id: newId(), site: site.id, actor: { kind: 'operator', id: 'test' } as const });
  const given = credentials();
  for (const secret of Object.values(given)) keepOut(secret);
  const answers = [...(connector === 'webhook' ? [200] : []), 500, 'cut', 400, 401] as const;
  crm.answers = answers[0] as (typeof answers)[number];
  const connection = { connector, baseUrl: `${crm.url}/crm`, credentials: given };
  const saved = await request(operator, 'save-crm-connection', envelope(), { connection });
  expect([connector, saved.ok]).toEqual([connector, accepted]);
  if (!accepted) return;
  const conversation = visitor.conversation() as string;
  for (const answer of answers) {
    crm.answers = answer;
    const before = crm.heard().length;
    const text = said('for the CRM');
    await visitor.say(text);
    await request(operator, 'retry-crm-writes', envelope(), { conversation });
    // As long as it does not refuse, it is told everything.
    if (connector === 'webhook' && (answer === 200 || answer === 500))
      await eventually(() => expect(crm.heard()).toContain(text));
    await request(operator, 'test-crm', envelope(), {});
    await eventually(() => expect(crm.heard().length).toBeGreaterThan(before));
  }
  // This one gets no further than its key.
  if (connector === 'bottlecrm') expect(crm.heard()).toContain(given['token']);
}

/** What reaches the services on other ways than through the gateway; each is handled until it is parked or dropped. */
async function recordsThatNobodyUnderstands({ admin, site, logs }: World, conversation: string): Promise<void> {
  const records: [string, string][] = [
    [`conversation.${site.id}.${newId()}`, said('no event')],
    [`conversation.${site.id}.${conversation}`, JSON.stringify({ text: said('an event of no kind') })],
    [`tracking.${site.id}.${newId()}`, said('no page')],
    [`timer.due.email-fallback.no-such-timer.${conversation}`, said('no timer')],
    [`timer.due.crm-sync.no-such-timer.${conversation}`, said('no timer')],
    [`timer.due.crm-sync.sync-due.${site.id}-${conversation}`, said('no site')],
  ];
  for (const [subject, data] of records) await admin.js.publish(subject, data);
  for (const subject of [
    'command.conversation.send-message',
    'query.conversation.transcript',
    'command.crm-sync.save-crm-connection',
    'command.crm-sync.retry-crm-writes',
    'query.crm-sync.crm-journal',
    `signal.typing.${site.id}.${conversation}`,
    `signal.visitors-here.${site.id}.${site.id}`,
  ])
    admin.nc.publish(subject, said('no JSON'), { reply: '_INBOX_admin.nobody' });
  await admin.nc.flush();
  await eventually(async () => {
    const failed = (await logs()).split('\n').filter((line) => /"level":"(warn|error)"/.test(line));
    for (const service of ['conversation', 'visitor-tracking', 'crm-sync', 'gateway'])
      expect([service, failed.filter((line) => line.includes(`"service":"${service}"`)).length > 0]).toEqual([
        service,
        true,
      ]);
  });
}
