import { expect, test } from '@jest/globals';
import type { Figure } from './figures.ts';
import { needFiles, startTaking, told } from './taking.ts';

const figure = (id: string, count = 1): Figure => ({
  id,
  what: 'a figure',
  value: 1,
  unit: '',
  detail: '',
  target: { must: 2, aim: 1, better: 'less' },
  samples: { count, of: 'starts' },
});
async function* gives(...given: (Figure | Error)[]): AsyncGenerator<Figure> {
  for (const one of given) {
    if (one instanceof Error) throw one;
    yield one;
  }
}

test('a part that fails is named with its reason, and costs no other figure, nor those it took before', async () => {
  const { take, taken } = startTaking(new Set(['sockets', 'rate', 'again']));
  await take('again', () => gives(figure('Q9')));
  await take('sockets', () => gives(figure('Q4'), new Error('nobody came back'), figure('Q5')));
  await take('rate', () => gives(figure('Q1a')));
  expect(taken.figures.map(({ id }) => id)).toEqual(['Q9', 'Q4', 'Q1a']);
  expect(taken.failures).toEqual([{ part: 'sockets', why: 'nobody came back' }]);
  const { text, data, exitCode } = told(taken);
  expect(exitCode).toBe(1);
  expect(text).toContain('sockets (Q4, Q5: sockets) was not taken whole: nobody came back');
  expect(text.indexOf('| Q1a |')).toBeLessThan(text.indexOf('| Q4 |'));
  expect(data).toMatchObject({ figures: [{ id: 'Q1a' }, { id: 'Q4' }, { id: 'Q9' }], failures: taken.failures });
});

test('a part that was not asked for is not taken', async () => {
  const { take, taken } = startTaking(new Set(['rate']));
  await take('again', () => gives(figure('Q9')));
  expect(taken).toEqual({ figures: [], failures: [] });
});

test('parts that need what did not start fail with its reason, those that were taken stay', async () => {
  const { take, taken, without } = startTaking(new Set(['fresh', 'rate', 'again']));
  await take('fresh', () => gives(figure('Q9')));
  without(['fresh', 'rate', 'screen'], new Error('no server'));
  expect(taken.failures).toEqual([{ part: 'rate', why: 'no server' }]);
});

test('the run has gone well when all was measured, whatever was reached', async () => {
  const { take, taken } = startTaking(new Set(['rate']));
  expect(told(taken).exitCode).toBe(1);
  await take('rate', () => gives({ ...figure('Q1a'), value: 3 }));
  expect(told(taken).exitCode).toBe(0);
  taken.figures.push(figure('Q2', 0));
  expect(told(taken).exitCode).toBe(1);
});

test('who may open too few files is told to which number to raise them', async () => {
  expect(() => needFiles(10_250, 1_000)).toThrow(/1000 files.*raise `ulimit -n` to 10250/);
  expect(() => needFiles(10_250, 10_250)).not.toThrow();
  const { take, taken } = startTaking(new Set(['rate']));
  await take('rate', () => gives(new Error('crowd.ts: connect EMFILE 127.0.0.1:4222')));
  expect(taken.failures[0]?.why).toMatch(/EMFILE.*raise `ulimit -n` to \d+/);
});
