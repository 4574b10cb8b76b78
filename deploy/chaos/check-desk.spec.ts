import { expect, test } from '@jest/globals';
import { checkDesk } from './check-desk.ts';
import type { RawEvent } from './check-stream.ts';

const event = (number: number, type: string, data: object): RawEvent => ({
  subject: 'desk.s',
  seq: number,
  id: `e${number}`,
  cause: `c${number}`,
  type,
  number,
  data,
});
const QUEUED = event(1, 'dialogue-queued', { conversation: 'a', assigned: [] });
const TAKEN = event(2, 'dialogue-taken', { conversation: 'a', agent: 'x', assigned: [] });
const snapshot = (number: number, agent: string) =>
  event(number, 'desk-snapshot', { queue: [], slots: [{ conversation: 'a', agent }] });
const broken = (stream: RawEvent[]) => checkDesk(stream, 's', 1).map((finding) => finding.broken.length);

test('a snapshot that says what was played holds, another is found', () => {
  expect(broken([QUEUED, TAKEN, snapshot(3, 'x')])).toEqual([0, 0]);
  expect(broken([QUEUED, TAKEN, snapshot(3, 'y')])).toEqual([0, 1]);
});

test('what was rolled up unseen is missing right before a snapshot only', () => {
  expect(broken([QUEUED, snapshot(3, 'x')])).toEqual([0, 0]);
  expect(broken([QUEUED, event(3, 'slot-freed', { conversation: 'a' })])).toEqual([1, 0]);
});
