import { type Transcript, type TranscriptItem, textBlocks } from '@continuo/transcript';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { loadTemplates } from '../templates.ts';
import {
  endOfParts,
  forgetRecord,
  type Link,
  linkState,
  moveTo,
  newLink,
  standing,
  withPart,
  withTask,
} from './link.ts';
import { dialogueOf, markerOf, parsePartMarker, partMarker, partNote } from './note.ts';
import { type Action, plan, told } from './reconcile.ts';

const CONVERSATION = 'c'.repeat(22);
const SITE = 's'.repeat(22);
const visitor = { kind: 'visitor', id: 'v', name: 'Анна' } as const;
const agent = { kind: 'agent', id: 'a', name: 'Maria' } as const;
const limits = (room: number) => ({ room, language: 'en' as const });

type Step = { say: string; by: 'visitor' | 'agent' } | { close: true } | { identify: true };
function transcriptOf(steps: readonly Step[]): Transcript {
  let closed = false;
  const items = steps.map((step, index): TranscriptItem => {
    const number = index * 2 + 1;
    if ('close' in step) {
      closed = true;
      return { kind: 'closed', number, at: number, by: agent, reason: 'solved' };
    }
    if ('identify' in step) return { kind: 'identified', number, at: number, contact: { name: 'Anna' } };
    const reopened = closed ? { from: 'widget' as const, closedAt: 1 } : undefined;
    closed = false;
    const author = step.by === 'visitor' ? visitor : agent;
    return {
      kind: 'message',
      number,
      id: `e${number}`,
      cause: 'c',
      author,
      text: step.say,
      at: number,
      channel: 'chat',
      ...(reopened && { reopened }),
    };
  });
  return {
    conversation: CONVERSATION,
    site: SITE,
    number: steps.length * 2,
    status: 'open',
    visitor: 'v',
    contact: {},
    language: 'en',
    participants: {},
    startedAt: 0,
    updatedAt: 0,
    unanswered: 0,
    read: { visitor: 0, agent: 0 },
    lastOf: { visitor: 0, agent: 0 },
    messageCount: 0,
    items,
  };
}
const linked = (record = 'lead-1'): Link => ({
  ...newLink(SITE, CONVERSATION, 'crm'),
  record: { kind: 'lead', id: record, ours: true, anonymous: true, told: told({}) },
});
const writes = (actions: Action[]) => actions.filter((action) => action.do === 'write');

/** A CRM in a map: notes by record and part, written as the performer does, with the text kept as it stood at each write. */
function perform(
  link: Link,
  actions: Action[],
  notes: Map<string, string>,
  crash: 'no' | 'before-call' | 'after-call' = 'no',
): Link {
  const [action] = actions;
  if (action?.do !== 'write') return link;
  const writing = withPart(link, action.part);
  if (crash === 'before-call') return writing;
  notes.set(`${action.part.record.id}/${action.part.part}`, action.text);
  return crash === 'after-call' ? writing : withPart(writing, standing(action.part));
}

const said = fc.record({
  say: fc.oneof(
    { weight: 3, arbitrary: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }) },
    fc.integer({ min: 1, max: 60 }).map((times) => '👩‍👩‍👧'.repeat(times)),
    fc.integer({ min: 1, max: 200 }).map((times) => 'слово '.repeat(times)),
  ),
  by: fc.constantFrom('visitor' as const, 'agent' as const),
});
const steps = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: said },
    fc.constant({ close: true as const }),
    fc.constant({ identify: true as const }),
  ),
  { minLength: 1, maxLength: 25 },
);
const runs = fc.array(
  fc.record({
    seen: fc.nat(25),
    crash: fc.constantFrom('no' as const, 'before-call' as const, 'after-call' as const),
    move: fc.boolean(),
  }),
  { maxLength: 12 },
);

