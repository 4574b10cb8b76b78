import { expect, test } from '@jest/globals';
import { type Presence, presenceOver } from './presence.ts';

const SITE = 'shop';

/** Some gateways that hear each other, on one clock. */
function gateways(count: number) {
  let time = 0;
  const all: Presence[] = [];
  const shown: string[][] = [];
  for (let index = 0; index < count; index++) {
    const seen: string[] = [];
    shown.push(seen);
    all.push(
      presenceOver(
        (site, said) => {
          for (const other of all) other.hear(site, said);
        },
        (_site, visitor, online) => seen.push(`${visitor} ${online ? 'came' : 'went'}`),
        { now: () => time, gateway: `g${index}` },
      ),
    );
  }
  return {
    all: all as [Presence, Presence],
    shown: shown as [string[], string[]],
    pass(ms: number, ticking: Presence[] = all) {
      for (const end = time + ms; time < end; ) {
        time += 5_000;
        for (const each of ticking) each.tick();
      }
    },
  };
}

test('an agent sees who came before him and after him, on whichever gateway', () => {
  const { all, shown } = gateways(2);
  all[0].came(SITE, 'anna');
  all[1].watch(SITE);
  all[0].came(SITE, 'boris');
  expect(shown[1]).toEqual(['anna came', 'boris came']);
  expect([...all[1].online(SITE)]).toEqual(['anna', 'boris']);
  expect(shown[0]).toEqual([]);
});

test('opening the next page is no going, staying away is', () => {
  const { all, shown, pass } = gateways(1);
  all[0].watch(SITE);
  all[0].came(SITE, 'anna');
  all[0].left(SITE, 'anna');
  pass(5_000);
  all[0].came(SITE, 'anna');
  pass(60_000);
  expect(shown[0]).toEqual(['anna came']);
  all[0].left(SITE, 'anna');
  pass(10_000);
  expect(shown[0]).toEqual(['anna came', 'anna went']);
});

test('a visitor with two gateways is on line until both have lost him', () => {
  const { all, shown, pass } = gateways(2);
  all[0].watch(SITE);
  all[0].came(SITE, 'anna');
  all[1].came(SITE, 'anna');
  all[1].left(SITE, 'anna');
  pass(10_000);
  expect(shown[0]).toEqual(['anna came']);
  all[0].left(SITE, 'anna');
  pass(10_000);
  expect(shown[0]).toEqual(['anna came', 'anna went']);
});

test('the visitors of a gateway that died go when it has been silent for 45 seconds', () => {
  const { all, shown, pass } = gateways(2);
  all[0].watch(SITE);
  all[1].came(SITE, 'anna');
  pass(60_000);
  expect(shown[0]).toEqual(['anna came']);
  pass(60_000, [all[0]]);
  expect(shown[0]).toEqual(['anna came', 'anna went']);
});
