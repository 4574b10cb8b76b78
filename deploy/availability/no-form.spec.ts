// "No form while any agent of the site is available", on both sides at once: random days of employees who come, go and fill up, of visitors, hours and cut
// lines, played through the real desk, the real answer to a form, what the gateway tells, and the real client of the widget. No server: all of it is pure.
import { type DeskEvent, newId, type SiteSettings } from '@continuo/contracts';
import type { ToVisitor, VisitorFrame } from '@continuo/contracts/frames';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decide } from '../../services/conversation/src/domain/conversation/decide.ts';
import { unknownConversation } from '../../services/conversation/src/domain/conversation/state.ts';
import { type DeskCommand, decide as decideDesk } from '../../services/conversation/src/domain/desk/decide.ts';
import { availabilityOf, emptyDesk, evolve } from '../../services/conversation/src/domain/desk/state.ts';
import { makeDesks } from '../../services/gateway/src/availability.ts';
import { openClient } from '../../services/gateway/widget/src/client.ts';
import { givenStorage, givenWorld, welcome } from '../../services/gateway/widget/src/given.ts';
import { openKeep } from '../../services/gateway/widget/src/keep.ts';
import { headOf, mayShowForm } from '../../services/gateway/widget/src/panel/head.ts';
import { openTabs } from '../../services/gateway/widget/src/tabs.ts';

const LOST_AFTER = 2_000;
const agents = [newId(), newId(), newId()] as const;
const conversations = Array.from({ length: 8 }, () => newId());
const day = [{ from: '09:00', until: '18:00' }];
const HOURS: SiteSettings['hours'][] = [
  undefined,
  { timeZone: 'Asia/Yerevan', week: { mon: day, wed: day } },
  { timeZone: 'UTC', week: {} },
];

type Move =
  | { do: 'desk'; command: DeskCommand }
  | { do: 'cut' }
  | { do: 'pass'; ms: number }
  /** The visitor sends the form that he has before him, or one that he was shown before. */
  | { do: 'leave' };
const move: fc.Arbitrary<Move> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .record({
        name: fc.constant('set-state' as const),
        agent: fc.constantFrom(...agents),
        state: fc.constantFrom('online' as const, 'busy' as const, 'away' as const, 'offline' as const),
        capacity: fc.integer({ min: 1, max: 2 }),
      })
      .map((command) => ({ do: 'desk' as const, command })),
  },
  {
    weight: 5,
    arbitrary: fc
      .record({
        name: fc.constantFrom('queue' as const, 'free' as const),
        conversation: fc.constantFrom(...conversations),
      })
      .map((command) => ({ do: 'desk' as const, command })),
  },
  { weight: 2, arbitrary: fc.constant({ do: 'cut' as const }) },
  { weight: 3, arbitrary: fc.integer({ min: 1, max: 20_000 }).map((ms) => ({ do: 'pass' as const, ms })) },
  { weight: 3, arbitrary: fc.constant({ do: 'leave' as const }) },
);