test('a file is written with its size and the address where an employee opens it', () => {
  const transcript = transcriptOf([{ say: 'the plan', by: 'visitor' }]);
  const file = { id: 'f'.repeat(22), name: 'plan.pdf', type: 'application/pdf', bytes: 1_234_567 };
  const items = transcript.items.map((item) => ({ ...item, files: [file] })) as TranscriptItem[];
  const fileLink = ({ id }: { id: string }) => `https://chat.example/open/t/${id}`;
  const [written] = writes(plan({ ...transcript, items }, linked(), { ...limits(1_000), fileLink }));
  expect(written?.text).toContain(`the plan\nFile: plan.pdf · 1.2 MB · https://chat.example/open/t/${file.id}\n`);
});

test('whatever was seen when, and wherever it crashed, the notes hold the whole dialogue once, in order and within the limit', () => {
  fc.assert(
    fc.property(steps, runs, fc.integer({ min: 90, max: 700 }), (all, interruptions, room) => {
      const notes = new Map<string, string>();
      const full = new Map<string, string>();
      let link = linked();
      const remember = () => {
        for (const part of link.parts)
          if (part.full && !part.writing) {
            const key = `${part.record.id}/${part.part}`;
            const text = notes.get(key) as string;
            expect(text).toBe(full.get(key) ?? text);
            full.set(key, text);
          }
      };
      for (const { seen, crash, move } of interruptions) {
        const transcript = transcriptOf(all.slice(0, Math.max(1, Math.min(seen, all.length))));
        link = perform(link, plan(transcript, link, limits(room)), notes, crash);
        if (move && link.parts.every(({ writing }) => !writing))
          link = moveTo(link, { ...(link.record as NonNullable<Link['record']>), id: `lead-${link.parts.length + 2}` });
        remember();
      }
      const transcript = transcriptOf(all);
      for (
        let actions = plan(transcript, link, limits(room));
        actions.length > 0;
        actions = plan(transcript, link, limits(room))
      ) {
        link = perform(link, actions, notes);
        remember();
      }
      const blocks = textBlocks(transcript, 'en');
      expect(link.parts.map(({ part, record }) => notes.get(`${record.id}/${part}`)).join('')).toBe(
        blocks.map(({ text }) => text).join(''),
      );
      const borders = new Set<number>();
      for (const { index } of new Intl.Segmenter('und', { granularity: 'grapheme' }).segment(
        blocks.map(({ text }) => text).join(''),
      ))
        borders.add(index);
      let at = 0;
      for (const { part, record } of link.parts) {
        const text = notes.get(`${record.id}/${part}`) as string;
        expect(text.length).toBeLessThanOrEqual(room);
        at += text.length;
        expect(borders.has(at) || part === link.parts.length).toBe(true);
      }
    }),
    { numRuns: 300 },
  );
});

test('however little room a note has, and if it has none, a plan ends and makes progress with each part', () => {
  const rooms = fc.oneof(
    fc.integer({ min: -10_000, max: 40 }),
    fc.constantFrom(0, 1, Number.NaN, Number.NEGATIVE_INFINITY, 0.5),
  );
  fc.assert(
    fc.property(fc.array(said, { minLength: 1, maxLength: 4 }), rooms, (all, room) => {
      const transcript = transcriptOf(all);
      const blocks = textBlocks(transcript, 'en');
      const texts = writes(plan(transcript, linked(), limits(room))).map(({ text }) => text);
      expect(texts.join('')).toBe(blocks.map(({ text }) => text).join(''));
      expect(texts).not.toContain('');
    }),
    { numRuns: 100 },
  );
});

