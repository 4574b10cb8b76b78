// Of the faults contract what concerns the dialogue itself: work that is stopped, what is taken up again, what a person has to do, how people call themselves.
import type { CrmTaskKind } from '@continuo/contracts';
import { newId } from '@continuo/contracts';
import { eventually } from '@continuo/testing';
import { expect, test } from '@jest/globals';
import { type Dialogue, dialogueIn } from './dialogue.ts';
import type { FaultSet } from './faults-contract.ts';

const PHONE = '+37477123456';

/** What leads to a task of each kind; the number of its event is 2. */
const ASKS: Record<CrmTaskKind, (dialogue: Dialogue) => Promise<void>> = {
  callback: (dialogue) =>
    dialogue.tell('callback-requested', { ...by(dialogue), phone: PHONE, topic: 'a<b и c>d', language: 'ru' }),
  'missed-chat': (dialogue) => dialogue.tell('conversation-missed', { since: 1, cause: 'nobody-online' }),
  'offline-message': async (dialogue) => {
    const email = `${newId()}@example.com`;
    await dialogue.tell('offline-message-left', { ...by(dialogue), text: 'a<b и c>d', email, language: 'ru' });
    dialogue.said.push('a<b и c>d');
  },
};
const by = ({ visitor }: Dialogue) => ({ visitor, author: { kind: 'visitor', id: visitor } as const });

export function dialogueFaults(set: FaultSet): void {
  const { begin, row, caughtUp, expectOnce } = set;

  test('work that is stopped in the middle of a call is finished by another replica, whether the answer still comes or not', async () => {
    const { place, ground, site } = set;
    const dialogue = await begin();
    const letGo = place.holdAnswer();
    const stop = new AbortController();
    const work = ground.replica()(site, dialogue.conversation, { signal: stop.signal });
    await eventually(async () => expect(await place.parts(dialogue)).toHaveLength(1));
    stop.abort();
    await work;
    expect((await row(dialogue))?.failure).toMatchObject({ failure: 'unreachable' });
    letGo();
    await dialogue.say('and on', 'agent');
    await expectOnce(dialogue, await caughtUp(dialogue));
    expect(await place.leads(dialogue)).toBe(1);
  });

  test('a dialogue that is taken up again after its end goes on in the same record, also when that answer is lost', async () => {
    const { place, ground, site } = set;
    const dialogue = await begin();
    await dialogue.close();
    const [first] = await caughtUp(dialogue);
    await dialogue.say('a week later');
    const lost = place.days.find(({ failure }) => failure === 'unreachable');
    await lost?.arm();
    await ground.timePasses(site);
    await ground.replica()(site, dialogue.conversation);
    expect((await row(dialogue))?.failure).toMatchObject({ failure: 'unreachable' });
    await place.heal();
    const parts = await caughtUp(dialogue);
    await expectOnce(dialogue, parts);
    expect(parts.map(({ part, record }) => [part, record])).toEqual([
      [1, first?.record],
      [2, first?.record],
    ]);
    expect(await place.leads(dialogue)).toBe(1);
  });

  test.each(Object.keys(ASKS) as CrmTaskKind[])(
    'a task (%s) whose making was not answered stands once, with what was said, and is not made again by what comes later',
    async (kind) => {
      const { place, ground, site } = set;
      const dialogue = await begin();
      await ASKS[kind](dialogue);
      place.loseTaskAnswer();
      await ground.timePasses(site);
      await ground.replica()(site, dialogue.conversation);
      expect((await row(dialogue))?.failure).toMatchObject({ failure: 'unreachable' });
      await place.heal();
      await expectOnce(dialogue, await caughtUp(dialogue));
      await dialogue.say('and on');
      await expectOnce(dialogue, await caughtUp(dialogue));
      const [task, ...others] = await place.tasks(dialogue);
      expect(others).toEqual([]);
      expect(task?.number).toBe(2);
      if (kind === 'callback') expect(task?.words).toContain(PHONE);
      expect(task?.words).toContain(kind === 'missed-chat' ? 'Здравствуйте! 💡' : 'a<b и c>d');
    },
  );

  test('a dialogue worth a deal becomes one, once, also when that answer is lost, and what comes later makes no other; without the rule it is none', async () => {
    const { place, ground, world, dealSite } = set;
    const [worth, other] = [dialogueIn(world.admin, dealSite), await begin('one')];
    for (const dialogue of [worth, other]) {
      await dialogue.say('сколько стоит a<b и c>d?');
      await dialogue.say('беру десять');
      await dialogue.say('Хорошо!', 'agent');
    }
    place.loseDealAnswer();
    await ground.timePasses(dealSite);
    await ground.replica()(dealSite, worth.conversation);
    expect((await row(worth))?.failure).toMatchObject({ failure: 'unreachable' });
    await place.heal();
    for (const dialogue of [worth, other]) await expectOnce(dialogue, await caughtUp(dialogue));
    await worth.say('и ещё две');
    await expectOnce(worth, await caughtUp(worth));
    expect(await place.deals(worth)).toHaveLength(1);
    expect(await place.deals(other)).toEqual([]);
  });

  test('a person who calls himself what no field is made for is written all the same', async () => {
    const name = `\u202eZoë <script>a<b и c>d\ud83d\0 ${'я'.repeat(80)}`;
    const dialogue = await begin('hello', { contact: { name, externalId: `"'; DROP TABLE ${newId()}` } });
    await expectOnce(dialogue, await caughtUp(dialogue));
    expect(await set.place.leads(dialogue)).toBe(1);
  });
}
