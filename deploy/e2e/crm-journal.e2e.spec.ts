// The CRM page of the console on a real CRM: what stands there, what waits, why, and how it gets there after all.

import { request } from '@continuo/bus';
import { type CrmConnection, newId } from '@continuo/contracts';
import { freePort } from '@continuo/servers';
import { eventually, type TestVisitor, type World } from '@continuo/testing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Locator, Page } from 'playwright-core';
import { startReceiver, type WebhookReceiver } from '../../services/crm-sync/test/webhook-receiver.ts';
import { accessibilityFaults } from './browsers.ts';
import { type Network, startNetwork } from './network.ts';
import { type Person, type Stage, startStage } from './stage.ts';

const SUPERVISOR = 2;
const AGENT = 0;
const ADMIN = 1;
/** The phone of two people in the CRM. */
const SHARED = '+37477810224';
let stage: Stage;
/** The way from crm-sync to the CRM. */
let way: Network;
let employee: Person;
let page: Page;

beforeAll(async () => {
  stage = await startStage({
    // The last of three is a supervisor.
    agents: 3,
    crm: true,
    crmAddress: async (real) => {
      way = await startNetwork(() => real, await freePort());
      return way.address;
    },
  });
  employee = await stage.person({ axe: true });
  page = await stage.consoleOf(employee, SUPERVISOR);
  await page.getByRole('button', { name: 'Go online' }).click();
}, 600_000);
afterAll(async () => {
  await stage?.[Symbol.asyncDispose]();
  await way?.[Symbol.asyncDispose]();
}, 240_000);

const asks = async (text: string): Promise<TestVisitor> => {
  const visitor = stage.world.visitor();
  await visitor.socket.ready();
  await visitor.say(text);
  return visitor;
};
/** The line of the journal that tells of this visitor. */
const journalRow = (visitor: TestVisitor) =>
  page.getByRole('row').filter({ has: page.locator(`a[href="#/crm/${visitor.conversation()}"]`) });
const openDialogue = async (visitor: TestVisitor): Promise<void> => {
  await page.goto(`${stage.network.address}/console/#/conversation/${visitor.conversation()}`);
};
const openJournal = async (): Promise<void> => {
  await page.goto(`${stage.network.address}/console/#/crm`);
  await page.getByRole('heading', { name: 'BottleCRM', level: 1 }).waitFor();
};

test('a dialogue that stands in the CRM says so on the visitor’s card and in the journal', async () => {
  const visitor = await asks('Does the shop deliver to Riga?');
  await openDialogue(visitor);
  await page
    .getByRole('region', { name: 'Visitor' })
    .getByText(/^in BottleCRM, (.* ago|just now)$/)
    .waitFor();
  await page.getByRole('region', { name: 'Visitor' }).getByText('Lead in BottleCRM').waitFor();
  await openJournal();
  await journalRow(visitor).getByText('in the CRM').waitFor();
  await journalRow(visitor).getByText('Note on a lead').waitFor();
  await journalRow(visitor).getByRole('link').click();
  const compare = page.getByRole('complementary', { name: 'Compare with BottleCRM' });
  await compare.getByText('The same on both sides').waitFor();
  // Read from the CRM itself: its note, not our text.
  await compare.locator('.held').getByText('Does the shop deliver to Riga?', { exact: false }).waitFor();
  await compare.locator('.held').getByText(`[continuo ${visitor.conversation()} part 1]`, { exact: false }).waitFor();
  expect(employee.faults).toEqual([]);
});

test.each(['light', 'dark'] as const)('the journal has no fault that axe finds, in %s', async (colorScheme) => {
  await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
  await page.getByText('The same on both sides').waitFor();
  expect(await accessibilityFaults(page)).toEqual([]);
});

test('while the CRM is away everything waits and says why; healed and tried again, it stands there', async () => {
  way.cut();
  const visitor = await asks('Is there a discount for two?');
  await openDialogue(visitor);
  const card = page.getByRole('region', { name: 'Visitor' });
  await card.getByText('waits for BottleCRM').waitFor();
  await card.getByText('BottleCRM does not answer').waitFor();
  await card.getByText('Nothing is lost. It is tried again by itself.').waitFor();
  await openJournal();
  await page.getByRole('heading', { name: 'BottleCRM does not answer' }).waitFor();
  // One of before may have had something to add as well.
  await page.getByText(/\d dialogues? waits? here and goe?s? by /).waitFor();
  await journalRow(visitor).getByText('waiting').waitFor();
  expect(await page.getByText('needs a person', { exact: true }).count()).toBe(0);

  way.heal();
  await page.getByRole('button', { name: 'Retry all' }).click();
  await journalRow(visitor).getByText('in the CRM').waitFor();
  await page.getByText('works', { exact: true }).first().waitFor();
  await eventually(async () => expect(await page.getByText('BottleCRM does not answer').count()).toBe(0));
  expect(employee.faults).toEqual([]);
});

