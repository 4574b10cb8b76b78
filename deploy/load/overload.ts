// P4: people write twice what this machine was measured to store a moment ago. It may slow down and ask them to come again; nothing may be lost or doubled,
// and afterwards it is as quick as before.
import { join } from 'node:path';
import { keptSecrets } from '@continuo/servers';
import { readStream } from '../chaos/check-stream.ts';
import type { Plan } from './arguments.ts';
import { type Figure, quotient, shown } from './figures.ts';
import { type Kept, keptOnce } from './kept.ts';
import type { Pressed } from './pressed.ts';
import type { Stand } from './stand.ts';
import type { Measured } from './talk.ts';
import { maximumOf } from './throughput.ts';

const VISITORS = 200;
const TIMES = 2;
const PER_SECOND = 50;

/** @param maximum messages per second, as measured in the same run */
export async function overload(stand: Stand, { seconds }: Plan, maximum: number): Promise<Figure[]> {
  const rate = Math.round(maximumOf(maximum) * TIMES);
  await using crowd = await stand.crowd();
  const place = stand.place();
  await crowd.ask('continuo', { place, count: VISITORS, cookie: await stand.login() });
  const calm = { rate: PER_SECOND, seconds, through: 'continuo' };
  await crowd.ask('steady', { ...calm, seconds: 1 });
  const before = await crowd.ask<Measured>('steady', calm);
  const offer = { rate, seconds: TIMES * seconds };
  const pressed = await crowd.ask<Pressed>('press', { place, count: VISITORS, ...offer });
  const after = await crowd.ask<Measured>('steady', calm);
  return overloadFigures({ pressed, kept: await keptOf(stand, pressed), before, after, ...offer });
}

export interface OverloadRun {
  pressed: Pressed;
  kept: Kept;
  /** At an easy rate, before and right afterwards. */
  before: Measured;
  after: Measured;
  rate: number;
  seconds: number;
}

/** Nothing lost or doubled, in the stream, with whoever wrote it or on the employee's screen; everybody who could not be served was told when to come again; as quick as before. */
export function overloadFigures({ pressed, kept, before, after, rate, seconds }: OverloadRun): Figure[] {
  const { acknowledged, unanswered, unshown, shownTwice, turnedAway, told, cutOff } = pressed;
  const offered = acknowledged.length + unanswered.length + turnedAway.length;
  const samples = { count: offered, of: 'messages' };
  const ratio = quotient(after.p99, before.p99, 'ms');
  const words = Object.entries(told).map(([word, times]) => `${word} ${times}`);
  return [
    {
      id: 'P4',
      what: `${TIMES} × the measured maximum offered for ${seconds} s: lost or doubled, in the stream or on a screen`,
      value: kept.lost.length + kept.doubled.length + unanswered.length + unshown.length + shownTwice.length,
      unit: 'messages',
      detail: `${offered} offered at ${rate}/s, all stored ${shown(pressed.settledMs / 1_000)} s later, p99 ${shown(pressed.p99 / 1_000)} s; ${kept.lost.length} lost, ${kept.doubled.length} doubled, ${unanswered.length} unanswered, ${unshown.length} not shown, ${shownTwice.length} shown twice`,
      target: { must: 0, aim: 0, better: 'less' },
      samples,
    },
    {
      id: 'P4',
      what: 'refused without a time to come again',
      value: turnedAway.length,
      unit: 'messages',
      detail: `asked to come again: ${words.join(', ') || 'nobody'}; ${cutOff} cut off`,
      target: { must: 0, aim: 0, better: 'less' },
      samples,
    },
    {
      id: 'P4',
      what: `Enter → screen at ${PER_SECOND}/s right afterwards, p99 ÷ before`,
      ...ratio,
      detail: `${ratio.detail}, of ${after.seen} and ${before.seen} messages; the generator itself stood still for ${shown(after.stoodStill)} and ${shown(before.stoodStill)} ms`,
      target: { must: 2, aim: 1.5, better: 'less' },
      samples: { count: Math.min(after.seen, before.seen), of: 'messages' },
      broken: after.lost + before.lost + after.doubled + before.doubled > 0,
    },
  ];
}

async function keptOf({ world }: Stand, { acknowledged }: Pressed): Promise<Kept> {
  const { nats } = await keptSecrets(join(world.dir, 'secrets.json'));
  const access = { url: `nats://${world.admin.nc.getServer()}`, user: 'admin', password: nats.admin };
  return keptOnce(acknowledged, await readStream(access, 'CONVERSATION'));
}
