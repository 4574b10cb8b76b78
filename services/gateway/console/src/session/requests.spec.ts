// Commands and queries until their answer comes.

import type { AgentFrame, ToAgent } from '@continuo/contracts/frames';
import { expect, test } from '@jest/globals';
import { createRequests } from './requests.ts';

const CONVERSATION = 'c000000000000000000001';

function given() {
  const sent: AgentFrame[] = [];
  const delayed: (() => unknown)[] = [];
  let last = 0;
  const requests = createRequests({
    send: (frame) => sent.push(frame) > 0,
    newId: () => `id-${++last}`,
    later: (run) => delayed.push(run),
  });
  return { requests, sent, delayed };
}

test('the event that a command caused is its acknowledgement', async () => {
  const { requests } = given();
  const outcome = requests.command('take', { conversation: CONVERSATION });
  requests.receive({ t: 'event', event: { cause: 'id-1' } } as ToAgent);
  expect(await outcome).toEqual({ ok: true });
});

test('a refusal comes with its words', async () => {
  const { requests } = given();
  const outcome = requests.command('take', { conversation: CONVERSATION });
  requests.receive({ t: 'refused', id: 'id-1', refusal: 'already-taken', words: 'Anna has it.' });
  expect(await outcome).toEqual({ ok: false, refusal: 'already-taken', words: 'Anna has it.' });
});

test('after a reconnect the unanswered go out again under the same id, the answered do not', async () => {
  const { requests, sent } = given();
  const first = requests.command('close', { conversation: CONVERSATION, reason: 'solved' });
  void requests.query('visitor-card', { visitor: 'v000000000000000000001' });
  requests.receive({ t: 'done', id: 'id-1', number: 0 });
  await first;
  sent.length = 0;
  requests.repeat();
  expect(sent).toMatchObject([{ t: 'query', id: 'id-2' }]);
});

test('a busy conversation is tried again by itself', async () => {
  const { requests, sent, delayed } = given();
  const outcome = requests.command('take', { conversation: CONVERSATION });
  requests.receive({ t: 'refused', id: 'id-1', refusal: 'busy', words: 'Too many at once.' });
  for (const run of delayed) run();
  expect(sent.map((frame) => 'id' in frame && frame.id)).toEqual(['id-1', 'id-1']);
  requests.receive({ t: 'done', id: 'id-1', number: 4 });
  expect(await outcome).toEqual({ ok: true });
});

test('a service that does not answer for a moment is asked again with the same command', () => {
  const { requests, sent, delayed } = given();
  void requests.command('take', { conversation: CONVERSATION });
  requests.receive({ t: 'refused', id: 'id-1', refusal: 'unavailable', words: 'No answer.', retryAfterMs: 2000 });
  for (const run of delayed) run();
  expect(sent).toHaveLength(2);
});

test('a query that nobody answers says why', async () => {
  const { requests } = given();
  const answer = requests.query('crm-holds', { conversation: CONVERSATION });
  requests.receive({ t: 'answer', id: 'id-1', ok: false, refusal: 'crm-unreachable', words: 'No answer.' });
  expect(await answer).toEqual({ ok: false, refusal: 'crm-unreachable', words: 'No answer.' });
});
