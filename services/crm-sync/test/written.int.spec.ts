// What stands in a real CRM: who came from where, what was agreed, what has to be done, and what a site's rule keeps out of it; nothing lost, nothing twice.
import { append, ask, newEvent, putSite, request } from '@continuo/bus';
import { type CommandData, type CommandName, newId, type SiteSettings } from '@continuo/contracts';
import { eventually } from '@continuo/testing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { bottlecrmDeals } from '../src/connectors/bottlecrm-fixture.ts';
import { expectSaidOnce } from './crm-holds.ts';
import { type CrmWorld, makesDeal, makesTask, startCrmWorld } from './crm-world.ts';
import { type Dialogue, dialogueIn } from './dialogue.ts';

let set: CrmWorld;
beforeAll(async () => {
  set = await startCrmWorld({ conversation: 1, 'visitor-tracking': 1 });
}, 600_000);
afterAll(async () => set[Symbol.asyncDispose](), 60_000);

const PATIENT = { withinMs: 120_000 };
const makesLead = ({ method, path }: { method: string; path: string }) => method === 'POST' && path === '/api/leads/';

/** A site of its own, so that no test waits for another's settings. */
async function siteWith(crm: Partial<SiteSettings['crm']>, more: Partial<SiteSettings> = {}): Promise<string> {
  const id = newId();
  await putSite(set.world.admin, { ...set.world.site, id, language: 'ru', ...more, crm: { windowSeconds: 1, ...crm } });
  const saved = await request(set.world.operator, 'save-crm-connection', set.envelope(id), {
    connection: { connector: 'bottlecrm', baseUrl: set.proxy.url, credentials: { token: set.world.crm.token } },
  });
  expect(saved).toEqual({ ok: true });
  return id;
}
const rowOf = ({ conversation, site }: Dialogue) => set.row(conversation, site);
const isHeld = (dialogue: Dialogue, because: string) =>
  eventually(
    async () => expect(await rowOf(dialogue)).toMatchObject({ held: because, writtenUpTo: 0, parts: 0 }),
    PATIENT,
  );
const isWritten = (dialogue: Dialogue) =>
  eventually(async () => {
    expect((await rowOf(dialogue))?.state).toBe('pushed');
    expectSaidOnce(await set.holds(dialogue.conversation), dialogue.said);
  }, PATIENT);

async function viewed(site: string, visitor: string, visit: string, url: string, title: string): Promise<void> {
  const page = { url, title, referrer: 'https://search.example/?q=secret+illness' };
  const data = { visitor, visit, page, language: 'ru' };
  const actor = { kind: 'visitor', id: visitor } as const;
  await append(set.world.admin, newEvent('page-viewed', { site, key: visitor, actor, cause: newId(), data }), 'any');
  await eventually(async () => {
    const card = await ask(set.world.admin, 'visitor-card', set.envelope(site), { visitor });
    expect(card.ok && card.pages[0]?.url).toBe(url);
  }, PATIENT);
}

async function agreed(site: string, visitor: string, visit: string): Promise<void> {
  const data = { visitor, visit, language: 'ru', fact: { kind: 'consent' as const, given: true } };
  const actor = { kind: 'visitor', id: visitor } as const;
  await append(set.world.admin, newEvent('fact-reported', { site, key: visitor, actor, cause: newId(), data }), 'any');
  await eventually(async () => {
    const card = await ask(set.world.admin, 'visitor-card', set.envelope(site), { visitor });
    expect(card.ok && card.consent?.given).toBe(true);
  }, PATIENT);
}

