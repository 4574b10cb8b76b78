// What every connector must keep, as tests against the CRM itself or the best copy of it there is. A connector's spec is a fixture and one call.

import { newId } from '@continuo/contracts';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Asked, type FaultProxy, startFaultProxy } from '../../test/fault-proxy.ts';
import type { RecordRef } from '../domain/link.ts';
import { dealMarker, partMarker, taskMarker } from '../domain/note.ts';
import { type ConnectionDetails, type Connector, type Crm, isSeveral, type Lead, type Task } from './connector.ts';
import { CrmError, type CrmFault } from './crm-error.ts';

export interface Fixture {
  /** A connection to an empty CRM of its own. */
  connect(): Promise<ConnectionDetails>;
  /** What a person in the company does in the CRM, through its own API. */
  company(connection: ConnectionDetails): {
    addContact(contact: { name: string; email?: string; phone?: string; externalId?: string }): Promise<RecordRef>;
    remove(record: RecordRef): Promise<void>;
    readLead(record: RecordRef): Promise<Record<string, unknown>>;
    /** Makes a person of a lead, as the sales team does. */
    convert(record: RecordRef): Promise<RecordRef>;
  };
  badCredentials: Record<string, string>;
  /** Can the CRM find a record by an external id of the site? */
  findsExternalIds(): Promise<boolean>;
  /** How a site names a field that the CRM calls so; else as the CRM does. */
  fieldName?(name: string): string;
  /** False where the CRM lets several records have one e-mail: only we keep them apart then. */
  uniqueEmails?: false;
  /** UTF-16 units that are written on one record: 3 MB unless that takes too long for every day. */
  large?: number;
  /** Requests that add what leads need, where `connect` gives a CRM to which nothing was added yet. */
  prepares?(request: Asked): boolean;
  /** Requests that write a note, for faults. */
  writesNote(request: Asked): boolean;
  /** All deals in the CRM; absent: the connector makes none. */
  deals?(
    connection: Pick<ConnectionDetails, 'baseUrl' | 'credentials'>,
  ): Promise<{ id: string; name: string; contacts: string[] }[]>;
  /** Absent: the connector makes no tasks, and says so. */
  tasks?: {
    /** All tasks in the CRM, with whatever it tells of them. */
    all(
      connection: Pick<ConnectionDetails, 'baseUrl' | 'credentials'>,
    ): Promise<{ id: string; record: RecordRef | undefined; due: string; words: string }[]>;
    complete(connection: ConnectionDetails, id: string): Promise<void>;
    /** Requests that make one, for faults. */
    makes(request: Asked): boolean;
    /** What it is found as when it is done, where the CRM makes something else of it then; else its id. */
    doneIs?: string;
  };
}

const LARGE = 3_000_000;
/** With CONTINUO_TEST_LARGE in the environment 3 MB all the same. */
export const largeOr = (everyDay: number): number => (process.env.CONTINUO_TEST_LARGE ? LARGE : everyDay);

/** How a call failed; one that succeeded, or failed by a bug, fails the test. */
export const faultOf = (work: Promise<unknown>): Promise<CrmError> =>
  work.then(
    () => {
      throw new Error('it succeeded');
    },
    (error: unknown) => {
      if (error instanceof CrmError) return error;
      throw error;
    },
  );

