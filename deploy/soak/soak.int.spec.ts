// A small `npm run soak`, and the proof that its checker can find something. By hand with 500 dialogues each: docs/soak.md.
import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Blow } from './hurt.ts';
import { runSoak, type Soak } from './run.ts';
import { TARGETS } from './targets.ts';

/** One replica stands still longer than its lease while the other one is killed twice and the broker goes. */
const BLOWS: Blow[] = [
  { at: 1_500, what: 'SIGSTOP', replica: 0, holdMs: 20_500 },
  { at: 4_000, what: 'SIGKILL', replica: 1, holdMs: 300 },
  { at: 6_000, what: 'broker', replica: 0, holdMs: 0 },
  { at: 10_000, what: 'SIGKILL', replica: 1, holdMs: 300 },
];

const isTranscript = (line: string): boolean => line.includes('"type":"transcript-changed"');

let soak: Soak;
beforeAll(async () => {
  soak = await runSoak({
    seed: 2,
    dialogues: 8,
    seconds: 8,
    spoilSeconds: 13,
    everyMs: 0,
    share: 0.3,
    targets: TARGETS,
    shortest: 4,
    schedule: BLOWS,
  });
}, 600_000);
afterAll(async () => soak?.[Symbol.asyncDispose](), 120_000);

test('each transcript stands once and equal in the CRM, by code and by a mapping file, and in the queue, whatever was hurt', () => {
  const { findings, blows, targets, spoiled, exposed, messages, dir } = soak.result;
  expect({ broken: findings.filter(({ broken }) => broken.length > 0), kept: dir }).toEqual({ broken: [], kept: dir });
  expect(findings.map(({ target, invariant }) => `${target}: ${invariant}`)).toEqual([
    'bottlecrm: each transcript once and equal',
    'bottlecrm: one lead per person',
    'bottlecrm-mapping: each transcript once and equal',
    'bottlecrm-mapping: one lead per person',
    'amqp: each transcript once and equal',
    'amqp: one lead per visitor',
    'amqp: same id, same message',
  ]);
  expect(findings.every(({ looked }) => looked > 0)).toBe(true);
  expect(blows.map(({ what }) => what).sort()).toEqual(BLOWS.map(({ what }) => what).sort());
  expect(messages).toBeGreaterThanOrEqual(targets.length * 8 * 4);
  const times = Object.values(spoiled).reduce((sum, one) => sum + one, 0);
  expect(times / exposed).toBeGreaterThan(0.15);
});

test('the checker finds what is lost, doubled or changed in the CRM, and what the consumer lacks', async () => {
  const [built, mapped, queue] = soak.evidence.targets;
  const first = async (target: typeof built) => {
    if (!target || !('organisations' in target)) throw new Error('no CRM');
    const { baseUrl, token } = target.organisations[0] as (typeof target.organisations)[number];
    const call = async <T>(method: string, path: string, body?: object): Promise<T> => {
      const answer = await fetch(`${baseUrl}${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', connection: 'close' },
        ...(body && { body: JSON.stringify(body) }),
      });
      if (!answer.ok) throw new Error(`${answer.status}`);
      return answer.json() as Promise<T>;
    };
    const { open_leads } = await call<{ open_leads: { open_leads: { id: string }[] } }>('GET', '/api/leads/?limit=9');
    const lead = open_leads.open_leads[0]?.id as string;
    const { comments } = await call<{ comments: { id: string; comment: string }[] }>('GET', `/api/leads/${lead}/`);
    return { call, lead, note: comments[0] as (typeof comments)[number] };
  };
  const one = await first(built);
  await one.call('POST', `/api/leads/${one.lead}/`, { comment: one.note.comment });
  const other = await first(mapped);
  await other.call('PATCH', `/api/leads/comment/${other.note.id}/`, {
    comment: other.note.comment.replace(/: (\S)/g, ': !$1'),
  });
  if (!queue || !('consumed' in queue)) throw new Error('no queue');
  const lines = readFileSync(queue.consumed, 'utf8').split('\n');
  const lost = JSON.parse(lines.findLast(isTranscript) as string) as {
    body: string;
  };
  const { conversation } = (JSON.parse(lost.body) as { data: { conversation: string } }).data;
  writeFileSync(
    queue.consumed,
    lines.filter((line) => !(isTranscript(line) && line.includes(conversation))).join('\n'),
  );

  const broken = (await soak.recheck()).flatMap(({ target, broken: said }) =>
    said.map((words) => `${target}: ${words}`),
  );
  expect(broken).toEqual([
    expect.stringMatching(/^bottlecrm: part \d of \w{22} stands twice/),
    expect.stringMatching(/^bottlecrm-mapping: \w{22}: .* instead of/),
    `amqp: ${conversation} is not there`,
  ]);
}, 240_000);