/** As the operator does. */
const connectWith = async (connection: CrmConnection): Promise<void> => {
  const saved = await request(
    stage.world.operator,
    'save-crm-connection',
    { id: newId(), site: stage.world.site.id, actor: { kind: 'operator', id: 'test' } },
    { connection },
  );
  if (!saved.ok) throw new Error(saved.words);
};
const bottleCrm = (token: string): CrmConnection => ({
  connector: 'bottlecrm',
  baseUrl: way.address,
  credentials: { token },
});
const makeAdministrator = async (index: number): Promise<void> => {
  const { id, name, email } = stage.world.employees[index] as World['employees'][number];
  const site = stage.world.site.id;
  const settings = { id, site, name, email, role: 'admin' as const, capacity: 5, photo: '/photos/anna.svg' };
  const saved = await request(
    stage.world.operator,
    'save-agent',
    { id: newId(), site, actor: { kind: 'operator', id: 'test' } },
    { settings },
  );
  if (!saved.ok) throw new Error(saved.words);
};
/** A window that has become smaller is drawn anew a moment later. */
const noSideways = (): Promise<void> =>
  eventually(async () => expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360));
const stands = (word: string) => page.locator('.crm-head').getByText(word, { exact: true }).waitFor();

/** As somebody in the company does, in the CRM itself. */
const inTheCrm = async <T>(method: string, path: string, body?: object): Promise<T> => {
  const answer = await fetch(`${stage.world.crm.baseUrl}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${stage.world.crm.token}`,
      'content-type': 'application/json',
      connection: 'close',
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`BottleCRM answered ${answer.status} to ${method} ${path}`);
  return (await answer.json()) as T;
};

test('of two people in the CRM with one phone a supervisor chooses, with the keyboard alone, and the dialogue goes on there', async () => {
  const phone = SHARED;
  const person = async (first_name: string) =>
    (await inTheCrm<{ id: string }>('POST', '/api/contacts/', { first_name, last_name: 'Simonyan', phone })).id;
  await person('Arsen');
  const anahit = await person('Anahit');
  await openJournal();
  const visitor = await asks('It is me again.');
  await visitor.socket.command('identify-contact', { conversation: visitor.conversation(), phone });
  await page.getByRole('heading', { name: `BottleCRM has 2 people with the phone ${phone}` }).waitFor();
  await page.getByText('We do not guess.', { exact: false }).waitFor();
  await page.getByText('Without a choice a new lead is made', { exact: false }).waitFor();
  await page.getByRole('button', { name: 'Choose the contact' }).press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Choose the contact' });
  await dialog.getByRole('button', { name: 'Write it there', disabled: true }).waitFor();
  expect(await dialog.getByRole('radio').count()).toBe(3);
  expect(await dialog.getByRole('radio', { checked: true }).count()).toBe(0);
  expect(await accessibilityFaults(page)).toEqual([]);
  await page.setViewportSize({ width: 360, height: 740 });
  await noSideways();
  await page.setViewportSize({ width: 1280, height: 800 });
  await dialog.getByRole('radio', { name: /^Anahit Simonyan/ }).press('Space');
  await dialog.getByRole('radio', { name: /^Anahit Simonyan/ }).press('Enter');
  await dialog.waitFor({ state: 'hidden' });
  await eventually(async () => expect(await page.getByText('We do not guess.', { exact: false }).count()).toBe(0));
  await journalRow(visitor).getByText('in the CRM').waitFor();
  await visitor.say('And here is the rest.');
  await eventually(async () => {
    const { comments } = await inTheCrm<{ comments: { comment: string }[] }>('GET', `/api/contacts/${anahit}/`);
    expect(comments.map(({ comment }) => comment).join('\n')).toContain('And here is the rest.');
  });
  expect(employee.faults).toEqual([]);
});

