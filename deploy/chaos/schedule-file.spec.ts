import { expect, test } from '@jest/globals';
import { clusterScheduleOf } from '../cluster/schedule.ts';
import { OptionFault } from './options.ts';
import { scheduleOf } from './schedule.ts';
import { inWords, scheduleFrom } from './schedule-file.ts';

const file = (lines: readonly string[]): string => `${lines.join('\n')}\n`;

test.each([
  ['one of each', scheduleOf({ seed: 7, faults: 40, seconds: 90 })],
  ['a cluster', clusterScheduleOf({ seed: 7, faults: 12, seconds: 60 })],
])('a schedule for %s comes back from its lines', (_what, schedule) => {
  expect(scheduleFrom(file(schedule.map(inWords)))).toEqual(schedule);
});

test('lines may be struck out, put in another order and commented', () => {
  const [first, second, third] = scheduleOf({ seed: 7, faults: 3, seconds: 90 }).map(inWords) as [
    string,
    string,
    string,
  ];
  expect(scheduleFrom(file(['# the shortest that shows it', third, `# ${second}`, '', first])).map(inWords)).toEqual([
    first,
    third,
  ]);
});

test.each([
  'soon SIGKILL gateway 1 for 100 ms',
  '100 ms SIGTERM gateway 1 for 100 ms',
  '100 ms SIGKILL gatewy 1 for 100 ms',
  '100 ms SIGKILL gateway 1 for 100 ms, meanwhile SIGKILL mongod 1',
  '100 ms SIGKILL gateway 1 for 100 ms, meanwhile SIGKILL conversation 1',
  '100 ms SIGKILL gateway 1',
  '100 ms step-down gateway 1 for 100 ms',
])('a line that says nothing known is refused with its number: %s', (line) => {
  expect(() => scheduleFrom(file(['# first', line]))).toThrow(
    new OptionFault(
      `line 2 of the schedule, ${JSON.stringify(line)}, is no fault; one reads "900 ms SIGSTOP nats-server 3 for 500 ms, meanwhile SIGKILL gateway 1"`,
    ),
  );
});

test('a schedule without a fault is refused', () => {
  expect(() => scheduleFrom('# nothing\n')).toThrow(new OptionFault('the schedule has no fault'));
});
