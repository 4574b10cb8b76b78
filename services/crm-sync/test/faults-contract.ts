// The faults contract: whatever happens to a replica, to the answers and to the records, a dialogue stands once and whole in the end. The same cases for every
// connector; a connector that pushes has no records that somebody could delete, convert or merge, and says so by having no `company`.
import { putSite } from '@continuo/bus';
import { newId } from '@continuo/contracts';
import { connectStore } from '@continuo/store';
import { startWorld, type World } from '@continuo/testing';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { expectSaidOnce } from './crm-holds.ts';
import { type Dialogue, dialogueIn } from './dialogue.ts';
import { dialogueFaults } from './faults-dialogues.ts';
import type { Part, Place } from './faults-places.ts';
import { answerLost, type Fate, type Ground, type Moment, openGround } from './replica.ts';

/** More than enough for whatever one bad day leaves behind. */
const MOST_TRIES = 12;
/** A conversation has fewer moments than this, or something goes round in circles. */
const MOST_MOMENTS = 40;

/** What the tests have to be made of before anything is started. */
export interface Contract {
  name: string;
  days: readonly string[];
  open: () => Promise<Place>;
  /** Records that people can delete, close, merge and convert. */
  withRecords: boolean;
  /** The other side can refuse one record for what it is. */
  refusesRecords: boolean;
  /** What only its kind can meet. */
  more?: (set: FaultSet) => void;
}
/** What a test has at hand, once everything is started. */
export interface FaultSet {
  readonly world: World;
  readonly ground: Ground;
  readonly place: Place;
  readonly site: string;
  /** One that wants deals. */
  readonly dealSite: string;
  begin(text?: string, options?: Parameters<typeof dialogueIn>[2]): Promise<Dialogue>;
  row(dialogue: Dialogue): ReturnType<Ground['links']['read']>;
  /** A replica that nothing happens to goes on, again and again as its timer would have it. */
  caughtUp(dialogue: Dialogue): Promise<Part[]>;
  expectOnce(dialogue: Dialogue, parts?: Part[]): Promise<void>;
}