test('a field that the CRM lacks is named with what to do, while the dialogue stands there; a button makes it and it is filled', async () => {
  const { world } = stage;
  const save = async (crm: typeof world.site.crm) => {
    const envelope = { id: newId(), site: world.site.id, actor: { kind: 'operator', id: 'test' } } as const;
    expect(await request(world.operator, 'save-site', envelope, { settings: { ...world.site, crm } })).toMatchObject({
      ok: true,
    });
  };
  await save({ ...world.site.crm, fields: { 'custom_fields.chat_language': '{{language}}' } });
  await openJournal();
  const visitor = await asks('Is oak heavier than pine?');
  const lacking = page.getByRole('heading', { name: 'BottleCRM has no field “chat_language”' });
  await lacking.waitFor();
  await page.getByText('The dialogue stands in BottleCRM, only this field is empty.', { exact: false }).waitFor();
  await page.setViewportSize({ width: 360, height: 740 });
  await lacking.waitFor();
  await noSideways();
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.locator('.needs').getByRole('button', { name: 'Make the field' }).press('Enter');
  await lacking.waitFor({ state: 'hidden' });
  await journalRow(visitor).getByText('in the CRM').waitFor();
  await eventually(async () => {
    const link = await world.database.collection('crm_links').findOne({ conversation: visitor.conversation() });
    const lead = await inTheCrm<{ lead_obj: object }>('GET', `/api/leads/${link?.['record']?.id}/`);
    expect(lead.lead_obj).toMatchObject({ custom_fields: { chat_language: expect.any(String) } });
  });
  await save(world.site.crm);
  expect(employee.faults).toEqual([]);
});

test('paused, what is said waits and says so; resumed, it goes by itself', async () => {
  await openJournal();
  await page.getByRole('button', { name: 'Pause' }).click();
  await stands('paused');
  await page.getByText('Paused by', { exact: false }).waitFor();
  const visitor = await asks('Do you assemble it, too?');
  await page.getByText(/Nothing is lost: \d dialogues? waits? here\./).waitFor();
  await journalRow(visitor).getByText('waiting').waitFor();
  await page.locator('.crm-head').getByRole('button', { name: 'Resume' }).click();
  await stands('works');
  await journalRow(visitor).getByText('in the CRM').waitFor();
  expect(employee.faults).toEqual([]);
});

test('a refused key stops the connection, which says what to do; with the right one a test brings everything on', async () => {
  await connectWith(bottleCrm('no-such-token'));
  const visitor = await asks('Is the oak oiled?');
  await openJournal();
  const test = page.getByRole('button', { name: 'Test', exact: true });
  for (let times = 0; times < 3; times++) {
    await test.click();
    await page.locator('.tested').getByText('BottleCRM wants a new sign-in').waitFor();
  }
  await stands('stopped');
  await page.getByRole('heading', { name: 'BottleCRM wants a new sign-in' }).waitFor();
  await page.getByText('Have the key renewed, then try again', { exact: false }).waitFor();
  // It goes by itself with the key: nowhere is it said to be set aside.
  await journalRow(visitor).getByText('waiting').waitFor();
  await page.getByRole('button', { name: 'Set aside 0', exact: true }).waitFor();
  await connectWith(bottleCrm(stage.world.crm.token));
  await test.click();
  await page.getByText('BottleCRM answers. The connection works.').waitFor();
  await stands('works');
  await journalRow(visitor).getByText('in the CRM').waitFor();
});

test('what was deleted in the CRM is written anew by a re-sync, with the keyboard alone', async () => {
  const visitor = await asks('Can I return it within a month?');
  await openJournal();
  await journalRow(visitor).getByText('in the CRM').waitFor();
  await journalRow(visitor).getByRole('link').click();
  const compare = page.getByRole('complementary', { name: 'Compare with BottleCRM' });
  await compare.getByText('The same on both sides').waitFor();
  const link = await stage.world.database
    .collection('crm_links')
    .findOne({ conversation: visitor.conversation() }, { projection: { record: 1 } });
  const { id: lead } = link?.['record'] ?? {};
  const gone = await fetch(`${stage.world.crm.baseUrl}/api/leads/${lead}/`, {
    method: 'DELETE',
    headers: { authorization: `Bearer ${stage.world.crm.token}`, connection: 'close' },
  });
  expect(gone.ok).toBe(true);
  await compare.getByRole('button', { name: 'Read again' }).click();
  await compare.getByText('The record was deleted in BottleCRM').waitFor();

  await page.getByRole('button', { name: 'Re-sync a period' }).press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Re-sync a period' });
  await dialog.getByRole('radio', { name: 'the last 24 hours' }).press('ArrowDown');
  await dialog.getByRole('radio', { name: 'the last 7 days', checked: true }).waitFor();
  expect(await accessibilityFaults(page)).toEqual([]);
  await dialog.getByRole('radio', { name: 'the last 7 days' }).press('Enter');
  await dialog.waitFor({ state: 'hidden' });
  // Written anew, the journal hears of it, and what stands beside it is read again.
  await compare.getByText('The same on both sides').waitFor();
  await compare.locator('.held').getByText('Can I return it within a month?', { exact: false }).waitFor();
  expect(employee.faults).toEqual([]);
});