export function contract(connector: Connector, fixture: Fixture): void {
  const { name, noteLimit } = connector.describe;
  describe(`${name} as a connector`, () => {
    let connection: ConnectionDetails;
    let proxy: FaultProxy;
    let crm: Crm;
    let company: ReturnType<Fixture['company']>;

    beforeAll(async () => {
      connection = await fixture.connect();
      proxy = await startFaultProxy(connection.baseUrl);
      crm = connector.open({ ...connection, baseUrl: proxy.url });
      company = fixture.company(connection);
      await crm.prepare();
    }, 300_000);
    afterAll(async () => proxy[Symbol.asyncDispose]());

    const lead = (more: Partial<Lead> = {}): Lead => ({
      contact: {},
      visitorKey: newId(),
      title: 'Live chat · Shop',
      description: 'Page: https://shop.example.com',
      unnamed: 'Visitor',
      ...more,
    });
    const email = () => `${newId()}@example.com`;
    const write = async (record: RecordRef, text: string, conversation: string = newId()) => {
      const marker = partMarker(conversation, 1);
      return { marker, id: await crm.upsertNote(record, { text: `${text}\n${marker}`, marker }) };
    };
    const expectFault = async (work: Promise<unknown>, fault: CrmFault) => {
      const error = await faultOf(work);
      expect(error.fault).toBe(fault);
      expect(error.message).toMatch(/\.$/);
      return error;
    };

    test('a connection that works passes the check', () => expect(crm.check()).resolves.toBeUndefined());

    test('preparing the CRM twice, and from two replicas at once, changes nothing more', async () => {
      await Promise.all([crm.prepare(), crm.prepare()]);
      await crm.prepare();
    });

    const { prepares } = fixture;
    (prepares ? test : undefined)?.(
      'what another replica added at the same moment is there, and nobody complains',
      async () => {
        const fresh = await fixture.connect();
        await using door = await startFaultProxy(fresh.baseUrl);
        const slower = connector.open({ ...fresh, baseUrl: door.url });
        // It stands there, as the other one wanted it, and who was slower is told that something broke.
        door.next(prepares as typeof fixture.writesNote, { answerInstead: 500 }, Number.POSITIVE_INFINITY);
        await slower.prepare();
        expect(door.seen.filter((request) => prepares?.({ ...request, body: '' })).length).toBeGreaterThan(0);
        door.heal();
        await slower.upsertLead(lead());
        const another = await fixture.connect();
        await Promise.all([1, 2, 3, 4].map(() => connector.open(another).prepare()));
        await connector.open(another).upsertLead(lead());
      },
    );

    test('nobody is found in an empty CRM', async () => {
      expect(await crm.findContact({ email: email(), phone: '+15550009999' })).toBeUndefined();
      expect(await crm.findOwnLead(newId())).toBeUndefined();
    });

    test('a person is found by e-mail, whatever its case', async () => {
      const address = email();
      const contact = await company.addContact({ name: 'Anna Smith', email: address });
      expect(await crm.findContact({ email: address.toUpperCase() })).toMatchObject({ ...contact, ours: false });
    });

    test('an e-mail that contains another is another person', async () => {
      const address = email();
      await company.addContact({ name: 'Joanna Smith', email: `jo${address}` });
      expect(await crm.findContact({ email: address })).toBeUndefined();
    });

    test('a person is found by phone, however it is written there', async () => {
      const contact = await company.addContact({ name: 'Boris Petrov', phone: '+7 (495) 111-22-33' });
      expect(await crm.findContact({ phone: '+74951112233' })).toMatchObject(contact);
    });

    test('somebody with the same phone and another e-mail is somebody else', async () => {
      await company.addContact({ name: 'Carl Office', phone: '+14155550111', email: email() });
      expect(await crm.findContact({ phone: '+14155550111', email: email() })).toBeUndefined();
    });

    test('of two people with one phone nobody is chosen: both are named', async () => {
      const one = await company.addContact({ name: 'Dora One', phone: '+14155550122' });
      const two = await company.addContact({ name: 'Dora Two', phone: '+14155550122' });
      const found = await crm.findContact({ phone: '+14155550122' });
      const candidates = isSeveral(found) ? found.candidates : [];
      expect(candidates.toSorted((a, b) => (a.name ?? '').localeCompare(b.name ?? ''))).toEqual([
        expect.objectContaining({ ...one, name: 'Dora One' }),
        expect.objectContaining({ ...two, name: 'Dora Two' }),
      ]);
    });

    test('an external id comes before an e-mail', async () => {
      if (!(await fixture.findsExternalIds())) return;
      const address = email();
      await company.addContact({ name: 'Eve Mail', email: address });
      const contact = await company.addContact({ name: 'Eve Id', externalId: 'customer-77' });
      expect(await crm.findContact({ externalId: 'customer-77', email: address })).toMatchObject(contact);
    });

    test('an anonymous lead is found by its visitor and by nobody else', async () => {
      const mine = lead();
      const record = await crm.upsertLead(mine);
      await crm.upsertLead(lead());
      expect(await crm.findOwnLead(mine.visitorKey)).toEqual({ ...record, ours: true, anonymous: true });
    });

    test('a new lead holds what is known, and says where it comes from', async () => {
      const contact = { name: 'Фёдор Иванов 🎧', email: email(), phone: '+74951234567' };
      const record = await crm.upsertLead(lead({ contact, description: 'Open: https://chat.example.com/open/abc' }));
      const stored = JSON.stringify(await company.readLead(record));
      for (const known of [
        'Фёдор',
        'Иванов',
        '🎧',
        contact.email,
        '+74951234567',
        'https://chat.example.com/open/abc',
        'live chat',
      ])
        expect(stored).toContain(known);
      expect(await crm.findContact({ email: contact.email })).toMatchObject(record);
    });

    test('whoever says one name is called so, and found; said of a lead that stands, it is no less', async () => {
      const [first, later] = [email(), email()];
      const made = await crm.upsertLead(lead({ contact: { name: 'Мила', email: first } }));
      const mine = lead({ contact: { name: 'Grete Muster' } });
      const stands = await crm.upsertLead(mine);
      await crm.upsertLead({ ...mine, contact: { name: 'Лена', email: later } }, stands);
      for (const [record, name, address] of [
        [made, 'Мила', first],
        [stands, 'Лена', later],
      ] as const) {
        const stored = JSON.stringify(await company.readLead(record));
        expect(stored).toContain(name);
        expect(stored).not.toContain('Muster');
        expect(await crm.findContact({ email: address })).toMatchObject(record);
      }
    });

    test('a lead of ours is told who the visitor is, and keeps the rest', async () => {
      const mine = lead();
      const record = await crm.upsertLead(mine);
      const address = email();
      expect(await crm.upsertLead({ ...mine, contact: { name: 'Grete Muster', email: address } }, record)).toEqual(
        record,
      );
      const stored = JSON.stringify(await company.readLead(record));
      expect(stored).toContain(address);
      expect(stored).toContain('https://shop.example.com');
      expect(await crm.findOwnLead(mine.visitorKey)).toMatchObject({ id: record.id, anonymous: false });
    });

    test('two leads for one e-mail at once are one lead, where the CRM promises it', async () => {
      if (fixture.uniqueEmails === false) return;
      const contact = { name: 'Hans Zwei', email: email() };
      const results = await Promise.allSettled([1, 2, 3].map(() => crm.upsertLead(lead({ contact }))));
      const refused = results
        .filter((result) => result.status === 'rejected')
        .map(({ reason }) => (reason as CrmError).fault);
      expect(results.filter(({ status: outcome }) => outcome === 'fulfilled')).toHaveLength(1);
      expect(refused).toEqual(['taken', 'taken']);
      expect(await crm.findContact(contact)).toBeDefined();
    });

    test('a converted lead is followed to the person it became', async () => {
      const contact = { name: 'Ida Neu', email: email() };
      const record = await crm.upsertLead(lead({ contact }));
      const person = await company.convert(record);
      expect(await crm.follow(record)).toMatchObject(person);
      expect(await crm.findContact(contact)).toMatchObject(person);
    });

    test.each(['lead', 'contact'] as const)('a note on a %s is written, listed and edited in place', async (kind) => {
      const record = kind === 'lead' ? await crm.upsertLead(lead()) : await company.addContact({ name: 'Jana Note' });
      const { id, marker } = await write(record, 'first');
      expect(await crm.listNotes(record)).toMatchObject([{ id, text: `first\n${marker}` }]);
      expect(await crm.upsertNote(record, { id, text: `first\nsecond\n${marker}`, marker })).toBe(id);
      expect(await crm.listNotes(record)).toMatchObject([{ id, text: `first\nsecond\n${marker}` }]);
    });

    test('of several notes the new one is told by its marker, and they are listed oldest first', async () => {
      const record = await crm.upsertLead(lead());
      const conversation = newId();
      const ids: string[] = [];
      for (const part of [1, 2, 3, 4]) {
        const marker = partMarker(conversation, part);
        ids.push(await crm.upsertNote(record, { text: `text ${part}\n${marker}`, marker }));
      }
      expect(new Set(ids).size).toBe(4);
      expect((await crm.listNotes(record)).map(({ id }) => id)).toEqual(ids);
    });

    test('a note is removed, and removing it again is no fault', async () => {
      const record = await crm.upsertLead(lead());
      const { id } = await write(record, 'double');
      await crm.removeNote(record, id);
      await crm.removeNote(record, id);
      expect(await crm.listNotes(record)).toEqual([]);
    });

    test('a note as large as the connector says is written and edited', async () => {
      const record = await crm.upsertLead(lead());
      const marker = partMarker(newId(), 1);
      const full = (letter: string) => `${letter.repeat(noteLimit - marker.length - 1)}\n${marker}`;
      const id = await crm.upsertNote(record, { text: full('a'), marker });
      await crm.upsertNote(record, { id, text: full('b'), marker });
      expect((await crm.listNotes(record))[0]?.text).toBe(full('b'));
    });

    test('a transcript of 3 MB stands in as many notes as it takes, each as it was written', async () => {
      const record = await crm.upsertLead(lead());
      const conversation = newId();
      const line = 'a<b и c>d & <script>длинно</script> 👩‍👩‍👧 שלום\n';
      const written: string[] = [];
      for (let rest = fixture.large ?? LARGE, part = 1; rest > 0; rest -= noteLimit, part++) {
        const marker = partMarker(conversation, part);
        const text = `${line.repeat(Math.floor((noteLimit - marker.length) / line.length))}${marker}`;
        await crm.upsertNote(record, { text, marker });
        written.push(text);
      }
      const held = (await crm.listNotes(record)).map(({ text }) => text);
      expect(held.length).toBe(written.length);
      // Compared one by one: a difference of megabytes is not printed.
      for (const [index, text] of written.entries()) expect(held[index] === text).toBe(true);
    }, 120_000);

    test('emoji, right-to-left text and mark-up come back as they were said', async () => {
      const record = await crm.upsertLead(lead());
      const said = '👩‍👩‍👧 שלום מה שלומך · مرحبا · e\u0301 · <script>alert(1)</script> & "a<b и c>d"\n\n  indented';
      const { marker } = await write(record, said);
      expect((await crm.listNotes(record))[0]?.text).toBe(`${said}\n${marker}`);
    });

    test('a note on a record that is gone says so', async () => {
      const record = await crm.upsertLead(lead());
      await company.remove(record);
      await expectFault(write(record, 'late'), 'record-gone');
      await expectFault(crm.listNotes(record), 'record-gone');
      expect(await crm.follow(record)).toBeUndefined();
    });

    test('editing a note that somebody removed says so', async () => {
      const record = await crm.upsertLead(lead());
      const { id, marker } = await write(record, 'first');
      await crm.removeNote(record, id);
      await expectFault(crm.upsertNote(record, { id, text: `again\n${marker}`, marker }), 'note-gone');
    });

    test('a record that stands is followed to itself', async () => {
      const record = await crm.upsertLead(lead());
      expect(await crm.follow(record)).toEqual(record);
    });

    test('a wrong token is said in words an administrator understands', async () => {
      const refused = connector.open({ ...connection, credentials: fixture.badCredentials });
      const error = await expectFault(refused.check(), 'refused-access');
      expect(error.message).toMatch(/token/);
    });

    test('a CRM that is not there is said with what to check, and nothing was done', async () => {
      const nowhere = connector.open({ ...connection, baseUrl: 'http://127.0.0.1:9' });
      const error = await expectFault(nowhere.upsertLead(lead()), 'unreachable');
      expect(error.outcomeUnknown).toBe(false);
      expect(error.message).toMatch(/address/);
    });

    test.each([
      [{ 'retry-after': '7' }, 7_000],
      [{}, undefined],
    ])('a CRM that asks for patience (%j) is given it', async (headers, wait) => {
      const record = await crm.upsertLead(lead());
      proxy.next(fixture.writesNote, { answer: 429, headers });
      const error = await expectFault(write(record, 'x'), 'rate-limited');
      expect(error.retryAfterMs).toBe(wait);
      expect(error.outcomeUnknown).toBe(false);
    });

    test.each([500, 502, 503])('a CRM that fails with %d and a page of HTML may have done it', async (answer) => {
      const record = await crm.upsertLead(lead());
      proxy.next(fixture.writesNote, { answer });
      expect((await expectFault(write(record, 'x'), 'server-error')).outcomeUnknown).toBe(true);
    });

    test.each([500, 502, 503])(
      'a CRM that fails with %d and no word may have done it, and is asked again when it says',
      async (answer) => {
        const record = await crm.upsertLead(lead());
        const headers = { 'content-type': 'application/json', 'retry-after': '9' };
        proxy.next(fixture.writesNote, { answer, headers, body: '' });
        const error = await expectFault(write(record, 'x'), 'server-error');
        expect([error.outcomeUnknown, error.retryAfterMs]).toEqual([true, 9_000]);
      },
    );

    test('an answer that breaks off leaves it open, and the note is found by its marker', async () => {
      const record = await crm.upsertLead(lead());
      proxy.next(fixture.writesNote, { halfAnswer: true });
      const conversation = newId();
      expect((await expectFault(write(record, 'said once', conversation), 'unreachable')).outcomeUnknown).toBe(true);
      expect((await crm.listNotes(record)).map(({ text }) => text)).toEqual([
        expect.stringContaining(partMarker(conversation, 1)),
      ]);
    });

    test('a page of HTML with status 200 is not taken for success', async () => {
      const record = await crm.upsertLead(lead());
      proxy.next(fixture.writesNote, { answer: 200 });
      await expectFault(write(record, 'x'), 'server-error');
    });

    test.each(['{"detail":"maintenance"}', '[]', 'null', '[null]'])(
      'a success in a shape that nobody knows, %s, is nobody’s bug: it finds nothing, or is said in words',
      async (body) => {
        const record = await crm.upsertLead(lead());
        const [visitorKey, marker] = [newId(), taskMarker(newId(), 1)];
        const contact = { email: email(), phone: '+14155550199', externalId: newId() };
        for (const work of [
          () => crm.check(),
          () => crm.findContact(contact),
          () => crm.findOwnLead(visitorKey),
          () => crm.upsertLead(lead()),
          () => crm.follow(record),
          () => crm.listNotes(record),
          () => write(record, 'x'),
          ...(fixture.tasks ? [() => crm.findTasks(record, marker), () => crm.createTask(record, task())] : []),
          async () => crm.deals?.find(record, marker),
          async () => crm.deals?.create(record, { conversation: newId(), title: 'x', text: marker, marker }),
        ]) {
          proxy.heal();
          proxy.next(() => true, { answer: 200, headers: { 'content-type': 'application/json' }, body }, 50);
          const error = await work().then(
            () => undefined,
            (thrown: unknown) => thrown,
          );
          if (error !== undefined) {
            expect(error).toBeInstanceOf(CrmError);
            expect((error as CrmError).message).toMatch(/\.$/);
          }
        }
        proxy.heal();
        await crm.prepare();
      },
    );

    test('a redirect is not followed with what a visitor said', async () => {
      const record = await crm.upsertLead(lead());
      proxy.next(fixture.writesNote, { answer: 302, headers: { location: 'http://127.0.0.1:9/' } });
      await expectFault(write(record, 'x'), 'invalid');
    });

    test('when the answer is lost the note is there, found by its marker', async () => {
      const record = await crm.upsertLead(lead());
      proxy.next(fixture.writesNote, { loseAnswer: true });
      const conversation = newId();
      expect((await expectFault(write(record, 'said once', conversation), 'unreachable')).outcomeUnknown).toBe(true);
      const [note, ...others] = await crm.listNotes(record);
      expect(note?.text.endsWith(partMarker(conversation, 1))).toBe(true);
      expect(others).toEqual([]);
    });

    test('a call is given up when the work is stopped', async () => {
      const stop = new AbortController();
      const stoppable = connector.open({ ...connection, baseUrl: proxy.url }, stop.signal);
      const record = await crm.upsertLead(lead());
      let letGo = (): void => {};
      proxy.next(fixture.writesNote, {
        hold: new Promise((resolve) => {
          letGo = resolve;
        }),
      });
      const marker = partMarker(newId(), 1);
      const work = expectFault(stoppable.upsertNote(record, { text: `x\n${marker}`, marker }), 'unreachable');
      stop.abort();
      await work;
      letGo();
    });

    test('a field that a site fills is made where that can be done, once; the lead that wants it then has it', async () => {
      expect(crm.makeField !== undefined).toBe(connector.describe.makesFields ?? false);
      if (!crm.makeField) return;
      const name = `chat_${newId().slice(0, 8)}`;
      const wanted = fixture.fieldName?.(name) ?? name;
      const withField = () => crm.upsertLead(lead({ fields: { [wanted]: 'filled by us' } }));
      // The copies take that for a fault of the mapping, and say so at the end.
      if (fixture.fieldName) expect((await expectFault(withField(), 'invalid')).field).toBe(name);
      await Promise.all([crm.makeField(name), crm.makeField(name)]);
      await crm.makeField(name);
      expect(JSON.stringify(await company.readLead(await withField()))).toContain('filled by us');
    });

    const dealsIn = fixture.deals;
    const dealTest = dealsIn ? test.each(['lead', 'contact'] as const) : undefined;
    dealTest?.('a deal of a %s stands there once, is found by its marker, and is removed', async (kind) => {
      const record = kind === 'lead' ? await crm.upsertLead(lead()) : await company.addContact({ name: 'Lena Deal' });
      const deals = crm.deals as NonNullable<Crm['deals']>;
      const [conversation, other] = [newId(), newId()];
      const marker = dealMarker(conversation);
      expect(await deals.find(record, marker)).toEqual([]);
      const title = `a<b и c>d 👩‍👩‍👧 ${'я'.repeat(300)}`;
      const text = `Open: https://chat.example.com\n${marker}`;
      const id = await deals.create(record, { conversation, title, text, marker });
      await deals.create(record, { conversation: other, title: 'other', text: 'other', marker: dealMarker(other) });
      expect(await deals.find(record, marker)).toEqual([id]);
      const [held, ...others] = (await dealsIn?.(connection))?.filter(({ name }) => name.includes(marker)) ?? [];
      expect(others).toEqual([]);
      expect(held?.name).toContain('a<b и c>d 👩‍👩‍👧');
      if (kind === 'contact') expect(held?.contacts).toEqual([record.id]);
      await deals.remove(record, id);
      await deals.remove(record, id);
      expect(await deals.find(record, marker)).toEqual([]);
    });

    const task = (more: Partial<Task> = {}): Task => {
      const conversation = more.conversation ?? newId();
      const marker = taskMarker(conversation, more.number ?? 3);
      return {
        kind: 'callback',
        conversation,
        number: 3,
        subject: 'Call back Анна 🎧: a<b и c>d',
        text: `+74951112233, today\n"Is it <b>there</b>?"\n${marker}`,
        marker,
        due: Date.UTC(2026, 10, 25, 9, 30),
        ...more,
      };
    };
    const { tasks } = fixture;
    if (!tasks) {
      test('a connector that makes no tasks says so in words, before anything is sent', async () => {
        const record = await crm.upsertLead(lead());
        const before = proxy.seen.length;
        const error = await expectFault(crm.createTask(record, task()), 'invalid');
        expect(error.message).toMatch(/task/);
        expect(error.outcomeUnknown).toBe(false);
        expect(proxy.seen.length).toBe(before);
      });
      return;
    }
    const standing = async ({ marker }: Task) =>
      (await tasks.all(connection)).filter(({ words }) => words.includes(marker));

    test.each(['lead', 'contact'] as const)('a task for a %s stands there with its words and its day', async (kind) => {
      const record = kind === 'lead' ? await crm.upsertLead(lead()) : await company.addContact({ name: 'Kira Task' });
      const wanted = task();
      const id = await crm.createTask(record, wanted);
      const held = await standing(wanted);
      expect(held).toMatchObject([{ id, record }]);
      expect(held[0]?.due).toMatch(/^2026-11-25/);
      for (const words of [wanted.subject, '+74951112233', '"Is it <b>there</b>?"'])
        expect(held[0]?.words).toContain(words);
    });

    test('a task is found by its marker and by no other, also when it is done', async () => {
      const record = await crm.upsertLead(lead());
      const wanted = task();
      expect(await crm.findTasks(record, wanted.marker)).toEqual([]);
      const id = await crm.createTask(record, wanted);
      await crm.createTask(record, task({ conversation: wanted.conversation, number: 31 }));
      await crm.createTask(record, task());
      await tasks.complete(connection, id);
      expect(await crm.findTasks(record, wanted.marker)).toEqual([tasks.doneIs ?? id]);
    });

    test('when the answer to a task is lost it is there, found by its marker', async () => {
      const record = await crm.upsertLead(lead());
      const wanted = task();
      proxy.next(tasks.makes, { loseAnswer: true });
      expect((await expectFault(crm.createTask(record, wanted), 'unreachable')).outcomeUnknown).toBe(true);
      expect(await crm.findTasks(record, wanted.marker)).toHaveLength(1);
    });

    test('of doubles the oldest comes first; one is removed, and removing it again is no fault', async () => {
      const record = await crm.upsertLead(lead());
      const wanted = task();
      const first = await crm.createTask(record, wanted);
      await crm.createTask(record, wanted);
      const [oldest, double] = await crm.findTasks(record, wanted.marker);
      expect(oldest).toBe(first);
      await crm.removeTask(record, double as string);
      await crm.removeTask(record, double as string);
      expect((await standing(wanted)).map(({ id }) => id)).toEqual([first]);
    });

    test('a task for a record that is gone says so', async () => {
      const record = await crm.upsertLead(lead());
      await company.remove(record);
      await expectFault(crm.createTask(record, task()), 'record-gone');
    });

    test('a subject longer than the CRM takes is cut, never refused', async () => {
      const record = await crm.upsertLead(lead());
      const wanted = task({ subject: `${'я'.repeat(150)}${'👩‍👩‍👧'.repeat(100)}` });
      const id = await crm.createTask(record, wanted);
      expect(await crm.findTasks(record, wanted.marker)).toEqual([id]);
    });
  });
}