test('a lead says where the visitor came from and where he is, the site’s fields follow, and the end says what came of it', async () => {
  await set.crm.addField('shop_campaign');
  const fields = {
    website: '{{lastPage}}',
    job_title: '[[{{agents}}, ]]{{language}}[[, {{consent}}]]',
    'custom_fields.shop_campaign': '{{campaign}}',
  };
  const site = await siteWith({ fields }, { hours: { timeZone: 'Asia/Yerevan', week: {} } });
  const [visitor, visit] = [newId(), newId()];
  await viewed(site, visitor, visit, 'https://shop.example/?utm_source=ads&utm_campaign=Лето&token=S3CRET', 'Главная');
  await agreed(site, visitor, visit);
  const page = { url: 'https://shop.example/lamps?session=S3CRET#S3CRET', title: 'Лампы' };
  const dialogue = dialogueIn(set.world.admin, site, { visitor, page });
  await dialogue.say('Есть лампа?');
  await isWritten(dialogue);
  await viewed(site, visitor, visit, 'https://shop.example/cart?code=S3CRET', 'Корзина');
  await dialogue.say('Есть.', 'agent');
  await dialogue.close();
  await dialogue.tell('rating-given', { by: { kind: 'visitor', id: visitor }, score: 5, comment: 'Быстро' });
  await isWritten(dialogue);
  // What is told last: the site's fields.
  const lead = await eventually(async () => {
    const [only, ...others] = await set.crm.leadsOf(visitor);
    expect(others).toEqual([]);
    expect(only?.fields).toMatchObject({
      website: 'https://shop.example/cart',
      job_title: 'Мария, ru, given',
      custom_fields: { shop_campaign: 'Лето' },
    });
    expect(only?.notes.join('\n')).toContain('оценка помощи 5 из 5 —\nБыстро');
    return only;
  }, PATIENT);
  const description = String(lead?.fields.description);
  for (const line of [
    'Первая страница: Главная · https://shop.example/?utm_source=ads&utm_campaign=',
    'Откуда пришёл: https://search.example/\n',
    'Источник: ads',
    'Кампания: Лето',
    'Язык: ru',
  ])
    expect(description).toContain(line);
  const note = lead?.notes.join('\n') ?? '';
  for (const line of [
    'Страница: Лампы · https://shop.example/lamps\n',
    'Кампания: ads / Лето',
    '  Отвечали: Мария\n  Длительность: 0:0',
  ])
    expect(note).toContain(line);
  // Its zone is named once, and no other.
  expect(note.match(/^\[\d\d\.\d\d\.\d{4} \d\d:\d\d[^\]]*\]/gm)?.map((stamp) => stamp.slice(17))).toEqual([
    ' Asia/Yerevan]',
    ...Array.from({ length: 3 }, () => ']'),
  ]);
  expect(JSON.stringify(lead)).not.toMatch(/S3CRET|illness/);
}, 300_000);

test('a stranger is no lead before the rule holds, and then his dialogue stands there from its first word; whom the CRM knows has it at once', async () => {
  const site = await siteWith({ lead: { minimumMessages: 2, humanTookPart: true } });
  const stranger = dialogueIn(set.world.admin, site);
  await stranger.say('привет');
  const email = `${newId()}@example.com`;
  const contact = await set.crm.addContact({ first_name: 'Ида', last_name: 'Известная', email });
  const customer = dialogueIn(set.world.admin, site, { contact: { email } });
  await customer.say('это снова я');
  await isHeld(stranger, 'few-messages');
  await isWritten(customer);
  expect((await set.crm.parts(customer.conversation)).map(({ record }) => record)).toEqual([contact]);
  await stranger.say('есть кто?');
  await isHeld(stranger, 'nobody-answered');
  expect(await set.crm.leadsOf(stranger.visitor)).toEqual([]);
  await stranger.say('Здравствуйте!', 'agent');
  await isWritten(stranger);
  expect(await set.crm.leadsOf(stranger.visitor)).toHaveLength(1);
  expect((await rowOf(stranger))?.held).toBeUndefined();
}, 300_000);

test('spam makes no lead; who turns out to be a customer has his dialogue all the same', async () => {
  const site = await siteWith({ lead: { minimumMessages: 3, humanTookPart: false } });
  const spam = dialogueIn(set.world.admin, site);
  const quiet = dialogueIn(set.world.admin, site);
  await spam.say('buy followers');
  await spam.close('spam');
  await quiet.say('вопрос');
  await isHeld(spam, 'spam');
  await isHeld(quiet, 'few-messages');
  const email = `${newId()}@example.com`;
  const contact = await set.crm.addContact({ first_name: 'Поздно', last_name: 'Узнанный', email });
  await quiet.identify({ email });
  await isWritten(quiet);
  expect((await set.crm.parts(quiet.conversation)).map(({ record }) => record)).toEqual([contact]);
  expect(await set.crm.leadsOf(spam.visitor)).toEqual([]);
}, 300_000);