test('whatever language the site speaks meanwhile and wherever its clock hangs, and whatever is summed up, each word stands once and in order', () => {
  const summary = (upTo: number) => `Answered by: Maria\nMessages: ${upTo}`;
  const kinds = fc.array(fc.constantFrom<'visitor' | 'agent' | 'close'>('visitor', 'agent', 'close'), {
    minLength: 1,
    maxLength: 25,
  });
  const looks = fc.array(
    fc.record({
      seen: fc.nat(25),
      language: fc.constantFrom('en' as const, 'ru' as const, 'hy' as const, 'zh' as const),
      timeZone: fc.constantFrom('UTC', 'Asia/Yerevan', 'America/Argentina/ComodRivadavia'),
    }),
    { minLength: 1, maxLength: 12 },
  );
  fc.assert(
    fc.property(kinds, looks, fc.integer({ min: 220, max: 500 }), (all, changes, room) => {
      const steps = all.map(
        (kind, index): Step => (kind === 'close' ? { close: true } : { say: `<${index}>`, by: kind }),
      );
      const notes = new Map<string, string>();
      let link = linked();
      const last = { seen: steps.length, language: 'de' as const, timeZone: 'UTC' };
      for (const { seen, language, timeZone } of [...changes, last]) {
        const transcript = transcriptOf(steps.slice(0, Math.max(1, Math.min(seen, steps.length))));
        const wants = { room, language, timeZone, summary };
        for (let actions = plan(transcript, link, wants); actions.length > 0; actions = plan(transcript, link, wants))
          link = perform(link, actions, notes);
      }
      const whole = link.parts.map(({ part, record }) => notes.get(`${record.id}/${part}`)).join('');
      expect(whole.match(/<\d+>/g) ?? []).toEqual(steps.flatMap((step) => ('say' in step ? [step.say] : [])));
      expect(whole.match(/Answered by/g) ?? []).toHaveLength(all.filter((kind) => kind === 'close').length);
    }),
  );
});

test('a task and the site’s fields come after the text, once each, and fields on leads of ours alone', () => {
  const transcript = transcriptOf([{ say: 'one', by: 'visitor' }]);
  const item = transcript.items[0] as TranscriptItem;
  const task = { number: 1, kind: 'offline-message' as const, due: 1, at: 1, item, contact: {} };
  const wants = { ...limits(500), tasks: [task], fields: 'digest' };
  expect(plan(transcript, linked(), wants).map((action) => action.do)).toEqual(['write', 'task', 'fields']);
  const record = linked().record as NonNullable<Link['record']>;
  const written = perform(linked(), plan(transcript, linked(), wants), new Map());
  const tried = withTask(written, { number: 1, record, state: 'writing' });
  expect(plan(transcript, tried, wants).map((action) => action.do)).toEqual(['task', 'fields']);
  const done = withTask(
    { ...tried, record: { ...record, fields: 'digest' } },
    { number: 1, record, state: 'done', id: 't' },
  );
  expect(plan(transcript, done, wants)).toEqual([]);
  expect(plan(transcript, { ...done, record: { ...record, ours: false } }, wants)).toEqual([]);
});

test('what a rule holds back is neither behind nor failed, until something happens', () => {
  const { record: _record, ...link } = linked();
  const held: Link = { ...link, wantedUpTo: 3, held: { because: 'few-messages', upTo: 3 } };
  expect(linkState(held)).toBe('held');
  expect(linkState({ ...held, wantedUpTo: 4 })).toBe('pending');
});

test('a message that no longer fits begins the next part whole', () => {
  const transcript = transcriptOf([
    { say: 'a'.repeat(100), by: 'visitor' },
    { say: 'b'.repeat(100), by: 'agent' },
  ]);
  const parts = writes(plan(transcript, linked(), limits(200)));
  expect(parts.map(({ text }) => /a{100}|b{100}/.exec(text)?.[0].length)).toEqual([100, 100]);
});

test('a message longer than a part is cut before the emoji at the cut, not through it', () => {
  const text = `${'x'.repeat(60)}👩‍👩‍👧${'y'.repeat(100)}`;
  const transcript = transcriptOf([{ say: text, by: 'visitor' }]);
  const [first, second] = writes(plan(transcript, linked(), limits(105)));
  expect(first?.text.endsWith('xxx')).toBe(true);
  expect(second?.text.startsWith('👩‍👩‍👧y')).toBe(true);
});

test('a grapheme larger than a whole part does not stop the sync', () => {
  const transcript = transcriptOf([{ say: `e${'\u0301'.repeat(500)}`, by: 'visitor' }]);
  const parts = writes(plan(transcript, linked(), limits(100)));
  expect(parts.length).toBeGreaterThan(4);
  expect(Math.max(...parts.map(({ text }) => text.length))).toBeLessThanOrEqual(100);
});

