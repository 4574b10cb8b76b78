import { expect, test } from '@jest/globals';
import { findings, type Heard } from './findings.ts';

const good = (): Heard => ({
  acknowledged: [{ conversation: 'c', text: 'answer 1', afterMs: 40 }],
  refused: [],
  unfinished: [],
  gatewayWent: true,
  atDesk: new Map([['c', ['w0 says 1', 'answer 1']]]),
  atVisitors: new Map([['c', ['w0 says 1', 'answer 1']]]),
  shown: { absences: [90], unstored: [1_500], dials: [1], failures: [], moves: [120], untold: [] },
});

test('an update that nobody noticed has no findings', () => expect(findings(good())).toEqual([]));

test.each<[string, (heard: Heard) => void]>([
  ['sees it 0 times', (heard) => heard.acknowledged.push({ conversation: 'c', text: 'answer 2', afterMs: 40 })],
  ['sees it 2 times', (heard) => heard.atVisitors.get('c')?.push('answer 1')],
  ['stands more than once: w0 says 1', (heard) => heard.atVisitors.get('c')?.push('w0 says 1')],
  ['the employee sees 3 messages', (heard) => heard.atDesk.get('c')?.push('more')],
  ['waited 23 s', (heard) => heard.acknowledged.splice(0, 1, { ...heard.acknowledged[0], afterMs: 23_000 } as never)],
  ['did not end: visitor 0 sees 1 of 2', (heard) => heard.unfinished.push('visitor 0 sees 1 of 2 messages')],
  ['for 3 s that nothing is stored', (heard) => heard.shown.unstored.push(3_000)],
  ['without a gateway for 12 s', (heard) => heard.shown.absences.push(12_000)],
  ['was refused: busy', (heard) => heard.refused.push('busy')],
  ['nothing was looked at', (heard) => (heard.atVisitors as Map<string, string[]>).clear()],
  ['no gateway was replaced', (heard) => void heard.shown.moves.pop()],
  ['a widget shows: full (2 times)', (heard) => heard.shown.failures.push('full', 'full')],
  ['ended with 1006', (heard) => heard.shown.untold.push(1006)],
  ['took 3 sockets', (heard) => heard.shown.dials.push(3)],
])('… %s', (words, breakIt) => {
  const heard = good();
  breakIt(heard);
  expect(findings(heard).join('\n')).toContain(words);
});

test('where no gateway went, nobody has to move', () => {
  const heard = { ...good(), gatewayWent: false };
  heard.shown.moves.pop();
  expect(findings(heard)).toEqual([]);
});