test('what has to be done is a task, once, although answers are lost; later words go on in the same record', async () => {
  const site = await siteWith({ lead: { minimumMessages: 5, humanTookPart: true } });
  const dialogue = dialogueIn(set.world.admin, site);
  const { visitor } = dialogue;
  const author = { kind: 'visitor', id: visitor, name: 'Елена' } as const;
  set.proxy.next(makesTask, { loseAnswer: true });
  await dialogue.tell('callback-requested', {
    visitor,
    author,
    phone: '+37477123456',
    topic: 'Доставка',
    language: 'ru',
  });
  await dialogue.say('есть кто-нибудь?');
  await dialogue.tell('conversation-missed', { since: 2, cause: 'nobody-online' });
  await dialogue.tell('offline-message-left', {
    visitor,
    author,
    text: 'Напишите мне',
    email: `${newId()}@example.com`,
    language: 'ru',
  });
  await isWritten(dialogue);
  const expected = [
    expect.stringMatching(/^Ответить на сообщение · .* task 4\]$/),
    expect.stringMatching(/^Перезвонить: .*\+37477123456 .* task 1\]$/),
    expect.stringMatching(/^Пропущенный чат · .* task 3\]$/),
  ];
  expect(await set.crm.tasksOf(dialogue.conversation)).toEqual(expected);
  const [before] = await set.crm.parts(dialogue.conversation);
  await dialogue.close();
  await dialogue.say('я снова здесь');
  await isWritten(dialogue);
  const parts = await set.crm.parts(dialogue.conversation);
  expect(parts.map(({ part, record }) => [part, record])).toEqual([
    [1, before?.record],
    [2, before?.record],
  ]);
  expect(await set.crm.tasksOf(dialogue.conversation)).toEqual(expected);
}, 300_000);

test('what a visitor asks for by his own commands, to be called, to be answered or to be met by anyone, is a task in the CRM, once', async () => {
  const site = await siteWith({}, { callback: true, missedAfterSeconds: 10 });
  async function act<K extends CommandName>(visitor: string, name: K, data: CommandData<K>): Promise<string> {
    const envelope = { id: newId(), site, actor: { kind: 'visitor', id: visitor } as const };
    // Twice, as a widget that has not heard the answer.
    const [reply] = [
      await request(set.world.admin, name, envelope, data),
      await request(set.world.admin, name, envelope, data),
    ];
    if (!reply.ok) throw new Error(`${name}: ${reply.words}`);
    return (reply as { conversation?: string }).conversation ?? '';
  }
  const [asking, waiting] = [newId(), newId()];
  const page = { url: 'https://nordhem.example/' };
  const asks = await act(asking, 'start-conversation', { text: 'Есть кто-нибудь?', language: 'ru', page });
  await act(asking, 'request-callback', {
    conversation: asks,
    phone: '077 123456',
    country: 'AM',
    topic: 'Доставка a<b и c>d',
    language: 'ru',
  });
  const email = `${newId()}@example.com`;
  await act(asking, 'leave-offline-message', { conversation: asks, text: 'Напишите мне', email, language: 'ru' });
  const waits = await act(waiting, 'start-conversation', { text: 'Алло?', language: 'ru', page });
  await eventually(async () => {
    const titles = await set.crm.tasksOf(asks);
    expect(titles).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^Ответить на сообщение/),
        expect.stringMatching(/^Перезвонить: .*\+37477123456/),
      ]),
    );
    expect(await set.crm.tasksOf(waits)).toEqual([expect.stringMatching(/^Пропущенный чат/)]);
  }, PATIENT);
  // Whatever else the desk made of it: of each event one task at most.
  const titles = await set.crm.tasksOf(asks);
  expect(new Set(titles.map((title) => / task \d+\]$/.exec(title)?.[0])).size).toBe(titles.length);
  for (const subject of [/^Ответить на сообщение/, /^Перезвонить/])
    expect(titles.filter((title) => subject.test(title))).toHaveLength(1);
}, 300_000);

