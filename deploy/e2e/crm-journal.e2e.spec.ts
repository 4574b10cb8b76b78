// The CRM page of the console on a real CRM: what stands there, what waits, why, and how it gets there after all.

import { freePort } from '@continuo/servers';
import { eventually, type TestVisitor } from '@continuo/testing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { accessibilityFaults } from './browsers.ts';
import { type Network, startNetwork } from './network.ts';
import { type Person, type Stage, startStage } from './stage.ts';

const SUPERVISOR = 2;
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
}, 180_000);
afterAll(async () => {
  await stage?.[Symbol.asyncDispose]();
  await way?.[Symbol.asyncDispose]();
}, 60_000);

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
  await page.getByText('1 dialogue waits here and goes by itself.', { exact: false }).waitFor();
  await journalRow(visitor).getByText('waiting').waitFor();
  expect(await page.getByText('needs a person', { exact: true }).count()).toBe(0);

  way.heal();
  await page.getByRole('button', { name: 'Retry all' }).click();
  await journalRow(visitor).getByText('in the CRM').waitFor();
  await page.getByText('works', { exact: true }).first().waitFor();
  await eventually(async () => expect(await page.getByText('BottleCRM does not answer').count()).toBe(0));
  expect(employee.faults).toEqual([]);
});
