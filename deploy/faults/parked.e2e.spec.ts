// A supervisor in a real browser settles records that a real service could not handle: one is handled again once its cause is mended, one is discarded.
import { eventually } from '@continuo/testing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { accessibilityFaults } from '../e2e/browsers.ts';
import { type Stage, startStage } from '../e2e/stage.ts';
import { HURRY, hurry, refuseText, scrawl } from './poison.ts';

const SUPERVISOR = 2;
let stage: Stage;
beforeAll(async () => {
  stage = await startStage({
    agents: 3,
    services: { gateway: 1, conversation: 1 },
    env: { NODE_OPTIONS: `--import=${HURRY}` },
  });
}, 240_000);
afterAll(async () => {
  await stage?.[Symbol.asyncDispose]();
}, 240_000);

const records = (page: Page) => page.locator('.dl');
async function openParked(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'CRM', exact: true }).click();
  await page.getByRole('link', { name: 'Not handled' }).click();
  await page.getByRole('heading', { name: 'Not handled' }).waitFor();
}

test('a supervisor reads why a record was set aside, has it handled again once its cause is mended, and discards another', async () => {
  const { world } = stage;
  const person = await stage.person({ axe: true });
  const page = await stage.consoleOf(person, SUPERVISOR);
  await openParked(page);
  await page.getByText('Everything was handled.').waitFor();

  const visitor = world.visitor();
  await visitor.socket.ready();
  await visitor.say('before');
  hurry(world, 'conversation');
  const mend = await refuseText(world, 'an unmistakable sentence');
  await visitor.say('an unmistakable sentence');
  const missing = `${visitor.conversation()}:2`;
  const viewed = () =>
    world.database.collection<{ _id: string }>('conversation_events').countDocuments({ _id: missing });
  const stored = async () => (await world.admin.jsm.streams.info('DEAD_LETTERS')).state.messages;
  await eventually(async () => expect(await stored()).toBe(1));
  await page.reload();
  await records(page).getByRole('heading', { name: 'Inbox and transcripts' }).waitFor();
  await records(page)
    .getByText(/The handler failed 20 times: MongoBulkWriteError/)
    .waitFor();
  expect(await records(page).locator('.about div').allTextContents()).toEqual([
    'Recordmessage-sent',
    'Tried20 times',
    'DialogueOpen',
  ]);
  expect(await page.getByRole('link', { name: 'Open', exact: true }).getAttribute('href')).toBe(
    `#/conversation/${visitor.conversation()}`,
  );
  // What the visitor wrote is shown to who asks for it, and goes again.
  expect(await page.locator('main').textContent()).not.toContain('unmistakable');
  await page.getByRole('button', { name: 'Show what it holds' }).press('Enter');
  await page.locator('pre').getByText('"text": "an unmistakable sentence"').waitFor();
  expect(await accessibilityFaults(page)).toEqual([]);
  await page.getByRole('button', { name: 'Hide what it holds' }).press('Enter');
  await page.locator('pre').waitFor({ state: 'detached' });
  expect(await accessibilityFaults(page)).toEqual([]);
  await page.getByRole('button', { name: 'Handle again' }).press('Enter');
  await page.getByRole('alert').getByText('It failed again. The cause is not mended yet.').waitFor();
  expect(await viewed()).toBe(0);
  await page.getByRole('button', { name: 'Handle again' }).and(page.locator(':focus')).waitFor();
  await mend();
  await page.getByRole('button', { name: 'Handle again' }).press('Enter');
  await page.getByText('Everything was handled.').waitFor();
  expect(await viewed()).toBe(1);
  await page.locator('main:focus').waitFor();

  await scrawl(world, '{"text":"an unmistakable sent');
  await eventually(async () => expect(await stored()).toBe(3));
  await page.reload();
  await records(page).getByRole('heading', { name: 'Queue' }).waitFor();
  await eventually(async () => expect(await records(page).count()).toBe(2));
  const queue = records(page).filter({ has: page.getByRole('heading', { name: 'Queue' }) });
  await queue.getByText(/is not JSON/).waitFor();
  await queue.getByRole('button', { name: 'Show what it holds' }).click();
  await queue.locator('pre').getByText('{"text":"an unmistakable sent', { exact: true }).waitFor();
  await queue.getByRole('button', { name: 'Discard' }).click();
  await queue.getByRole('button', { name: 'Discard for good?' }).click();
  await queue.waitFor({ state: 'detached' });
  expect(await records(page).getByRole('heading').allInnerTexts()).toEqual(['Inbox and transcripts']);
  expect(person.faults).toEqual([]);
});
