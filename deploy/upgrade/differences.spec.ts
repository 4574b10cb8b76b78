import { expect, test } from '@jest/globals';
import { differences, type Held } from './differences.ts';

const message = (seq: number, data = 'd29yZHM=') => ({
  seq,
  subject: 'conversation.site.dialogue',
  timestamp: '2026-11-28T07:00:00Z',
  headers: {},
  data,
});
const held = (): Held => ({
  streams: { CONVERSATION: [message(1), message(2)], TIMERS: [message(1)], DEAD_LETTERS: [] },
  documents: {
    crm_links: { a: { state: 'pushed', record: { id: '7' } } },
    agents: { anna: { name: 'Anna' } },
    widget_assets: { 'panel.js': {} },
  },
});

test('the same is the same, and so is more of it: what is said since, a field that is new, a timer that has fired', () => {
  const after = held();
  after.streams['CONVERSATION']?.push(message(3));
  after.streams['TIMERS'] = [];
  after.documents['crm_links'] = { a: { state: 'pushed', record: { id: '7' }, since: 5 }, b: {} };
  after.documents['agents'] = { anna: { name: 'Anna', role: 'agent' } };
  after.documents['widget_assets'] = {};
  expect(differences(held(), held())).toEqual([]);
  expect(differences(held(), after)).toEqual([]);
});

test.each<[fault: string, breakIt: (after: Held) => void]>([
  ['stream CONVERSATION has lost message 2', ({ streams }) => void streams['CONVERSATION']?.pop()],
  ['message 1 of stream CONVERSATION', ({ streams }) => void streams['CONVERSATION']?.splice(0, 1, message(1, 'YWw='))],
  ['message 1 of stream TIMERS', ({ streams }) => void streams['TIMERS']?.splice(0, 1, message(1, 'YWw='))],
  ['1 records were set aside', ({ streams }) => void streams['DEAD_LETTERS']?.push(message(1))],
  [
    '1 mails more were sent',
    ({ documents }) => {
      documents['mails'] = { a: {} };
    },
  ],
  ['a of collection crm_links is gone', ({ documents }) => void delete documents['crm_links']?.['a']],
  ['anna of collection agents is gone', ({ documents }) => void delete documents['agents']],
  [
    'record of a in collection crm_links',
    ({ documents }) => {
      documents['crm_links'] = { a: { state: 'pushed', record: { id: '8' } } };
    },
  ],
])('it is seen that %s', (fault, breakIt) => {
  const after = held();
  breakIt(after);
  expect(differences(held(), after).join('\n')).toContain(fault);
});
