// Ids that are attacks never become part of a subject.
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ID_PATTERN, idFromBytes, isId, newId, parseId } from './ids.ts';
import { eventSubject, parkedSubject, parseEventSubject, signalSubject, timerSubject } from './subjects.ts';

test('a subject is built from ids and taken apart again', () => {
  const [site, key] = [newId(), newId()];
  expect(parseEventSubject(eventSubject('CONVERSATION', site, key))).toEqual({ site, key });
  expect(parseEventSubject(eventSubject('DESK', site, ''))).toEqual({ site, key: '' });
});

test('wildcards, dots, blanks, other alphabets and other lengths are refused everywhere', () => {
  const good = newId();
  const attacks = [
    '*',
    '>',
    'a.b',
    `${good.slice(0, 21)}*`,
    `${good.slice(0, 21)}>`,
    `${good.slice(0, 20)}.a`,
    good.toUpperCase().replace(/\d/g, 'A'),
    `${good}0`,
    good.slice(1),
    `${good}\n`,
    '',
    '..',
    'ё'.repeat(22),
  ];
  for (const attack of attacks) {
    expect(isId(attack)).toBe(false);
    expect(() => parseId(attack, 'site')).toThrow(TypeError);
    expect(() => eventSubject('CONVERSATION', attack, good)).toThrow(TypeError);
    expect(() => eventSubject('CONVERSATION', good, attack)).toThrow(TypeError);
    expect(() => signalSubject('typing', good, attack)).toThrow(TypeError);
  }
  for (const attack of ['*', '>', 'a.b', 'a b', 'A', ''])
    expect(() => timerSubject('set', 'crm-sync', 'sync-due', attack)).toThrow(TypeError);
});

test('whatever is parked, its subject has four tokens and no wildcard', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (reason, key) =>
      expect(parkedSubject('crm-sync', reason, key)).toMatch(/^parked\.crm-sync\.[a-z-]+\.[0-9a-z-]+$/),
    ),
  );
});

test('ids have 22 characters, differ, and follow from bytes', () => {
  const ids = Array.from({ length: 1_000 }, () => newId());
  expect(new Set(ids).size).toBe(1_000);
  for (const id of ids) expect(id).toMatch(ID_PATTERN);
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 16, maxLength: 64 }), (bytes) => {
      expect(idFromBytes(bytes)).toMatch(ID_PATTERN);
      expect(idFromBytes(bytes)).toBe(idFromBytes(bytes));
    }),
  );
});