export function faultsContract({ name, days, open, withRecords, refusesRecords, more }: Contract): void {
  // Many small waits on a busy machine; none of them is asserted.
  jest.setTimeout(300_000);
  describe(`${name} under faults`, () => {
    let stack: AsyncDisposableStack;
    let world: World;
    let ground: Ground;
    let place: Place;
    let site: string;
    let dealSite: string;

    beforeAll(async () => {
      stack = new AsyncDisposableStack();
      const [started, opened] = await Promise.all([startWorld({ services: { 'crm-sync': 0 } }), open()]);
      world = stack.use(started);
      place = stack.use(opened);
      const { host, port, name: database } = world.database;
      const store = stack.use(
        await connectStore({ url: `mongodb://${host}:${port}/?directConnection=true`, database }),
      );
      ground = stack.use(await openGround(world.admin, store));
      site = newId();
      await putSite(world.admin, { ...world.site, id: site, crm: { windowSeconds: 1 } });
      dealSite = newId();
      const deal = { minimumMessages: 2, humanTookPart: true };
      await putSite(world.admin, { ...world.site, id: dealSite, crm: { windowSeconds: 1, deal } });
      for (const one of [site, dealSite]) await ground.connections.save({ site: one, id: 'crm' }, place.connection);
    }, 600_000);
    afterAll(async () => stack.disposeAsync(), 120_000);

    const begin = async (text = 'Здравствуйте! 💡', options?: Parameters<typeof dialogueIn>[2]): Promise<Dialogue> => {
      const dialogue = dialogueIn(world.admin, site, options);
      await dialogue.say(text);
      return dialogue;
    };
    const row = async (dialogue: Dialogue) => ground.links.read(dialogue.site, dialogue.conversation);

    async function caughtUp(dialogue: Dialogue): Promise<Part[]> {
      const sync = ground.replica();
      let comesBackIn: number | undefined;
      for (let tries = 0; tries < MOST_TRIES; tries++) {
        await ground.timePasses(dialogue.site);
        comesBackIn = await sync(dialogue.site, dialogue.conversation);
        const link = await row(dialogue);
        if (link?.state !== 'pushed') continue;
        // Whatever may stand twice is looked for once more.
        if (link.doubt !== undefined) await sync(dialogue.site, dialogue.conversation);
        return place.parts(dialogue);
      }
      throw new Error(`never pushed, back in ${comesBackIn}: ${JSON.stringify(await row(dialogue))}`);
    }
    async function expectOnce(dialogue: Dialogue, parts?: Part[]): Promise<void> {
      const held = parts ?? (await place.parts(dialogue));
      expect(held.map(({ part }) => part)).toEqual(held.map((_, index) => index + 1));
      expectSaidOnce(held.map(({ text }) => text).join(''), dialogue.said);
    }

    /** For each such moment in the life of a dialogue one dialogue to which it happens. @returns how many there are */
    async function atEach(moment: Moment, happens: (dialogue: Dialogue, met: Met) => Promise<void>): Promise<number> {
      for (let nth = 1; nth < MOST_MOMENTS; nth++) {
        const dialogue = await begin();
        const stands = Promise.withResolvers<void>();
        const reached = Promise.withResolvers<boolean>();
        const fate: Fate = (at, count) => {
          if (at !== moment || count !== nth) return;
          reached.resolve(true);
          return stands.promise;
        };
        const work = ground
          .replica(fate)(site, dialogue.conversation)
          .catch(() => undefined);
        const met = await Promise.race([reached.promise, work.then(() => false)]);
        if (!met) return nth - 1;
        try {
          await happens(dialogue, { goOn: stands.resolve, work });
        } finally {
          stands.reject(new Error('killed'));
          await work;
        }
      }
      throw new Error('it never ends');
    }

    for (const moment of ['before a call', 'after a call', 'after a save'] as const) {
      test(`a replica dies or stands still longer than its lease ${moment}, whichever it is: another one finishes; one that goes on then disturbs nothing`, async () => {
        const moments = await atEach(moment, async (dialogue, { goOn, work }) => {
          await ground.timePasses(site);
          await dialogue.say('and on', 'agent');
          await expectOnce(dialogue, await caughtUp(dialogue));
          expect(await place.leads(dialogue)).toBe(1);
          goOn();
          await work;
          await expectOnce(dialogue, await caughtUp(dialogue));
          expect(await place.leads(dialogue)).toBe(1);
        });
        expect(moments).toBeGreaterThanOrEqual(3);
      }, 600_000);
    }

    test('whichever answer is lost after the CRM has done it, nothing is done twice', async () => {
      for (let nth = 1; nth < MOST_MOMENTS; nth++) {
        const dialogue = await begin();
        let lost = false;
        const sync = ground.replica((at, count) => {
          if (at !== 'after a call' || count !== nth) return;
          lost = true;
          throw answerLost();
        });
        await sync(site, dialogue.conversation);
        if (!lost) return;
        expect((await row(dialogue))?.failure?.failure).toBe('unreachable');
        await expectOnce(dialogue, await caughtUp(dialogue));
        expect(await place.leads(dialogue)).toBe(1);
      }
      throw new Error('it never ends');
    }, 600_000);

    test.each(days)('%s: it is said in the journal, tried again, and stands once', async (bad) => {
      const day = place.days.find((one) => one.name === bad);
      if (!day) throw new Error(`${name} has no such day: ${bad}`);
      const dialogue = await begin();
      await day.arm();
      await ground.timePasses(site);
      const comesBackIn = await ground.replica()(site, dialogue.conversation);
      expect((await row(dialogue))?.failure).toMatchObject({
        failure: day.failure,
        words: expect.stringMatching(day.words ?? /\.$/),
      });
      expect(comesBackIn).toBeGreaterThanOrEqual(day.retryAfterMs ?? 1);
      await place.heal();
      await dialogue.say('and on', 'agent');
      await expectOnce(dialogue, await caughtUp(dialogue));
      expect(await place.leads(dialogue)).toBe(1);
    });

    test('a key that is not taken any more stops all replicas after few tries; the good one brings everything', async () => {
      const fresh = place.lockOut();
      const dialogues = await Promise.all([1, 2, 3, 4, 5].map(() => begin()));
      const refused = { ...fresh, credentials: badFor(fresh.connector, place.connection.credentials) };
      await ground.connections.save({ site, id: 'crm' }, refused);
      let tries = 0;
      for (const dialogue of [...dialogues, ...dialogues]) {
        await ground.timePasses(site);
        const sync = ground.replica((at) => {
          if (at === 'before a call') tries += 1;
        });
        await sync(site, dialogue.conversation);
      }
      expect(tries).toBe(3);
      expect((await row(dialogues[4] as Dialogue))?.failure).toMatchObject({ failure: 'refused-access' });
      expect((await row(dialogues[4] as Dialogue))?.failure?.retryAt).toBeUndefined();
      await place.heal();
      for (const one of [site, dealSite]) await ground.connections.save({ site: one, id: 'crm' }, fresh);
      for (const dialogue of dialogues) await expectOnce(dialogue, await caughtUp(dialogue));
    });

    test('what is told many times, in any order and to two replicas at once, is written once', async () => {
      const dialogue = await begin();
      const [one, other] = [ground.replica(), ground.replica()];
      const tell = () => [one, other, one, other].map((sync) => sync(site, dialogue.conversation));
      const told = tell();
      await dialogue.say('and on', 'agent');
      await Promise.all([...told, ...tell()]);
      await expectOnce(dialogue, await caughtUp(dialogue));
      expect(await place.leads(dialogue)).toBe(1);
    });

    test('two chats of one new person at once, from two replicas, both stand once', async () => {
      const contact = { email: `${newId()}@example.com` };
      const both = await Promise.all([begin('one', { contact }), begin('two', { contact })]);
      await Promise.all(both.map(({ conversation }) => ground.replica()(site, conversation)));
      for (const dialogue of both) await expectOnce(dialogue, await caughtUp(dialogue));
      if (place.company) expect(await place.company.leadsWith(contact.email)).toBe(1);
    });

    const poisonTest = refusesRecords ? test : undefined;
    poisonTest?.(
      'a record that is refused for what it is is set aside after some tries, holds up nobody, and goes when it is mended',
      async () => {
        const poisoned = await begin();
        await caughtUp(poisoned);
        place.poison?.((await row(poisoned))?.record?.id as string);
        await poisoned.close();
        await poisoned.say('poison');
        let comesBackIn: number | undefined = 0;
        let tries = 0;
        for (; comesBackIn !== undefined && tries < 20; tries++)
          comesBackIn = await ground.replica()(site, poisoned.conversation);
        expect(tries).toBeLessThan(12);
        expect(await row(poisoned)).toMatchObject({ state: 'failed', failure: { failure: 'invalid' } });
        const other = await begin();
        await ground.replica()(site, other.conversation);
        expect((await row(other))?.state).toBe('pushed');
        await place.heal();
        await expectOnce(poisoned, await caughtUp(poisoned));
      },
    );

    test('half an emoji and NUL are taken out, and all else comes back as it was said', async () => {
      const dialogue = await begin('a\ud83db\0c');
      const said = [
        '👩‍👩‍👧 שלום מה שלומך · مرحبا · e\u0301 · \u202eABC',
        '<script>alert(1)</script> & "a<b и c>d" &amp; &lt;b&gt;',
        '**not bold** _nor this_ `code` # no heading\n- no list\n\n\tindented',
        '[1] [continuo-like] {{contact.email}} %s $1',
      ];
      for (const text of said) await dialogue.say(text, 'agent');
      const whole = (await caughtUp(dialogue)).map(({ text }) => text).join('');
      expect(whole).toContain('a\ufffdbc');
      expectSaidOnce(whole, said);
    });

    test('a dialogue of many notes is cut between whole emoji, each part once, and only its last part changes', async () => {
      const dialogue = await begin();
      const family = '👩‍👩‍👧';
      const count = Math.ceil(place.large / 4_500);
      for (let index = 0; index < count; index++)
        await dialogue.say(
          `${index}:${'длинно '.repeat(300)}${family.repeat(290)}:${index}`,
          index % 2 ? 'agent' : 'visitor',
        );
      const parts = await caughtUp(dialogue);
      expect(parts.length).toBeGreaterThan(5);
      expect(parts.map(({ part }) => part)).toEqual(parts.map((_, index) => index + 1));
      // Sought one after the other: a full search for each of so many would take minutes.
      const whole = parts.map(({ text }) => text).join('');
      let at = 0;
      for (const text of dialogue.said) {
        const found = whole.indexOf(text, at);
        expect(found).toBeGreaterThanOrEqual(at);
        at = found + text.length;
      }
      expect(whole.length).toBeLessThan(dialogue.said.join('').length * 1.1);
      for (const { text } of parts) expect(text.replaceAll(family, '')).not.toMatch(/^\u200d|\u200d$|👩|👧/);
    }, 300_000);

    const set: FaultSet = {
      get world() {
        return world;
      },
      get ground() {
        return ground;
      },
      get place() {
        return place;
      },
      get site() {
        return site;
      },
      get dealSite() {
        return dealSite;
      },
      begin,
      row,
      caughtUp,
      expectOnce,
    };
    dialogueFaults(set);
    more?.(set);
    if (!withRecords) return;

    test('a record that somebody deleted is made again, with all that was said', async () => {
      const dialogue = await begin();
      const [first] = await caughtUp(dialogue);
      await place.company?.remove(first?.record as string);
      await dialogue.say('and on', 'agent');
      await expectOnce(dialogue, await caughtUp(dialogue));
    });

    test('a record that was closed is written on', async () => {
      const dialogue = await begin();
      const [first] = await caughtUp(dialogue);
      await place.company?.close(first?.record as string);
      await dialogue.say('and on', 'agent');
      const parts = await caughtUp(dialogue);
      await expectOnce(dialogue, parts);
      expect(parts.map(({ record }) => record)).toEqual([first?.record]);
    });

    test('a record that was merged into another one: the dialogue stands once, whole', async () => {
      const dialogue = await begin();
      const [first] = await caughtUp(dialogue);
      await place.company?.merge(first?.record as string);
      await dialogue.say('and on', 'agent');
      await caughtUp(dialogue);
      const whole = (await place.parts(dialogue)).map(({ text }) => text).join('');
      for (const text of dialogue.said) expect(whole).toContain(text);
    });

    test('a lead that was converted: what follows goes to the person it became', async () => {
      const dialogue = await begin('one', { contact: { email: `${newId()}@example.com`, name: 'Nina Neu' } });
      const [first] = await caughtUp(dialogue);
      const person = await place.company?.convert(first?.record as string);
      await dialogue.say('two', 'agent');
      const parts = await caughtUp(dialogue);
      expect(parts.at(-1)?.record).toBe(person);
      expect(parts.filter(({ text }) => text.includes('two'))).toHaveLength(1);
      // What the CRM itself makes of the notes before is its own; from here nothing of it comes again.
      expect(parts.filter(({ text }) => text.includes('one')).length).toBeLessThanOrEqual(1);
    });
  });
}

interface Met {
  /** What stood still goes on. */
  goOn(): void;
  /** Ends when the replica has ended what it was at. */
  work: Promise<unknown>;
}

/** What nobody takes. */
function badFor(connector: string, good: Record<string, string>): Record<string, string> {
  if (connector === 'webhook') return { secret: `whsec_${Buffer.alloc(32, 9).toString('base64')}` };
  if (connector === 'amqp') return { ...good, password: 'wrong' };
  return { token: 'bcrm_pat_of_nobody' };
}
