import type { Contact } from '@continuo/contracts';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { dialogue, type Step } from './given-dialogue.ts';
import { deservesDeal, heldBack, NO_RULE } from './rule.ts';

const said = fc.record({ say: fc.constant('x'), by: fc.constantFrom('visitor' as const, 'agent' as const) });
const steps = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: said },
    fc.constant<Step>({ say: 'x', by: 'visitor', offline: true }),
    fc.constantFrom<Step>({ close: 'solved' }, { callback: '+37477123456' }, { missed: 'nobody-online' }, { rate: 5 }),
  ),
  { minLength: 1, maxLength: 12 },
);
const rules = fc.record({ minimumMessages: fc.integer({ min: 1, max: 5 }), humanTookPart: fc.boolean() });
const contacts = fc.constantFrom<Contact>({}, { name: 'Anna' }, { email: 'anna@example.com' });

test('a rule that holds holds for ever, unless the dialogue is marked as spam', () => {
  fc.assert(
    fc.property(steps, rules, contacts, (all, rule, contact) => {
      let held = true;
      for (let length = 1; length <= all.length; length++) {
        const now = heldBack(dialogue(all.slice(0, length), { contact }), rule) !== undefined;
        expect(now && !held).toBe(false);
        held = now;
      }
    }),
  );
});

test('with no rule nothing is held back but spam', () => {
  fc.assert(
    fc.property(steps, contacts, (all, contact) => {
      const transcript = dialogue([{ say: 'x', by: 'visitor' }, ...all], { contact });
      expect(heldBack(transcript, NO_RULE)).toBeUndefined();
      expect(heldBack(dialogue([...all, { close: 'spam' }], { contact }), NO_RULE)).toBe('spam');
    }),
  );
});

test('whoever waits to be called or answered is never held back', () => {
  fc.assert(
    fc.property(steps, steps, rules, (before, after, rule) => {
      for (const asks of [{ callback: '+37477123456' }, { say: 'write to me', by: 'visitor', offline: true }] as Step[])
        expect(heldBack(dialogue([...before, asks, ...after]), rule)).toBeUndefined();
    }),
  );
});

test('a missed chat is worth a lead when the visitor can be reached, else the rule decides', () => {
  const rule = { minimumMessages: 3, humanTookPart: true };
  const missed: Step[] = [{ say: 'hello?', by: 'visitor' }, { missed: 'nobody-online' }];
  expect(heldBack(dialogue(missed), rule)).toBe('few-messages');
  expect(heldBack(dialogue(missed, { contact: { email: 'anna@example.com' } }), rule)).toBeUndefined();
});

test('messages of the visitor count, and the answer of an employee', () => {
  const visitor: Step = { say: 'x', by: 'visitor' };
  const rule = { minimumMessages: 2, humanTookPart: true };
  expect(heldBack(dialogue([visitor, { say: 'x', by: 'agent' }]), rule)).toBe('few-messages');
  expect(heldBack(dialogue([visitor, visitor]), rule)).toBe('nobody-answered');
  expect(heldBack(dialogue([visitor, visitor, { say: 'x', by: 'agent' }]), rule)).toBeUndefined();
});

test('an employee who answers after the mark takes it back, the visitor alone does not', () => {
  const spam: Step[] = [{ say: 'x', by: 'visitor' }, { close: 'spam' }, { say: 'x', by: 'visitor' }];
  expect(heldBack(dialogue(spam), NO_RULE)).toBe('spam');
  expect(heldBack(dialogue([...spam, { say: 'sorry', by: 'agent' }]), NO_RULE)).toBeUndefined();
});

test('a dialogue becomes a deal when the visitor said enough and, if wanted, an employee answered; never as spam, nor for a missed chat alone', () => {
  const rule = { minimumMessages: 2, humanTookPart: true };
  const visitor: Step = { say: 'x', by: 'visitor' };
  const answer: Step = { say: 'y', by: 'agent' };
  const deals = (steps: Step[]): boolean => deservesDeal(dialogue(steps), rule);
  expect(deals([visitor, answer])).toBe(false);
  expect(deals([visitor, visitor])).toBe(false);
  expect(deals([visitor, { missed: 'nobody-online' }, { callback: '+37477123456' }])).toBe(false);
  expect(deals([visitor, visitor, answer])).toBe(true);
  expect(deals([visitor, visitor, answer, { close: 'spam' }])).toBe(false);
});