const HOUR_MS = 3_600_000;
/** The one long write of the day, so long ago. */
const lagOf = async (hoursAgo: number): Promise<void> => {
  const lags = stage.world.database.collection<{ _id: string }>('crm_lags');
  const site = stage.world.site.id;
  await lags.deleteMany({ worst: LONG_MS });
  const at = Math.floor((Date.now() - hoursAgo * HOUR_MS) / 900_000) * 900_000;
  await lags.insertOne({ _id: `${site} ${at} long`, ...{ site, at, writes: 1, worst: LONG_MS, steps: { 83: 1 } } });
};
const LONG_MS = 59 * 60_000 + 58_000;
/** As when the broker of a company does not let its contacts be read. */
async function withDayAndUnread(look: (peakAt: readonly number[]) => Promise<void>): Promise<void> {
  const connections = stage.world.database.collection<{ _id: string }>('crm_connections');
  const mine = { _id: stage.world.site.id };
  await connections.updateOne(mine, { $set: { unread: 'So contacts are not read: a right is missing on the queue.' } });
  try {
    // At both sides of the middle, where the label turns, and at the end.
    await look([12.5, 11.5, 0.5]);
  } finally {
    await connections.updateOne(mine, { $unset: { unread: true } });
    await stage.world.database.collection('crm_lags').deleteMany({ worst: LONG_MS });
  }
}
/** Whether it stays inside at each side, and how many lines it has. */
const placeIn = (one: Element, of: string) => {
  const [inner, outer] = [one.getBoundingClientRect(), (one.closest(of) as Element).getBoundingClientRect()];
  return {
    left: inner.left >= outer.left,
    right: inner.right <= outer.right,
    top: inner.top >= outer.top,
    lines: Math.round(inner.height / Number.parseFloat(getComputedStyle(one).lineHeight)),
  };
};

test.each([
  ['light', 'en'],
  ['dark', 'ru'],
] as const)(
  'on a phone of 360 px nothing is cut off or scrolls sideways, in %s and %s',
  async (colorScheme, language) => {
    const phone = await stage.person({
      axe: true,
      viewport: { width: 360, height: 740 },
      colorScheme,
      locale: language,
    });
    const small = await stage.consoleOf(phone, SUPERVISOR);
    await small.goto(`${stage.network.address}/console/#/crm`);
    // He is logged in: else there would be nothing to load again.
    await small.locator('.journal tbody tr').first().waitFor();
    await withDayAndUnread(async (peakAt) => {
      for (const at of peakAt) {
        await lagOf(at);
        await small.reload();
        await small.locator('.journal tbody tr').first().waitFor();
        await small.locator('.lag-line .peak b').waitFor();
        await small.locator('.standing .said').getByText('contacts are not read', { exact: false }).waitFor();
        const outside = await small.evaluate(() =>
          [...document.querySelectorAll('.k-crmpage *')]
            .map((one) => ({ one, box: one.getBoundingClientRect() }))
            .filter(({ box }) => box.width > 1 && (box.right > innerWidth + 0.5 || box.left < -0.5))
            .map(({ one }) => `${one.tagName}.${one.className}`),
        );
        expect(outside).toEqual([]);
        const label = await small.locator('.lag-line .peak b').evaluate(placeIn, '.lag-line');
        expect({ at, ...label }).toEqual({ at, left: true, right: true, top: true, lines: expect.any(Number) });
        expect(label.lines).toBeLessThanOrEqual(2);
      }
      expect(await accessibilityFaults(small)).toEqual([]);
    });
    await phone.context.close();
  },
  180_000,
);

test('without a connection to Continuo the page stays, says as of when, and offers nothing that cannot be done', async () => {
  await openJournal();
  stage.network.cutSockets();
  await page.getByText(/^as of \d\d:\d\d$/).waitFor();
  await page.getByRole('button', { name: 'Pause', disabled: true }).waitFor();
  expect(await page.locator('.journal tbody tr').count()).toBeGreaterThan(0);
  stage.network.heal();
  await eventually(async () => expect(await page.getByRole('button', { name: 'Pause' }).isEnabled()).toBe(true));
});

test('an employee who does not supervise sees how it stands and is offered nothing that he may not do', async () => {
  const other = await stage.person();
  const seen = await stage.consoleOf(other, AGENT);
  await seen.goto(`${stage.network.address}/console/#/crm`);
  await seen.locator('.crm-head').getByText('works', { exact: true }).waitFor();
  await seen.locator('.journal tbody tr').first().waitFor();
  const visitor = await asks('Do you know me?');
  await visitor.socket.command('identify-contact', { conversation: visitor.conversation(), phone: SHARED });
  await seen.getByRole('heading', { name: `BottleCRM has 2 people with the phone ${SHARED}` }).waitFor();
  for (const name of ['Test', 'Pause', 'Re-sync a period', 'Retry all', 'Retry', 'Choose the contact'])
    expect([name, await seen.getByRole('button', { name, exact: true }).count()]).toEqual([name, 0]);
  expect(await seen.getByRole('navigation', { name: 'Connections' }).count()).toBe(0);
  await other.context.close();
});

