import { expect, test } from '@jest/globals';
import { type Choice, type Chosen, decide, isOpen } from './choice.ts';

const HOUR = 3_600_000;
const contact = { phone: '+37477810224' };
const candidates = [
  { kind: 'contact', id: 'a', name: 'Arsen Simonyan' },
  { kind: 'contact', id: 'b', name: 'A. Simonyan' },
] as const;
const none = { known: undefined, chosen: undefined, asks: false, now: 1_000 };
const first = decide(contact, candidates, none);
const open = (first as { choice: Choice }).choice;
const chosen = (record?: Chosen['record']): Chosen => ({
  about: open.about,
  connection: 'crm',
  ...(record && { record }),
  by: 'anna',
  at: 2_000,
});

test('of several who fit nobody is taken: a person is asked, and told who they are', () => {
  expect(first).toEqual({ do: 'wait', choice: { ...open, candidates, since: 1_000, until: 1_000 + 24 * HOUR } });
  expect(isOpen(open)).toBe(true);
});

test('whom the person chose is taken; a new lead is a new lead, and nobody is asked again', () => {
  const at = { ...none, known: open, now: 3_000 };
  expect(decide(contact, candidates, { ...at, chosen: chosen({ kind: 'contact', id: 'b' }) })).toEqual({
    do: 'take',
    record: { kind: 'contact', id: 'b' },
  });
  const lead = decide(contact, candidates, { ...at, chosen: chosen() });
  expect(lead).toMatchObject({ do: 'new-lead', chosen: true, choice: { settled: true } });
  const { choice } = lead as { choice: Choice };
  expect(isOpen(choice)).toBe(false);
  // A name that becomes known later changes nothing; another phone is another question.
  expect(decide(contact, candidates, { ...at, known: choice })).toMatchObject({ do: 'new-lead', chosen: false });
  expect(decide({ phone: '+1' }, candidates, { ...at, known: choice })).toMatchObject({ do: 'wait' });
});

test('who is not among them any more, or was chosen for somebody else, is not taken', () => {
  const at = { ...none, known: open };
  for (const stale of [chosen({ kind: 'contact', id: 'gone' }), { ...chosen(), about: 'of another phone' }])
    expect(decide(contact, candidates, { ...at, chosen: stale })).toMatchObject({ do: 'wait' });
});

test('nobody is waited for without end: a day, or an hour when somebody is to be called or answered', () => {
  const at = (now: number, asks = false) => decide(contact, candidates, { ...none, known: open, now, asks }).do;
  expect([at(1_000 + 24 * HOUR - 1), at(1_000 + 24 * HOUR)]).toEqual(['wait', 'new-lead']);
  expect([at(1_000 + HOUR - 1, true), at(1_000 + HOUR, true)]).toEqual(['wait', 'new-lead']);
});
