// What an operator sees of a running installation: one trace from the visitor's frame to the CRM, metrics as Prometheus reads them, health.

import { newId } from '@continuo/contracts';
import { freePort } from '@continuo/servers';
import { METRICS, type MetricLine, prometheusName } from '@continuo/telemetry';
import {
  type CollectedSpan,
  eventually,
  figure,
  type Gate,
  gateTo,
  type OtlpSink,
  startOtlpSink,
  startWorld,
  testAgent,
  type World,
} from '@continuo/testing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { headers } from '@nats-io/transport-node';

const SECRET_WORDS = 'my card number is 4929';
let sink: OtlpSink;
let world: World;
let metricsPort: number;
let crmGate: Gate;
beforeAll(async () => {
  sink = await startOtlpSink();
  metricsPort = await freePort();
  world = await startWorld({
    services: { gateway: 1, conversation: 1, 'crm-sync': 1 },
    crm: true,
    crmAddress: async (real) => {
      crmGate = await gateTo(real);
      return crmGate.url;
    },
    site: { crm: { windowSeconds: 1 } },
    env: { ...sink.env, CONTINUO_METRICS: '1', CONTINUO_METRICS_PORT: String(metricsPort) },
  });
}, 600_000);
afterAll(async () => {
  await world[Symbol.asyncDispose]();
  await crmGate[Symbol.asyncDispose]();
  await sink[Symbol.asyncDispose]();
}, 240_000);

/** Kinds of spans as OTLP numbers them. */
const [SERVER, CLIENT, PRODUCER, CONSUMER] = [2, 3, 4, 5];
const attribute = (span: CollectedSpan, name: string): unknown =>
  Object.values(span.attributes.find(({ key }) => key === name)?.value ?? {})[0];
const named = (name: string, within: (span: CollectedSpan) => boolean = () => true): Promise<CollectedSpan> =>
  eventually(async () => {
    const found = sink.spans.find((span) => span.name === name && within(span));
    if (!found)
      throw new Error(`no span “${name}” among ${[...new Set(sink.spans.map((span) => span.name))].join(', ')}`);
    return found;
  });
const childOf = (parent: CollectedSpan) => (span: CollectedSpan) =>
  span.traceId === parent.traceId && span.parentSpanId === parent.spanId;

test('one trace leads from the visitor’s frame through NATS to the call of the CRM; what else is said meanwhile is linked to', async () => {
  const visitor = world.visitor();
  await visitor.say(SECRET_WORDS);
  await visitor.say('and another thing');
  // Either of the two frames may be told of first: the second is sent when the first has led to its event, not when it is done with.
  const asked = await named('request command.conversation.start-conversation');
  const frame = await named('frame visitor command', ({ spanId }) => spanId === asked.parentSpanId);
  expect(frame.parentSpanId ?? '').toBe('');
  const chain = [frame, asked];
  for (const name of [
    'handle command.conversation.start-conversation',
    'append conversation.*.*',
    'consume crm-sync',
    'consume crm-sync-timers',
  ])
    chain.push(await named(name, childOf(chain.at(-1) as CollectedSpan)));
  const window = childOf(chain.at(-1) as CollectedSpan);
  // The first time it also makes the fields that it fills.
  chain.push(await named('crm POST', (span) => window(span) && attribute(span, 'url.template') === '/api/leads/'));
  expect(chain.map(({ service, kind }) => [service, kind])).toEqual([
    ['gateway', SERVER],
    ['gateway', CLIENT],
    ['conversation', SERVER],
    ['conversation', PRODUCER],
    ['crm-sync', CONSUMER],
    ['crm-sync', CONSUMER],
    ['crm-sync', CLIENT],
  ]);
  expect(new Set(chain.map(({ traceId }) => traceId)).size).toBe(1);

  const handled = await named('handle command.conversation.send-message');
  const another = await named('append conversation.*.*', childOf(handled));
  expect(another.traceId).not.toBe(frame.traceId);
  // In this window, or in the one that the first sync opened when it found itself behind; on a busy machine both may be over, and it opens one in its own trace.
  await named(
    'consume crm-sync-timers',
    ({ traceId, links = [] }) => traceId === another.traceId || links.some(({ spanId }) => spanId === another.spanId),
  );
});