/** Whoever uses the keyboard is there, and a screen reader says so. */
const focused = (where: Page, what: Locator): Promise<void> => what.and(where.locator(':focus')).waitFor();

/** Somebody changed the secret over there: the administrator gives the new one, with the keyboard alone. */
async function signsInAnew(his: Page, receiver: WebhookReceiver): Promise<void> {
  receiver.secret = `whsec_${Buffer.alloc(32, 8).toString('base64')}`;
  const title = 'Webhook to ERP wants a new sign-in';
  const test = his.getByRole('button', { name: 'Test', exact: true });
  for (let times = 0; times < 3; times++) {
    await test.click();
    await his.locator('.tested').getByText(title).waitFor();
  }
  await his.getByRole('heading', { name: title }).waitFor();
  await his.getByRole('navigation', { name: 'Connections' }).getByText('sign in again', { exact: false }).waitFor();
  const visitor = await asks('Does it wait for the sign-in?');
  await his.getByRole('button', { name: 'Sign in', exact: true }).press('Enter');
  const dialog = his.getByRole('dialog', { name: 'New credentials for Webhook to ERP' });
  const address = dialog.getByLabel('Address', { exact: true });
  await address.waitFor();
  expect(await address.inputValue()).toBe(receiver.url);
  // A slash at its end is no other address: what is stored stays.
  await address.fill(`${receiver.url}/`);
  await dialog.getByText('what is left empty stays as it is', { exact: false }).waitFor();
  const secret = dialog.getByLabel(/^Secret/);
  // A secret that is not the new one is tested and refused, and what was typed stays.
  await secret.fill(`whsec_${Buffer.alloc(32, 9).toString('base64')}`);
  await secret.press('Enter');
  await dialog.getByRole('alert').getByText('It refuses these credentials.', { exact: true }).waitFor();
  for (const colorScheme of ['dark', 'light'] as const) {
    await his.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await his.setViewportSize({ width: 360, height: 740 });
    await dialog.getByRole('heading').waitFor();
    await eventually(async () => expect(await dialog.evaluate((one) => one.scrollWidth - one.clientWidth)).toBe(0));
    expect([colorScheme, await accessibilityFaults(his)]).toEqual([colorScheme, []]);
  }
  await his.setViewportSize({ width: 1366, height: 860 });
  await dialog.getByLabel(/^Old secret/).fill(`whsec_${Buffer.alloc(32, 7).toString('base64')}`);
  await secret.fill(receiver.secret);
  await secret.press('Enter');
  await dialog.waitFor({ state: 'hidden' });
  await his.locator('.crm-head').getByText('works', { exact: true }).waitFor();
  // What opened it is gone.
  await focused(his, his.getByRole('heading', { name: 'Webhook to ERP', level: 1 }));
  await eventually(() =>
    expect(receiver.text(visitor.conversation() as string)).toContain('Does it wait for the sign-in?'),
  );
  const signatures = (): number | undefined =>
    receiver.received.at(-1)?.headers['webhook-signature']?.split(' ').length;
  expect(signatures()).toBe(2);

  await his.getByRole('button', { name: 'Edit', exact: true }).press('Enter');
  await his.getByRole('button', { name: 'New credentials', exact: true }).press('Enter');
  await dialog.getByRole('checkbox', { name: 'Take away what is stored: Old secret' }).press('Space');
  await secret.press('Enter');
  await dialog.waitFor({ state: 'hidden' });
  await eventually(() => expect(signatures()).toBe(1));
}