test('a dialogue worth a deal is one, once, although answers are lost; one that is not is none', async () => {
  const site = await siteWith({ deal: { minimumMessages: 2, humanTookPart: true } });
  const email = `${newId()}@example.com`;
  const contact = await set.crm.addContact({ first_name: 'Ада', last_name: 'Покупатель', email });
  const [customer, stranger, brief] = [
    dialogueIn(set.world.admin, site, { contact: { email, name: 'Ада' } }),
    ...[1, 2].map(() => dialogueIn(set.world.admin, site)),
  ] as [Dialogue, Dialogue, Dialogue];
  const connection = { baseUrl: set.world.crm.baseUrl, credentials: { token: set.world.crm.token } };
  const dealsOf = async ({ conversation }: Dialogue) =>
    (await bottlecrmDeals(connection)).filter(({ name }) => name.includes(conversation));
  set.proxy.next(makesDeal, { loseAnswer: true }, 2);
  for (const dialogue of [customer, stranger, brief]) await dialogue.say('сколько стоит?');
  for (const dialogue of [customer, stranger]) {
    await dialogue.say('беру десять');
    await dialogue.say('Хорошо!', 'agent');
  }
  for (const dialogue of [customer, stranger]) {
    await isWritten(dialogue);
    await dialogue.say('и ещё две');
  }
  for (const dialogue of [customer, stranger, brief]) await isWritten(dialogue);
  expect(await dealsOf(customer)).toMatchObject([{ contacts: [contact], name: expect.stringContaining('Ада') }]);
  expect(await dealsOf(stranger)).toHaveLength(1);
  expect(await dealsOf(brief)).toEqual([]);
}, 300_000);

test('a field that the CRM does not have keeps nothing from it, and the administrator is told which', async () => {
  const site = await siteWith({ fields: { 'custom_fields.no_such_field': '{{language}}' } });
  const dialogue = dialogueIn(set.world.admin, site);
  await dialogue.say('мои слова');
  await eventually(async () => {
    expect((await rowOf(dialogue))?.failure).toMatchObject({
      failure: 'invalid',
      field: 'no_such_field',
      words: expect.stringMatching(/“no_such_field”.*crm\.fields/),
    });
    expectSaidOnce(await set.holds(dialogue.conversation), dialogue.said);
  }, PATIENT);
}, 300_000);

test('a contact that the CRM does not take keeps nothing from it; the journal says so until the CRM takes what is said later', async () => {
  const site = await siteWith({});
  // An address that mail servers take and this CRM does not.
  const dialogue = dialogueIn(set.world.admin, site, {
    contact: { name: 'Ника', email: `ника-${newId()}@example.com` },
  });
  await dialogue.say('мои слова');
  await isWritten(dialogue);
  expect((await rowOf(dialogue))?.contactRefused).toMatchObject({
    because: 'invalid',
    words: expect.stringMatching(/^BottleCRM .*\.$/),
  });
  const leads = () => set.crm.leadsOf(dialogue.visitor);
  const [lead] = await leads();
  expect(lead?.fields).toMatchObject({ email: null, description: expect.stringContaining('О себе: Ника, ника-') });
  const email = `${newId()}@example.com`;
  await dialogue.identify({ email });
  await dialogue.say('теперь верно');
  await isWritten(dialogue);
  expect(await rowOf(dialogue)).not.toHaveProperty('contactRefused');
  expect((await leads()).map(({ id, fields }) => [id, fields.email])).toEqual([[lead?.id, email]]);
}, 300_000);

test('a lead whose making was given up and that appears long after does not stay beside the one made instead', async () => {
  const site = await siteWith({});
  const dialogue = dialogueIn(set.world.admin, site);
  let letGo = (): void => {};
  const late = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const arrived = new Promise<void>((resolve) => {
    set.proxy.next(makesLead, { late, arrived: resolve });
  });
  await dialogue.say('сказано однажды');
  await isWritten(dialogue);
  const [kept] = await set.crm.parts(dialogue.conversation);
  letGo();
  await arrived;
  await eventually(async () => {
    expect((await set.crm.leadsOf(dialogue.visitor)).map(({ id }) => id)).toEqual([kept?.record]);
  }, PATIENT);
  expectSaidOnce(await set.holds(dialogue.conversation), dialogue.said);
}, 300_000);
