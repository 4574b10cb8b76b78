// P4: people write twice what this machine was measured to store a moment ago. It may slow down and ask them to come again; nothing may be lost or doubled,
// and afterwards it is as quick as before.
import { join } from 'node:path';
import { keptSecrets } from '@continuo/servers';
import { readStream } from '../chaos/check-stream.ts';
import { type Figure, shown } from './figures.ts';
import type { Pressed } from './pressed.ts';
import type { Stand } from './stand.ts';
import type { Measured } from './talk.ts';
import type { Plan } from './throughput.ts';

const VISITORS = 200;
const TIMES = 2;
const PER_SECOND = 50;

/** @param maximum messages per second, as measured in the same run */
export async function overload(stand: Stand, { seconds }: Plan, maximum: number): Promise<Figure[]> {
  await using crowd = await stand.crowd();
  const place = stand.place();
  await crowd.ask('continuo', { place, count: VISITORS, cookie: await stand.login() });
  const calm = { rate: PER_SECOND, seconds, through: 'continuo' };
  await crowd.ask('steady', { ...calm, seconds: 1 });
  const before = await crowd.ask<Measured>('steady', calm);
  const rate = Math.round(maximum * TIMES);
  const pressed = await crowd.ask<Pressed>('press', { place, count: VISITORS, rate, seconds: TIMES * seconds });
  const after = await crowd.ask<Measured>('steady', calm);

  const wrong = (await notOnce(stand, pressed.acknowledged)) + pressed.unanswered + pressed.turnedAway;
  const told = Object.entries(pressed.told).map(([word, times]) => `${word} ${times}`);
  const offered = pressed.acknowledged.length + pressed.unanswered + pressed.turnedAway;
  return [
    {
      id: 'P4',
      what: `${TIMES} × the measured maximum offered for ${TIMES * seconds} s: lost or doubled`,
      value: wrong,
      unit: 'messages',
      detail: `${offered} offered at ${rate}/s, all stored ${shown(pressed.settledMs / 1_000)} s later, p99 ${shown(pressed.p99 / 1_000)} s; asked to come again: ${told.join(', ') || 'nobody'}; ${pressed.cutOff} cut off`,
      target: { must: 0, aim: 0, better: 'less' },
    },
    {
      id: 'P4',
      what: `Enter → screen at ${PER_SECOND}/s right afterwards, p99 ÷ before`,
      value: after.lost + before.lost > 0 ? Number.NaN : after.p99 / before.p99,
      unit: '',
      detail: `${shown(after.p99)} ÷ ${shown(before.p99)} ms`,
      target: { must: 2, aim: 1.5, better: 'less' },
    },
  ];
}

/** How many of these commands do not stand in the stream exactly once. */
async function notOnce({ world }: Stand, commands: readonly string[]): Promise<number> {
  const { nats } = await keptSecrets(join(world.dir, 'secrets.json'));
  const access = { url: `nats://${world.admin.nc.getServer()}`, user: 'admin', password: nats.admin };
  const times = new Map<string, number>();
  for (const { cause } of await readStream(access, 'CONVERSATION')) times.set(cause, (times.get(cause) ?? 0) + 1);
  return commands.filter((id) => times.get(id) !== 1).length;
}