test('an administrator connects another CRM with the keyboard alone; each has its own journal, pause and name, and one is taken away', async () => {
  const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
  await using receiver = await startReceiver(secret);
  await makeAdministrator(ADMIN);
  const boss = await stage.person({ axe: true });
  const his = await stage.consoleOf(boss, ADMIN);
  await his.goto(`${stage.network.address}/console/#/crm`);
  const list = his.getByRole('navigation', { name: 'Connections' });
  const lineOf = (name: string) => list.getByRole('link', { name });
  await lineOf('BottleCRM').waitFor();
  await list.getByRole('button', { name: 'Connect another' }).press('Enter');
  const dialog = his.getByRole('dialog', { name: 'Connect a CRM' });
  await focused(his, dialog.getByLabel('Which'));
  await dialog.getByLabel('Which').selectOption('webhook');
  await dialog.getByLabel('Name').fill('Webhook to ERP');
  await dialog.getByLabel('Address').fill(receiver.url);
  await dialog.getByLabel(/^Secret/).fill('too short');
  await dialog.getByLabel(/^Secret/).press('Enter');
  // What is refused is said where it was typed, and nothing is lost.
  await dialog.getByRole('alert').waitFor();
  await his.setViewportSize({ width: 360, height: 740 });
  await dialog.getByRole('heading', { name: 'Connect a CRM' }).waitFor();
  expect(await accessibilityFaults(his)).toEqual([]);
  await his.setViewportSize({ width: 1366, height: 860 });
  await dialog.getByLabel(/^Secret/).fill(secret);
  await dialog.getByLabel(/^Secret/).press('Enter');
  await his.getByRole('heading', { name: 'Webhook to ERP', level: 1 }).waitFor();
  await dialog.waitFor({ state: 'hidden' });

  const visitor = await asks('Is it in both of you?');
  const row = (connection: string) =>
    his.getByRole('row').filter({ has: his.locator(`a[href="#/crm${connection}/${visitor.conversation()}"]`) });
  await row('/webhook-to-erp').getByText('in the CRM').waitFor();
  expect(receiver.text(visitor.conversation() as string)).toContain('Is it in both of you?');
  await lineOf('BottleCRM').press('Enter');
  await his.getByRole('heading', { name: 'BottleCRM', level: 1 }).waitFor();
  await focused(his, lineOf('BottleCRM'));
  await row('').getByText('in the CRM').waitFor();

  await lineOf('Webhook to ERP').press('Enter');
  await his.getByRole('heading', { name: 'Webhook to ERP', level: 1 }).waitFor();
  await his.getByRole('button', { name: 'Pause' }).press('Enter');
  await lineOf('Webhook to ERP').getByText('paused', { exact: false }).waitFor();
  expect(await lineOf('BottleCRM').getByText('paused', { exact: false }).count()).toBe(0);
  for (const colorScheme of ['light', 'dark'] as const) {
    await his.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    expect([colorScheme, await accessibilityFaults(his)]).toEqual([colorScheme, []]);
  }
  // A supervisor sees both, and is offered nothing that only an administrator may do.
  await openJournal();
  const seen = page.getByRole('navigation', { name: 'Connections' });
  await seen.getByRole('link', { name: 'Webhook to ERP' }).waitFor();
  expect(await seen.getByRole('button').count()).toBe(0);
  expect(await page.getByRole('button', { name: 'Edit', exact: true }).count()).toBe(0);
  await page.setViewportSize({ width: 360, height: 740 });
  await noSideways();
  expect(await accessibilityFaults(page)).toEqual([]);
  await page.setViewportSize({ width: 1366, height: 860 });

  await his.getByRole('button', { name: 'Resume' }).first().press('Enter');
  await signsInAnew(his, receiver);

  await his.getByRole('button', { name: 'Edit', exact: true }).press('Enter');
  const editing = his.getByRole('dialog', { name: 'Edit the connection' });
  // The same form before anything has expired; what is new is asked for first.
  await editing.getByRole('button', { name: 'New credentials' }).press('Enter');
  await his.locator('dialog[open] input[name="credential secret"]:focus').waitFor();
  await his.keyboard.press('Escape');
  await his.getByRole('button', { name: 'Edit', exact: true }).press('Enter');
  await focused(his, editing.getByLabel('Name'));
  await editing.getByLabel('Name').fill('The ERP');
  await editing.getByLabel('Name').press('Enter');
  await lineOf('The ERP').waitFor();
  await seen.getByRole('link', { name: 'The ERP' }).waitFor();
  await editing.waitFor({ state: 'hidden' });
  await his.getByRole('button', { name: 'Edit', exact: true }).press('Enter');
  await editing.getByText('“webhook-to-erp”', { exact: false }).waitFor();
  await editing.getByRole('button', { name: 'Remove' }).press('Enter');
  const asking = his.getByRole('dialog', { name: 'Remove The ERP?' });
  await focused(his, asking.getByRole('heading'));
  await asking.getByText('What stands in The ERP stays there', { exact: false }).waitFor();
  await asking.getByRole('button', { name: 'Remove' }).press('Enter');
  await focused(his, his.getByRole('heading', { name: 'BottleCRM', level: 1 }));
  await eventually(async () => expect(await list.getByRole('link').count()).toBe(1));
  // Whoever runs it sees the only one, too.
  await eventually(async () => expect(await seen.getByRole('link').count()).toBe(1));
  expect(boss.faults).toEqual([]);
  await boss.context.close();
}, 240_000);

