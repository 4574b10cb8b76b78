// With nobody available the widget asks one thing; with anybody available there is never a form. Real browsers, real servers.

import { eventually, type TestAgent } from '@continuo/testing';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { accessibilityFaults, frameOf, widgetOn } from './browsers.ts';
import { type Person, type Stage, startStage } from './stage.ts';

let stage: Stage;
let agent: TestAgent;
const availability = (state: 'online' | 'away' | 'offline') =>
  agent.socket.command('set-availability', { agent: agent.id, state });

beforeAll(async () => {
  stage = await startStage({ agents: 2, services: { gateway: 1, conversation: 1, 'visitor-tracking': 1 } });
  agent = await stage.world.agent();
}, 120_000);
beforeEach(async () => {
  await availability('offline');
});
afterAll(async () => {
  await stage?.[Symbol.asyncDispose]();
}, 60_000);

const opened = async ({ context }: Person, language: 'en' | 'ru' = 'en') => {
  const page: Page = await context.newPage();
  await page.goto(stage.shop);
  const widget = widgetOn(page, language);
  await widget.open();
  return { page, ...widget };
};

test('with nobody there the widget asks for a message and an e-mail, and a colleague finds it when he comes', async () => {
  const visitor = await stage.person({ axe: true });
  const { page, frame, log } = await opened(visitor);
  await frame.getByText('Nobody is here right now').waitFor();
  await frame.getByRole('heading', { name: 'Write now, we answer by e-mail' }).waitFor();
  expect(await frame.getByRole('textbox').count()).toBe(2);

  const message = frame.getByRole('textbox', { name: 'Message' });
  const email = frame.getByRole('textbox', { name: 'E-mail' });
  await message.fill('Will the desk fit under a slope?');
  await email.fill('elena@');
  await frame.getByRole('button', { name: 'Send' }).click();
  await frame.getByRole('alert').getByText('This does not look like an e-mail. Is the part after @ missing?').waitFor();
  expect(await accessibilityFaults(frameOf(page))).toEqual([]);
  await email.fill('elena@arka.example');
  await frame.getByRole('alert').waitFor({ state: 'hidden' });
  await frame.getByRole('button', { name: 'Send' }).click();
  await log.getByText('Sent. The answer comes to elena@arka.example and into this window.').waitFor();
  await log.getByText('Will the desk fit under a slope?').waitFor();

  const employee = await stage.person();
  const console_ = await stage.consoleOf(employee, 1);
  await console_.getByRole('tab', { name: /^Unassigned/ }).click();
  const row = console_.getByRole('link').filter({ hasText: 'Will the desk fit under a slope?' });
  await row.waitFor();
  await console_.getByRole('button', { name: 'Go online' }).click();
  await console_.getByRole('tab', { name: /^Mine/ }).click();
  await row.click();
  await console_.getByRole('log').getByText('left while nobody was here').waitFor();
  await console_.getByRole('region', { name: 'Visitor' }).getByText('elena@arka.example').first().waitFor();
  const answer = console_.getByRole('textbox', { name: 'Write an answer' });
  await answer.fill('It does, from 74 cm on.');
  await answer.press('Enter');
  await log.getByText('It does, from 74 cm on.').waitFor();

  await console_.keyboard.press('Alt+4');
  await frame.getByText('Nobody is here right now').first().waitFor();
  expect([...visitor.faults, ...employee.faults]).toEqual([]);
  await employee.context.close();
  await visitor.context.close();
});

test('somebody comes while the form is open: it gives way to the dialogue, and what was typed stays', async () => {
  const visitor = await stage.person({ locale: 'ru-RU' });
  const { frame, field, log } = await opened(visitor, 'ru');
  await frame.getByRole('textbox', { name: 'Сообщение' }).fill('Можно забрать самому?');
  await availability('online');
  await field.waitFor();
  expect(await field.inputValue()).toBe('Можно забрать самому?');
  expect(await frame.getByRole('textbox', { name: 'E-mail' }).count()).toBe(0);
  await field.press('Enter');
  await log.getByText('Можно забрать самому?').waitFor();
  await eventually(() =>
    expect(
      agent
        .mine()
        .flatMap((id) => agent.messages(id))
        .map(({ text }) => text),
    ).toContain('Можно забрать самому?'),
  );
  expect(visitor.faults).toEqual([]);
  await visitor.context.close();
});

test('while anybody is there, free, busy or away for a moment, there is no form', async () => {
  for (const state of ['online', 'away'] as const) {
    await availability(state);
    const visitor = await stage.person();
    const { frame, field } = await opened(visitor);
    await field.waitFor();
    await frame.getByText(state === 'online' ? 'Answers in a minute' : 'Away for a moment').waitFor();
    expect(await frame.getByRole('textbox').count()).toBe(1);
    expect(await frame.getByRole('heading', { name: 'Write now, we answer by e-mail' }).count()).toBe(0);
    await visitor.context.close();
  }
});