test('no span is named by an id, and none tells what was said, who said it or a secret', async () => {
  await named('crm POST', (span) => attribute(span, 'url.template') === '/api/leads/{id}/');
  const names = new Set(sink.spans.map(({ name }) => name));
  expect([...names].filter((name) => /\d|@/.test(name))).toEqual([]);
  const everything = JSON.stringify(sink.spans);
  for (const secret of [
    SECRET_WORDS,
    world.crm.token,
    ...world.employees.flatMap(({ email, password }) => [email, password]),
  ])
    expect(everything).not.toContain(secret);
});

test('Prometheus reads the metrics beside readiness, of the gateway only on the port that was opened for it', async () => {
  // Each is looked at now and then.
  const scraped = (port: number, ...lines: (string | RegExp)[]) =>
    eventually(async () => {
      const told = await scrape(port);
      for (const line of lines) expect(told).toEqual(expect.stringMatching(line));
      return told;
    });
  const atGateway = await scraped(
    metricsPort,
    /^continuo_socket_open\{door="visitor"\} 1$/m,
    /^continuo_desk_sites\{availability="offline"\} 1$/m,
    /^continuo_stream_filled_ratio\{stream="CONVERSATION"\} (0\.0*)?[1-9]/m,
  );
  // Of CONVERSATION a share that is not nothing; streams that drop their oldest, and one without a limit, are never full.
  expect(
    [...atGateway.matchAll(/^continuo_stream_filled_ratio\{stream="(\w+)"\}/gm)].map(([, name]) => name).sort(),
  ).toEqual(['CONVERSATION', 'DEAD_LETTERS', 'DESK']);
  const { config, state } = await world.admin.jsm.streams.info('CONVERSATION');
  const share = Number(/^continuo_stream_filled_ratio\{stream="CONVERSATION"\} (\S+)/m.exec(atGateway)?.[1]);
  expect(share).toBeGreaterThan(0);
  expect(share).toBeLessThanOrEqual(state.bytes / config.max_bytes);
  expect((await fetch(`http://127.0.0.1:${portOf('gateway')}/metrics`)).status).toBe(404);
  const atConversation = await scraped(
    portOf('conversation'),
    /continuo_append_events_total\{stream="CONVERSATION",type="conversation-started"\} 1/,
    /continuo_consumer_pending\{consumer="conversation-views"\} 0/,
    /continuo_command_seconds_bucket\{name="start-conversation",outcome="ok",le="\+Inf"\} 1/,
  );
  await scraped(portOf('crm-sync'), /continuo_crm_lag_seconds\{connector="bottlecrm"\} 0/);
  const known = new Set(
    Object.entries(METRICS as Record<string, MetricLine>).map(([name, line]) => prometheusName(name, line)),
  );
  const all = [atGateway, atConversation, await scrape(portOf('crm-sync'))].join('\n');
  const told = [...all.matchAll(/^# TYPE (continuo_\S+)/gm)].map(([, name]) => name as string);
  expect(told.length).toBeGreaterThan(20);
  expect(told.filter((name) => !known.has(name))).toEqual([]);
  expect(all).not.toContain(world.site.id);
});

test('frames both ways, the lag of what is live, who waits, what is refused and who comes second are counted', async () => {
  const visitor = world.visitor();
  const waiting = await figure(metricsPort, 'continuo_desk_waiting');
  await visitor.say('one');
  // A next message would begin another dialogue before.
  await eventually(() => expect(visitor.conversation()).toBeDefined());
  await eventually(async () =>
    expect(await figure(metricsPort, 'continuo_desk_waiting')).toBeGreaterThan(waiting as number),
  );
  await visitor.say('two');
  const commands = 'continuo_socket_frames_in_total{door="visitor",type="command"}';
  const framesIn = await figure(metricsPort, commands);
  const framesOut = await figure(metricsPort, 'continuo_socket_frames_out_total');
  const shown = await figure(metricsPort, 'continuo_live_lag_seconds_count{stream="CONVERSATION"}');
  await visitor.say('three');
  await eventually(async () => {
    expect(await figure(metricsPort, commands)).toBeGreaterThan(framesIn as number);
    expect(await figure(metricsPort, 'continuo_socket_frames_out_total')).toBeGreaterThan(framesOut as number);
    expect(await figure(metricsPort, 'continuo_live_lag_seconds_count{stream="CONVERSATION"}')).toBeGreaterThan(
      shown as number,
    );
  });

  const agent = await world.agent(0);
  await expect(agent.reply(newId(), 'to nobody')).rejects.toMatchObject({ refusal: 'conversation-unknown' });
  const port = portOf('conversation');
  expect(
    await figure(port, 'continuo_command_refusals_total{name="send-message",code="conversation-unknown"}'),
  ).toBeGreaterThan(0);

  const conflicts = async () => (await figure(port, 'continuo_append_conflicts_total{stream="CONVERSATION"}')) ?? 0;
  const before = await conflicts();
  // The service may have heard of it before the visitor writes.
  await eventually(async () => {
    await somebodyElseAppends(visitor.conversation() as string);
    await visitor.say('second');
    expect(await conflicts()).toBeGreaterThan(before);
  });
});

test('what waits at a consumer that hands out nothing is counted, and no more when it goes on', async () => {
  const pending = () => figure(portOf('conversation'), 'continuo_consumer_pending{consumer="conversation-views"}');
  const { consumers } = world.admin.jsm;
  await consumers.pause('CONVERSATION', 'conversation-views', new Date(Date.now() + 3_600_000));
  const visitor = world.visitor();
  await visitor.say('one that waits');
  await visitor.say('another one');
  await eventually(async () => expect(await pending()).toBeGreaterThan(1));
  await consumers.resume('CONVERSATION', 'conversation-views');
  await eventually(async () => expect(await pending()).toBe(0));
});

test('a process that drains lives, is not ready and says for how long; its last spans are sent', async () => {
  const port = await freePort();
  const second = await world.start('gateway', 0, {
    CONTINUO_METRICS_PORT: String(port),
    CONTINUO_DRAIN_SPREAD_MS: '15000',
    OTEL_BSP_SCHEDULE_DELAY: '3600000',
  });
  await using agent = await testAgent({
    gateways: () => [`http://127.0.0.1:${second.port}`],
    ...(world.employees[0] as { email: string; password: string }),
  });
  await agent.goOnline();
  // Whoever does not hear that he is to move holds the gateway up.
  agent.socket.stall();
  expect(await figure(port, 'continuo_drain_seconds')).toBe(0);
  const told = sink.spans.length;
  const ended = world.drain('gateway', 1);
  await eventually(async () => expect(await health('/readyz', second.port)).toBe('not ready: it is draining\n'));
  expect(await health('/livez', second.port)).toBe('alive\n');
  expect(await figure(port, 'continuo_drain_seconds')).toBeGreaterThan(0);
  agent.socket.cut();
  expect(await ended).toBe(0);
  // It was not to send them for an hour.
  expect(sink.spans.slice(told).map(({ service, name }) => `${service}: ${name}`)).toContain(
    'gateway: request command.conversation.set-availability',
  );
});

test('a process lives and is ready while the CRM is away', async () => {
  await crmGate.away();
  await world.visitor().say('the CRM is away');
  const port = portOf('crm-sync');
  await eventually(
    async () => {
      const told = await scrape(port);
      expect(told).toMatch(/continuo_crm_call_seconds_count\{.*outcome="unreachable"\} [1-9]/);
      // A call about an earlier dialogue may have found it away first.
      expect(told).toMatch(/continuo_crm_lag_seconds\{connector="bottlecrm"\} (?!0$)/m);
    },
    { withinMs: 120_000 },
  );
  expect(await health('/livez')).toBe('alive\n');
  // It asks NATS, which may be slow to answer on a busy machine.
  await eventually(async () => expect(await health('/readyz')).toBe('ready\n'));
});

test('a process lives and is not ready while NATS is away or its consumer is gone, and says which', async () => {
  // Nobody has sent a mail since the start: what is heard is the server's sign of life.
  await eventually(async () => expect(await silence('MAIL')).toBeLessThan(3));
  await world.nats.away();
  await eventually(async () => expect(await health('/readyz')).toBe('not ready: NATS does not answer\n'));
  // By this an operator is woken: gateways stay ready, and where no command arrives no append fails.
  await eventually(async () => expect(await scrape(metricsPort)).toMatch(/^continuo_bus_up 0$/m));
  expect(await health('/livez')).toBe('alive\n');
  // What stands for as long as nothing is heard: longer than the server ever leaves between two signs of life.
  await eventually(async () => expect(await silence('CONVERSATION')).toBeGreaterThan(3));
  await world.nats.back();
  await eventually(async () => expect(await health('/readyz')).toBe('ready\n'));
  await eventually(async () => expect(await silence('CONVERSATION')).toBeLessThan(3));
  await eventually(() => world.admin.jsm.consumers.delete('CONVERSATION', 'crm-sync'));
  await eventually(async () => expect(await health('/readyz')).toContain('consumer crm-sync: it does not exist'));
  expect(await health('/livez')).toBe('alive\n');
});

test('what is tried again is counted, and its second delivery begins a trace of its own that leads back to the first; a log line carries its trace', async () => {
  const [traceId, spanId] = ['1'.repeat(32), '2'.repeat(16)];
  const seq = await publish({ 'Continuo-Type': 'of-a-later-version', traceparent: `00-${traceId}-${spanId}-01` });
  const tried = (delivery: number) =>
    named(
      'consume conversation-views',
      (span) => attribute(span, 'continuo.sequence') === seq && attribute(span, 'continuo.delivery') === delivery,
    );
  expect(await tried(1)).toMatchObject({ traceId, parentSpanId: spanId });
  const again = await tried(2);
  expect(again.traceId).not.toBe(traceId);
  expect(again.parentSpanId ?? '').toBe('');
  expect(again.links).toEqual([expect.objectContaining({ traceId, spanId })]);

  await eventually(async () => {
    const lines = (await world.logs()).split('\n').filter((one) => one.includes('A handler failed.'));
    const traces = lines.map((line) => (JSON.parse(line) as { trace?: string }).trace);
    expect(traces).toContain(again.traceId);
  });
  const views = (name: string, more = '') =>
    figure(portOf('conversation'), `${name}{consumer="conversation-views"${more}}`);
  // It is tried for a quarter of an hour.
  await eventually(async () => {
    expect(await views('continuo_consumer_handled_total', ',outcome="retry"')).toBeGreaterThan(1);
    expect(await views('continuo_consumer_ack_pending')).toBeGreaterThan(0);
    expect(await views('continuo_consumer_redelivered')).toBeGreaterThan(0);
  });
  const done = (await views('continuo_consumer_handled_total', ',outcome="done"')) as number;
  await world.visitor().say('goes on');
  await publish({});
  await eventually(async () => {
    expect(await views('continuo_consumer_handled_total', ',outcome="done"')).toBeGreaterThan(done);
    expect(await views('continuo_consumer_handled_total', ',outcome="park"')).toBeGreaterThan(0);
    expect(await views('continuo_consumer_parked_total', ',reason="unreadable"')).toBeGreaterThan(0);
  });
});

/** What nothing of Continuo wrote. @returns its sequence */
async function publish(head: Record<string, string>): Promise<number> {
  const all = headers();
  for (const [name, value] of Object.entries(head)) all.set(name, value);
  return (await world.admin.js.publish(`conversation.${world.site.id}.${newId()}`, '{}', { headers: all })).seq;
}

/** Another replica says once more what was said last. */
async function somebodyElseAppends(conversation: string): Promise<void> {
  const subject = `conversation.${world.site.id}.${conversation}`;
  const last = await world.admin.jsm.streams.getMessage('CONVERSATION', { last_by_subj: subject });
  if (!last) throw new Error('nothing was said yet');
  last.header.delete('Nats-Expected-Last-Subject-Sequence');
  for (const name of ['Continuo-Id', 'Continuo-Cause']) last.header.set(name, newId());
  last.header.set('Continuo-Number', String(Number(last.header.get('Continuo-Number')) + 1));
  await world.admin.js.publish(subject, last.data, { headers: last.header });
}

const portOf = (name: 'gateway' | 'conversation' | 'crm-sync'): number => world.running(name)[0]?.port ?? 0;
const health = async (path: string, port = portOf('crm-sync')): Promise<string> =>
  (await fetch(`http://127.0.0.1:${port}${path}`)).text();

/** Of what the gateway shows, in seconds. */
const silence = async (stream: string): Promise<number> =>
  Number(
    new RegExp(`^continuo_live_silence_seconds\\{stream="${stream}"\\} (\\S+)$`, 'm').exec(
      await scrape(metricsPort),
    )?.[1],
  );

async function scrape(port: number): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${port}/metrics`);
  expect(response.status).toBe(200);
  return response.text();
}