test('many messages in one window are one note', () => {
  const transcript = transcriptOf(
    Array.from({ length: 50 }, (_, index) => ({ say: `message ${index}`, by: 'visitor' as const })),
  );
  expect(writes(plan(transcript, linked(), limits(9000)))).toHaveLength(1);
});

test('nothing is written when the CRM is up to date', () => {
  const transcript = transcriptOf([{ say: 'one', by: 'visitor' }]);
  const link = perform(linked(), plan(transcript, linked(), limits(500)), new Map());
  expect(plan(transcript, link, limits(500))).toEqual([]);
});

test('a resumed dialogue starts a new part with the link in its heading', () => {
  const before: Step[] = [{ say: 'one', by: 'visitor' }, { close: true }];
  const link = perform(linked(), plan(transcriptOf(before), linked(), limits(500)), new Map());
  const actions = writes(plan(transcriptOf([...before, { say: 'a week later', by: 'agent' }]), link, limits(500)));
  expect(actions).toMatchObject([{ part: { part: 2 }, opens: true }]);
});

test('with no record known the person is looked for first, and nothing is written before', () => {
  const { record: _record, ...link } = linked();
  expect(plan(transcriptOf([{ say: 'one', by: 'visitor' }]), link, limits(500))).toEqual([{ do: 'resolve' }]);
});

test('what became known of the visitor is told before more text is written', () => {
  const transcript = { ...transcriptOf([{ say: 'one', by: 'visitor' }]), contact: { email: 'anna@example.com' } };
  expect(plan(transcript, linked(), limits(500)).map((action) => action.do)).toEqual(['identify', 'write']);
});

test('what the company wrote about a person is never told anew', () => {
  const transcript = { ...transcriptOf([{ say: 'one', by: 'visitor' }]), contact: { email: 'anna@example.com' } };
  const link = linked();
  const found: Link = {
    ...link,
    record: { ...(link.record as NonNullable<Link['record']>), kind: 'contact', ours: false },
  };
  expect(plan(transcript, found, limits(500)).map((action) => action.do)).toEqual(['write']);
});

test('after the record is gone, what stood on it is written again on another', () => {
  const transcript = transcriptOf([{ say: 'one', by: 'visitor' }]);
  const link = perform(linked(), plan(transcript, linked(), limits(500)), new Map());
  const forgotten = forgetRecord(link, { kind: 'lead', id: 'lead-1' });
  expect(forgotten.record).toBeUndefined();
  expect(endOfParts(forgotten)).toEqual({ after: 0, offset: 0 });
});

test('a note is known by the marker in its last line only', () => {
  const transcript = transcriptOf([{ say: 'one', by: 'visitor' }]);
  const dialogueUrl = 'https://chat.example.com/open/x';
  const context = {
    siteName: 'Shop',
    dialogueUrl,
    language: 'en' as const,
    timeZone: 'UTC',
    words: loadTemplates().en,
    facts: {},
    fields: {},
  };
  const note = partNote(transcript, { part: 2, text: 'text\n', opens: true }, context);
  expect(parsePartMarker(note)).toEqual({ conversation: CONVERSATION, part: 2 });
  expect(dialogueOf(note)).toBe('text\n');
  expect(note).toContain('https://chat.example.com/open/x');
  expect(markerOf(`${note}\nI called her back.`)).toBeUndefined();
  expect(markerOf(`${partMarker(CONVERSATION, 1)} and more`)).toBeUndefined();
});

test('a deal comes after text and tasks, and once it stands never again', () => {
  const transcript = transcriptOf([{ say: 'hi', by: 'visitor' }]);
  const wants = { ...limits(500), deal: true };
  expect(plan(transcript, linked(), wants).map((action) => action.do)).toEqual(['write', 'deal']);
  const record = { kind: 'lead' as const, id: '1' };
  const dealt = (state: 'writing' | 'done') => ({ ...linked(), deal: { record, state, id: '7' } });
  expect(plan(transcript, dealt('writing'), wants).map((action) => action.do)).toEqual(['write', 'deal']);
  expect(plan(transcript, dealt('done'), wants).map((action) => action.do)).toEqual(['write']);
  expect(plan(transcript, linked(), { ...wants, deal: false }).map((action) => action.do)).toEqual(['write']);
});
