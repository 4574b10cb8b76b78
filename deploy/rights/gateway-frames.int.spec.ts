// Who may say what at the two doors: every frame, command and query of the protocol by each kind of person, against running services.
// A frame that the protocol has and this table has not fails.

import { VISITOR_COMMANDS } from '@continuo/contracts/frames';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { assemble, type Cast, PEOPLE, type Person } from './cast.ts';
import { FRAMES } from './frames.ts';
import { outcomeOf, outcomeOfRepeat } from './outcome.ts';

let cast: Cast;
beforeAll(async () => {
  cast = await assemble();
});
afterAll(async () => {
  await cast?.[Symbol.asyncDispose]();
});

type Row = readonly [string, string, string, string, string, string, string];
const unknown = 'conversation-unknown';
/** At the visitors' door an employee is a stranger like any other: his cookie gives him nothing. */
const own: Row = ['bad-frame', 'ok', unknown, unknown, unknown, unknown, unknown];
const anyVisitor: Row = ['bad-frame', 'ok', 'ok', 'ok', 'ok', 'ok', 'ok'];
/** Who is not logged in is shut out before he can say anything. */
const out = ['shut', 'shut', 'shut'] as const;
const employees: Row = [...out, 'ok', 'ok', 'ok', 'ok'];
const runningTheCrm: Row = [...out, 'not-allowed', 'connection-missing', 'connection-missing', 'not-allowed'];
const ofTheSite: Row = [...out, 'ok', 'ok', 'ok', unknown];

/** Columns as PEOPLE: anonymous, visitor, another visitor, agent, supervisor, admin, agent of another site. */
const MATRIX: Record<'visitor' | 'agent', Record<string, Row>> = {
  visitor: {
    hello: anyVisitor.with(0, 'ok') as unknown as Row,
    page: anyVisitor,
    fact: anyVisitor,
    identify: ['bad-frame', ...Array(6).fill('identity-unproved')] as unknown as Row,
    typing: ['bad-frame', 'heard', ...Array(5).fill('unheard')] as unknown as Row,
    delivered: ['bad-frame', 'heard', ...Array(5).fill('unheard')] as unknown as Row,
    ping: anyVisitor.with(0, 'ok') as unknown as Row,
    pong: Array(7).fill('ok') as unknown as Row,
    'start-conversation': anyVisitor,
    'send-message': own,
    'leave-offline-message': own,
    // His site does not call back.
    'request-callback': own.with(1, 'not-offered') as unknown as Row,
    'mark-read': own,
    'identify-contact': own,
    // Nobody has answered there yet.
    rate: own.with(1, 'not-answered') as unknown as Row,
    'request-transcript': own.with(1, 'not-answered') as unknown as Row,
    close: own,
  },
  agent: {
    hello: employees,
    open: ofTheSite,
    leave: employees,
    typing: [...out, 'heard', 'heard', 'heard', 'unheard'],
    delivered: [...out, 'heard', 'heard', 'heard', 'unheard'],
    ping: employees,
    pong: employees,
    'send-message': ofTheSite,
    'mark-read': [...out, 'not-a-participant', 'not-a-participant', 'not-a-participant', unknown],
    take: ofTheSite,
    // Nothing of the kind was asked for there.
    'finish-task': [...out, 'task-unknown', 'task-unknown', 'task-unknown', unknown],
    assign: [...out, 'not-allowed', 'ok', 'ok', 'not-allowed'],
    close: [...out, 'not-a-participant', 'ok', 'ok', unknown],
    'identify-contact': ofTheSite,
    'set-availability': [...out, 'not-allowed', 'ok', 'ok', 'not-allowed'],
    'retry-crm-writes': [...out, 'not-allowed', 'ok', 'ok', 'not-allowed'],
    // Nothing but rights and the missing CRM can refuse these.
    'test-crm': runningTheCrm,
    'pause-crm': runningTheCrm,
    'resume-crm': runningTheCrm,
    'resync-crm': runningTheCrm,
    inbox: employees,
    'visitor-card': employees,
    'crm-journal': employees,
    'crm-connection': employees,
    'crm-link': employees,
    'crm-deliveries': employees,
    'crm-holds': [...out, ...Array(4).fill('connection-missing')] as unknown as Row,
  },
};

test('every frame, command and query of the protocol has its row', () => {
  expect(Object.keys(MATRIX.visitor).sort()).toEqual([...FRAMES.visitor].sort());
  expect(Object.keys(MATRIX.agent).sort()).toEqual([...FRAMES.agent].sort());
});

for (const door of ['visitor', 'agent'] as const)
  for (const [name, row] of Object.entries(MATRIX[door]))
    test(`${name} at the ${door}s’ door`, async () => {
      const found: string[] = [];
      for (const person of PEOPLE) {
        found.push(await outcomeOf(cast, door, name, person));
      }
      expect(Object.fromEntries(PEOPLE.map((person, index) => [person, found[index]]))).toEqual(
        Object.fromEntries(PEOPLE.map((person, index) => [person, row[index]])),
      );
    });

test.each([
  ['visitor', 'agent', 'otherVisitor'],
  ['agent', 'visitor', 'admin'],
] as const)('at the %ss’ door nothing is taken that belongs to the %ss’ door alone', async (door, other, person) => {
  const names = FRAMES[other].filter((name) => !FRAMES[door].includes(name));
  expect(names).toContain(other === 'agent' ? 'take' : 'page');
  const found: [string, string][] = [];
  for (const name of names) found.push([name, await outcomeOf(cast, door, name, person)]);
  expect(found).toEqual(names.map((name) => [name, 'bad-frame']));
});

/** Who may see the dialogue is told what became of the command; for anybody else its id is one like any other. */
const REPEATED: Record<'visitor' | 'agent', { names: readonly string[]; row: Row }> = {
  visitor: { names: VISITOR_COMMANDS.filter((name) => name !== 'start-conversation'), row: own },
  agent: { names: ['send-message', 'mark-read', 'close', 'identify-contact', 'finish-task'], row: ofTheSite },
};

for (const door of ['visitor', 'agent'] as const)
  for (const name of REPEATED[door].names)
    test(`the id of a command that the visitor gave before, known to others: ${name} at the ${door}s’ door`, async () => {
      const found: [Person, string][] = [];
      for (const person of PEOPLE) found.push([person, await outcomeOfRepeat(cast, door, name, person)]);
      expect(Object.fromEntries(found)).toEqual(
        Object.fromEntries(PEOPLE.map((person, index) => [person, REPEATED[door].row[index]])),
      );
    });

test('an employee of another site sees nothing of all this', () => {
  const seen = JSON.stringify(cast.agents.foreignAgent.frames());
  expect(seen).not.toContain(cast.nordhem.site.id);
  expect(seen).not.toContain(cast.visitor.id());
});