/** One site for a while, with one visitor on its page. */
async function play(moves: Move[], hours: SiteSettings['hours']) {
  const site = { id: newId(), hours } as unknown as SiteSettings;
  const desks = makeDesks({ agent: (_: string, id: string) => ({ id, name: 'Anna' }) } as never);
  const world = givenWorld();
  const client = openClient({
    site: site.id,
    language: 'en',
    keep: openKeep(site.id, givenStorage()),
    around: world.around,
    tabs: openTabs(undefined, site.id),
  });
  let desk = emptyDesk;
  let lostAt = world.around.now();
  let answered = 0;
  const seen = { forms: 0, refused: 0, taken: 0 };

  const isAnybodyAvailable = (): boolean =>
    [...desk.agents.values()].some(({ state }) => state === 'online' || state === 'busy');
  const told = (): ToVisitor => ({ t: 'availability', ...desks.facesOf(site.id) });
  /** The gateway's end of the newest socket: it greets, and answers what was left. */
  async function serve(): Promise<void> {
    const end = world.gateway();
    if (end.closed) return;
    if (client.state().line !== 'live' && end.sent.length === 0) {
      await end.accept();
      const { availability, agents: faces } = desks.facesOf(site.id);
      const { site: shown } = welcome() as Extract<ToVisitor, { t: 'welcome' }>;
      end.say(
        welcome({ availability, agents: faces, site: { ...shown, ...(hours && { hours }) }, time: world.around.now() }),
      );
      answered = end.sent.length;
    }
    for (; answered < end.sent.length; answered++)
      answer(end.sent[answered] as VisitorFrame, (frame) => end.say(frame));
  }
  function answer(frame: VisitorFrame, say: (frame: ToVisitor) => void): void {
    if (frame.t !== 'command' || frame.name !== 'leave-offline-message') return;
    const availability = availabilityOf(desk);
    const decision = decide('leave-offline-message', unknownConversation, frame.data as never, {
      id: frame.id,
      actor: { kind: 'visitor', id: newId() },
      hasSlot: false,
      availability,
      site,
      now: world.around.now(),
    });
    const available = isAnybodyAvailable();
    // The server's side: a form is taken only when nobody is available, whatever the hours say.
    expect({ available, taken: decision.kind === 'event' }).toEqual({ available, taken: !available });
    if (decision.kind === 'refusal') {
      seen.refused += 1;
      say({ t: 'refused', id: frame.id, refusal: decision.refusal, words: decision.words });
    } else {
      seen.taken += 1;
      say({ t: 'done', id: frame.id, number: 0 });
    }
  }

  for (const one of moves) {
    if (one.do === 'desk') {
      const cause = newId();
      const decision = decideDesk(desk, one.command, { id: cause, now: world.around.now(), newSlot: newId });
      if (decision.kind === 'event') {
        const event = { ...decision, site: site.id, number: desk.number + 1, time: world.around.now(), cause };
        desk = evolve(desk, event as unknown as DeskEvent);
        if (desks.receive(event as unknown as DeskEvent) && client.state().line === 'live') world.gateway().say(told());
      }
    } else if (one.do === 'cut') {
      if (client.state().line === 'live') lostAt = world.around.now();
      world.gateway().hangUp();
    } else if (one.do === 'pass') world.pass(one.ms);
    else client.post({ kind: 'offline', text: 'Where is my order?', email: 'a@b.example' });
    // Frames may stand in several steps: hello, welcome, what waits, its answer.
    for (let step = 0; step < 4; step++) await serve();

    const { line, known } = client.state();
    const lost = line !== 'live' && world.around.now() - lostAt >= LOST_AFTER;
    const available = isAnybodyAvailable();
    const shown = mayShowForm(headOf(known, line, lost), false);
    if (shown) seen.forms += 1;
    // The widget's side: on a line that holds never; on a cut one not longer than it takes to notice.
    if (line === 'live' || lost)
      expect({ available, shown, line }).toMatchObject({ shown: shown && !available && !lost });
    if (line === 'live') expect(shown).toBe(known.availability === 'offline');
  }
  client.stop(true);
  return seen;
}

test('whatever happens on a site: while any agent is available no form is shown, and none is taken', async () => {
  const total = { forms: 0, refused: 0, taken: 0 };
  await fc.assert(
    fc.asyncProperty(
      fc.array(move, { minLength: 5, maxLength: 50 }),
      fc.constantFrom(...HOURS),
      async (moves, hours) => {
        const { forms, refused, taken } = await play(moves, hours);
        total.forms += forms;
        total.refused += refused;
        total.taken += taken;
      },
    ),
    { numRuns: 150 },
  );
  // All of it was met: forms that were shown, that were taken, and that came too late.
  expect({ forms: total.forms > 50, refused: total.refused > 5, taken: total.taken > 5 }).toEqual({
    forms: true,
    refused: true,
    taken: true,
  });
});