/** What lies on something else, and what runs out of its line; of what is scrolled away only the part that is seen. */
const clashesIn = (root: Element): string[] => {
  const seen = (one: Element) => {
    const range = document.createRange();
    range.selectNodeContents(one);
    const own = one.matches('a, button, i') ? one : range;
    let { left, right, top, bottom } = own.getBoundingClientRect();
    for (let outer: Element | null = one; outer; outer = outer.parentElement) {
      const { overflowX, overflowY } = getComputedStyle(outer);
      const clip = outer.getBoundingClientRect();
      if (overflowX !== 'visible') [left, right] = [Math.max(left, clip.left), Math.min(right, clip.right)];
      if (overflowY !== 'visible') [top, bottom] = [Math.max(top, clip.top), Math.min(bottom, clip.bottom)];
    }
    return { one, left, right, top, bottom, words: one.textContent || one.className.toString() };
  };
  const all = [...root.querySelectorAll('a, button, b, small, .way, .i')]
    .map(seen)
    .filter(({ left, right, top, bottom }) => right - left > 1 && bottom - top > 1);
  const apart = (a: Element, b: Element) => !a.contains(b) && !b.contains(a);
  const over = all.flatMap((a, index) =>
    all
      .slice(index + 1)
      .filter((b) => apart(a.one, b.one))
      .filter((b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1)
      .filter((b) => Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1)
      .map((b) => `“${a.words}” and “${b.words}” lie on each other`),
  );
  const out = all.flatMap(({ one, left, right, words }) => {
    const line = one.parentElement?.closest('a, button')?.getBoundingClientRect();
    return line && (right > line.right + 1 || left < line.left - 1) ? [`“${words}” runs out of its line`] : [];
  });
  return [...over, ...out];
};

const EVERYDAY = {
  ledger: 'Вебхук в бухгалтерию',
  sales: 'Учёт заявок и договоров отдела продаж',
  word: 'Железобетонногидроизоляционностройматериалыопт',
  tiny: 'Крошка',
} as const;
const CALLED = Object.keys(EVERYDAY) as (keyof typeof EVERYDAY)[];

/** Whoever has the page in Russian reads no English but what a CRM says, and that on demand. */
async function speaksRussian(his: Page, receiver: WebhookReceiver): Promise<void> {
  await his
    .getByRole('navigation', { name: 'Подключения' })
    .getByRole('button', { name: 'Подключить ещё' })
    .press('Enter');
  const dialog = his.getByRole('dialog', { name: 'Подключить CRM' });
  const which = dialog.getByLabel('Что подключить');
  await focused(his, which);
  const names = await which.locator('option').allInnerTexts();
  expect(new Set(names).size).toBe(names.length);
  for (const name of names) {
    await which.selectOption({ label: name });
    expect([name, await dialog.locator('[lang="en"]').allInnerTexts()]).toEqual([name, []]);
  }
  await which.selectOption('webhook');
  await dialog.getByLabel('Название').fill(EVERYDAY.tiny);
  await dialog.getByText('Так уже называется другое подключение', { exact: false }).waitFor();
  expect(await dialog.getByLabel(/^Id/).inputValue()).toBe('kroshka');
  await dialog.getByLabel('Адрес', { exact: true }).fill('http://10.0.0.1/continuo');
  const secret = dialog.getByLabel(/^Секрет/);
  await secret.fill('too short');
  await secret.press('Enter');
  await dialog.getByRole('alert').getByText('Проверьте: Секрет.', { exact: true }).waitFor();
  await secret.fill(receiver.secret);
  await secret.press('Enter');
  await dialog.getByRole('alert').getByText('Проверьте адрес', { exact: false }).waitFor();
  expect(await accessibilityFaults(his)).toEqual([]);
  await his.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
  receiver.next({ answer: 302 }, 1_000, ({ type }) => type === 'connection-tested');
  await his.getByRole('button', { name: 'Проверить', exact: true }).press('Enter');
  const tested = his.locator('.tested');
  await tested.getByText(`«${EVERYDAY.tiny}» не принимает запрос`, { exact: true }).waitFor();
  await tested.getByText('Подробно').click();
  await tested.getByText('Redirects are not followed', { exact: false }).waitFor();
  expect(await accessibilityFaults(his)).toEqual([]);
  await tested.getByRole('button', { name: 'Закрыть' }).click();
}

test('names as people give them stay in their lines on phone, tablet and desk, and the one that is shown is in view', async () => {
  const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
  await using receiver = await startReceiver(secret);
  await makeAdministrator(ADMIN);
  const { world } = stage;
  const site = world.site.id;
  const envelope = () => ({ id: newId(), site, actor: { kind: 'operator', id: 'test' } }) as const;
  for (const id of CALLED)
    await connectWith({ id, name: EVERYDAY[id], connector: 'webhook', baseUrl: receiver.url, credentials: { secret } });
  const boss = await stage.person({ axe: true, locale: 'ru' });
  const his = await stage.consoleOf(boss, ADMIN);
  await his.goto(`${stage.network.address}/console/#/crm/word`);
  const list = his.getByRole('navigation', { name: 'Подключения' });
  // Lines at their longest: one rests, and all have set something aside.
  receiver.next({ answer: 400 }, 1_000, ({ type }) => type !== 'connection-tested');
  await asks('Will it fit?');
  await list.getByText('отложен', { exact: false }).nth(3).waitFor();
  await request(world.operator, 'pause-crm', envelope(), { connection: 'word' });
  await list.getByRole('link', { name: EVERYDAY.word }).getByText('на паузе', { exact: false }).waitFor();
  for (const [width, colorScheme] of [
    [360, 'dark'],
    [820, 'light'],
    [1366, 'light'],
  ] as const) {
    await his.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await his.setViewportSize({ width, height: 740 });
    // Each is brought into view where they do not all have room.
    for (const id of width === 360 ? CALLED : (['word'] as const)) {
      const name = EVERYDAY[id];
      await his.goto(`${stage.network.address}/console/#/crm/${id}`);
      const title = his.getByRole('heading', { name, level: 1 });
      await title.waitFor();
      await eventually(async () => {
        expect([width, id, await list.evaluate(clashesIn)]).toEqual([width, id, []]);
        const shown = await list.locator('[aria-current]').evaluate((one) => {
          const [line, view] = [one.getBoundingClientRect(), (one.closest('ul') as Element).getBoundingClientRect()];
          return line.left >= view.left - 1 && line.right <= Math.min(view.right, innerWidth) + 1;
        });
        expect([width, id, shown]).toEqual([width, id, true]);
      });
      const words = await title.evaluate((one) => {
        const range = document.createRange();
        range.selectNodeContents(one);
        return range.getBoundingClientRect().right <= innerWidth;
      });
      expect([width, id, words]).toEqual([width, id, true]);
    }
    expect([width, await accessibilityFaults(his)]).toEqual([width, []]);
  }
  const remove = (connection: string) => request(world.operator, 'remove-crm-connection', envelope(), { connection });
  await his.setViewportSize({ width: 360, height: 740 });
  await his.goto(`${stage.network.address}/console/#/crm/tiny`);
  await speaksRussian(his, receiver);
  // Taken away elsewhere while somebody is at it, and one that was never there: both say so, and show the way back.
  await his.getByRole('button', { name: 'Изменить', exact: true }).press('Enter');
  await his.getByRole('dialog', { name: 'Изменить подключение' }).getByText('«tiny»', { exact: false }).waitFor();
  await remove('tiny');
  const goneMeanwhile = his.getByRole('dialog', { name: `Подключения «${EVERYDAY.tiny}» больше нет` });
  await focused(his, goneMeanwhile.getByRole('heading'));
  expect(await accessibilityFaults(his)).toEqual([]);
  await his.keyboard.press('Escape');
  const gone = his.getByRole('heading', { name: 'Такого подключения больше нет', level: 1 });
  await focused(his, gone);
  await his.goto(`${stage.network.address}/console/#/crm/nosuch`);
  await gone.waitFor();
  expect(await accessibilityFaults(his)).toEqual([]);
  await his.getByRole('link', { name: 'К подключениям' }).press('Enter');
  await his.getByRole('heading', { name: 'BottleCRM', level: 1 }).waitFor();
  for (const connection of CALLED) await remove(connection);
  expect(boss.faults).toEqual([]);
  await boss.context.close();
}, 240_000);

test('of a receiver that is only told, each attempt to send stands beside the dialogue', async () => {
  const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
  await using receiver = await startReceiver(secret);
  await connectWith({ connector: 'webhook', baseUrl: receiver.url, credentials: { secret } });
  // Dialogues of the CRM before go to the new one, too.
  receiver.next({ answer: 503 }, 1, (message) => JSON.stringify(message).includes('And by lorry?'));
  const visitor = await asks('And by lorry?');
  await page.goto(`${stage.network.address}/console/#/crm/${visitor.conversation()}`);
  const sent = page.getByRole('complementary', { name: 'Sent by Webhook' });
  await sent.getByText('Transcript, part 1').waitFor();
  await sent.getByText('a fault over there').first().waitFor();
  // Tried again by itself.
  await eventually(async () => expect(await sent.locator('.k-path li.now .ok').count()).toBe(2), { withinMs: 120_000 });
  expect(await accessibilityFaults(page)).toEqual([]);
});
