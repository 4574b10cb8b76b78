import { expect, test } from '@jest/globals';
import type { State } from '../client.ts';
import { NOTHING_KNOWN } from '../dialogue.ts';
import { texts } from '../locales/en.ts';
import type { Parcel } from '../outbox.ts';
import { tidings } from './tidings.ts';

const seen = (known: Partial<State['known']> = {}, ...parcels: Parcel[]) => ({
  known: { ...NOTHING_KNOWN, ...known },
  parcels,
});
const file = { name: 'desk.png', type: 'image/png', bytes: 4 };

test('who begins to type is named, once', () => {
  const typing = seen({ typing: { name: 'Anna' } });
  expect(tidings(seen(), typing, texts)).toBe('Anna is typing');
  expect(tidings(typing, typing, texts)).toBe('');
  expect(tidings(typing, seen(), texts)).toBe('');
  expect(tidings(seen(), seen({ typing: {} }), texts)).toBe('An agent is typing');
});

test('a file that has arrived is told; one that was taken back or refused is not', () => {
  const upload: Parcel = { id: 'a', at: 1, kind: 'upload', file };
  const arrived: Parcel = { id: 'a', at: 1, kind: 'message', text: '', files: ['f'], file };
  expect(tidings(seen({}, upload), seen({}, arrived), texts)).toBe('desk.png: 100 % sent');
  expect(tidings(seen({}, upload), seen(), texts)).toBe('');
  expect(tidings(seen({}, upload), seen({}, { ...upload, refusal: 'type' }), texts)).toBe('');
  expect(tidings(seen({}, arrived), seen({}, arrived), texts)).toBe('');
});
