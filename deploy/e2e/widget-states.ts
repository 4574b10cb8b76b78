// A visitor's way through everything that the widget can look like, in any of its languages: what is seen on it is up to whoever goes along, a test that judges
// each state or a script that takes pictures.

import { newId, type SiteSettings, type Survey } from '@continuo/contracts';
import { eventually, type TestAgent } from '@continuo/testing';
import type { FrameLocator, Page } from 'playwright-core';
import { locales } from '../../services/gateway/widget/src/locales/index.ts';
import { formWords } from '../../services/gateway/widget/src/panel/forms/words/index.ts';
import { transcriptWords } from '../../services/gateway/widget/src/panel/transcript/words.ts';
import { frameOf, isDrawn, wake } from './browsers.ts';
import { type Stage, saveSite } from './stage.ts';

export type StateName = (typeof STATES)[number];
export const STATES = [
  'face',
  'closed',
  'free',
  'emoji',
  'typing',
  'dialogue',
  'card',
  'survey',
  'files',
  'email',
  'mail',
  'no-network',
  'refused',
  'unread',
  'rating',
  'rated',
  'away',
  'missed',
  'queue',
  'offline',
  'offline-wrong',
  'callback',
  'called',
  'left',
] as const;
export interface Way {
  stage: Stage;
  /** The only one who may be there; nobody else is asked. */
  agent: TestAgent;
  language: keyof typeof SAID;
  /** A page of a visitor who has never been here. */
  newPage(): Promise<Page>;
  see(state: StateName, page: Page): Promise<void>;
}

const SAID = {
  de: ['Ist der Eichentisch auf Lager?', 'Ja, drei in Jerewan. Soll ich Ihnen einen zurücklegen?', 'Ja, bis Freitag.'],
  en: ['Is the oak desk in stock?', 'It is: three in Yerevan. Shall I keep one for you?', 'Yes, until Friday.'],
  ru: ['Дубовый стол есть в наличии?', 'Да, три в Ереване. Отложить один для вас?', 'Да, до пятницы.'],
  ar: ['هل طاولة البلوط متوفرة؟', 'نعم، ثلاث في يريفان. هل أحجز لك واحدة؟', 'نعم، حتى الجمعة.'],
} as const;
const CARD = {
  de: { title: 'Eichenschreibtisch Åre 160', keep: 'Bitte zurücklegen', look: 'Ansehen' },
  en: { title: 'Oak desk Åre 160', keep: 'Keep it for me', look: 'See it' },
  ru: { title: 'Дубовый стол Åre 160', keep: 'Отложите', look: 'Посмотреть' },
  ar: { title: 'طاولة البلوط Åre 160', keep: 'احجزها لي', look: 'عرض' },
} as const;
const SURVEY = {
  de: ['Ihre Bestellung', 'Wie leicht fiel Ihnen die Auswahl?'],
  en: ['Your order', 'How easy was it to choose?'],
  ru: ['Ваш заказ', 'Легко ли было выбрать?'],
  ar: ['طلبك', 'ما مدى سهولة الاختيار؟'],
} as const;
/** What the site of the stage has to have. */
export const WALK_SITE: Partial<SiteSettings> = {
  callback: true,
  missedAfterSeconds: 60,
  surveys: Object.entries(SURVEY).map(
    ([id, [title, question]]): Survey => ({ id, title, questions: [{ kind: 'scale', question }] }),
  ),
};
/** As the site has it, and a little. */
const MISSED_AFTER_MS = 61_000;
const EMAIL = 'elena@arka.example';

export async function walkStates(way: Way): Promise<void> {
  await dialogue(way);
  await nobodyFree(way);
}

const widgetIn = (page: Page, language: Way['language']) => {
  const frame = page.frameLocator('continuo-chat iframe');
  const texts = locales[language] as NonNullable<(typeof locales)[string]>;
  const field = frame.getByRole('textbox', { name: texts.field });
  return {
    frame,
    texts,
    words: formWords[language] as NonNullable<(typeof formWords)[string]>,
    field,
    launcher: page.locator('continuo-chat button'),
    log: frame.getByRole('log'),
    async say(text: string): Promise<void> {
      await field.fill(text);
      await field.press('Enter');
    },
  };
};

async function opened({ stage, language, newPage }: Way) {
  const page = await newPage();
  await page.goto(stage.shop);
  const widget = widgetIn(page, language);
  await widget.launcher.click();
  return { page, ...widget };
}

const availability = (agent: TestAgent, state: 'online' | 'busy' | 'away' | 'offline') =>
  agent.socket.command('set-availability', { agent: agent.id, state });

/** Whoever has waited for somebody since an earlier test would find him at last, and this one would find him busy. */
async function clearDesk(agent: TestAgent): Promise<void> {
  await eventually(async () => {
    for (const id of agent.mine()) if (agent.transcript(id)?.status !== 'closed') await agent.closeDialogue(id);
    const desk = agent.desk();
    const left = (desk?.waiting ?? 1) + (desk?.agents.find(({ id }) => id === agent.id)?.load ?? 1);
    if (left > 0) throw new Error(`${left} dialogues are left on the desk`);
  });
}

/** Somebody is there, from the first look to the end. */
async function dialogue(way: Way): Promise<void> {
  const { stage, agent, language, see } = way;
  const [question, answer, more] = SAID[language];
  await availability(agent, 'online');
  await clearDesk(agent);
  await faced(way);
  const page = await way.newPage();
  await page.goto(stage.shop);
  const { launcher, frame, texts, log, say } = widgetIn(page, language);
  await launcher.waitFor();
  await see('closed', page);
  await launcher.click();
  await frame.getByText(texts.head.free).waitFor();
  await see('free', page);
  const emoji = frame.getByRole('button', { name: texts.emoji, exact: true });
  // Not on a small phone, which has them on its keyboard.
  if (await emoji.isVisible()) {
    await emoji.click();
    await frame.getByRole('menuitem').first().waitFor();
    await see('emoji', page);
    await page.keyboard.press('Escape');
    await frame.getByRole('menu').waitFor({ state: 'detached' });
  }

  await say(question);
  await frame.getByText(texts.head['with-you']).waitFor();
  const conversation = await eventually(() => {
    const asks = (id: string) => agent.messages(id).some(({ text }) => text === question);
    const found = agent.mine().find((id) => asks(id) && agent.transcript(id)?.status !== 'closed');
    if (!found) throw new Error('the agent has not got the dialogue yet');
    return found;
  });
  // Signs of typing fade by themselves.
  const types = setInterval(() => agent.socket.send({ t: 'typing', conversation }), 2_000);
  agent.socket.send({ t: 'typing', conversation });
  await frame.getByText(texts.isTyping(agent.name)).waitFor();
  await see('typing', page);
  clearInterval(types);
  await agent.reply(conversation, answer);
  await log.getByText(answer).waitFor();
  await see('dialogue', page);
  await showCard(way, page, conversation);
  await see('card', page);
  await frame.getByRole('button', { name: CARD[language].keep }).click();
  await log.getByText(CARD[language].keep).nth(1).waitFor();
  await agent.socket.command('send-message', { conversation, text: more, survey: language });
  await log.getByRole('radio').first().waitFor();
  await see('survey', page);
  await log.getByRole('radio').last().check();
  await log.locator('.co-survey button[type=submit]').click();
  await log.locator('form.co-survey').waitFor({ state: 'hidden' });

  await attach(frame, await pictureOf(page));
  await isDrawn(frame.locator('.co-pic img'));
  await see('files', page);
  await frame.getByRole('button', { name: texts.mail.offer }).click();
  await frame.getByRole('textbox', { name: texts.mail.label }).fill('elena@arka');
  await frame.getByRole('button', { name: texts.mail.save }).click();
  await frame.getByRole('alert').waitFor();
  await see('email', page);
  await frame.getByRole('textbox', { name: texts.mail.label }).fill(EMAIL);
  await frame.getByRole('button', { name: texts.mail.save }).click();
  await frame.getByText(texts.mail.answersTo(EMAIL)).waitFor();
  await frame.getByRole('button', { name: transcriptWords(language).offer }).click();
  await frame.getByRole('textbox', { name: texts.mail.label }).waitFor();
  await see('mail', page);

  stage.network.cutSockets();
  await frame.getByText(texts.lost).waitFor();
  await say(more);
  await frame.getByText(texts.waiting).waitFor();
  await attach(frame, await pictureOf(page));
  await frame.locator('progress').waitFor();
  await see('no-network', page);
  stage.network.heal();
  // The longer it was away the later it comes by itself.
  await wake(page);
  await frame.getByText(texts.waiting).first().waitFor({ state: 'hidden' });

  await refuse(way, page, more);
  await launcher.click();
  await frame.getByRole('button', { name: texts.edit }).waitFor();
  await frame.getByText('desk.exe').waitFor();
  await see('refused', page);
  const remove = frame.getByRole('button', { name: texts.file.remove });
  for (const last of [remove.nth(1), remove.first()]) {
    await last.click();
    await last.waitFor({ state: 'detached' });
  }

  // What comes before it is closed would count as read. On a phone the open panel covers the launcher.
  await frame.getByRole('button', { name: texts.minimise, exact: true }).click();
  await page.locator('continuo-chat button[aria-expanded=false]').waitFor();
  await agent.reply(conversation, answer);
  await page.locator('continuo-chat b').waitFor();
  await see('unread', page);
  await launcher.click();
  await agent.closeDialogue(conversation);
  await frame.getByRole('radio').nth(3).check();
  await see('rating', page);
  await frame.locator('.co-rating').getByRole('button', { name: texts.send }).click();
  // The survey has had its thanks, too.
  await frame.getByText(texts.rating.thanks).nth(1).waitFor();
  await see('rated', page);
  await page.close();
}

/** The launcher of a site that shows somebody's face on it. */
async function faced({ stage, newPage, see }: Way): Promise<void> {
  const { site } = stage.world;
  const avatar = '/photos/marie.svg';
  await saveSite(stage, { ...site, widget: { launcher: 'face', avatar } });
  const page = await newPage();
  const drawn = page.waitForResponse(`**${avatar}`);
  await page.goto(stage.shop);
  await drawn;
  await page.locator('continuo-chat button').waitFor();
  await see('face', page);
  await page.close();
  await saveSite(stage, site);
}

/** With a picture from elsewhere, an answer and a page. */
async function showCard({ agent, language }: Way, page: Page, conversation: string): Promise<void> {
  const { title, keep, look } = CARD[language];
  const picture = 'https://pictures.example/are-160.png';
  const { buffer, mimeType } = await pictureOf(page);
  await page.route(picture, (route) => route.fulfill({ contentType: mimeType, body: buffer }));
  const buttons = [{ label: keep }, { label: look, link: 'https://nordhem.example/desks/are-160' }];
  await agent.socket.command('send-message', {
    conversation,
    text: SAID[language][1],
    card: { title, picture, buttons },
  });
  const { frame } = widgetIn(page, language);
  await frame.getByRole('button', { name: keep }).waitFor();
  await isDrawn(frame.locator('.co-kpic'));
}

/** What lies on the device: words with a file that the gateway has never had, which it refuses, and a file of a kind that it has refused. */
async function refuse({ stage }: Way, page: Page, text: string): Promise<void> {
  const file = { name: 'desk.exe', type: 'application/x-msdownload', bytes: 120_000 };
  const parcels = [
    { id: newId(), at: Date.now(), kind: 'message', text, files: [newId()] },
    { id: newId(), at: Date.now(), kind: 'upload', file, refusal: 'type' },
  ];
  for (const parcel of parcels)
    await frameOf(page).evaluate(
      ([name, value]) => localStorage.setItem(name as string, value as string),
      [`continuo:${stage.world.site.id}:outbox:${parcel.id}`, JSON.stringify(parcel)],
    );
  await page.reload();
}

const attach = (frame: FrameLocator, file: Awaited<ReturnType<typeof pictureOf>>): Promise<void> =>
  frame.locator('input[type=file]').last().setInputFiles(file);

/** The picture that the shop shows, as a camera would give it. */
async function pictureOf(page: Page): Promise<{ name: string; mimeType: string; buffer: Buffer }> {
  const address = await page.evaluate(() => {
    const canvas = document.createElement('canvas');
    Object.assign(canvas, { width: 480, height: 300 });
    canvas.getContext('2d')?.drawImage(document.querySelector('img') as HTMLImageElement, 0, 0, 480, 300);
    return canvas.toDataURL('image/png');
  });
  return { name: 'oak-desk.png', mimeType: 'image/png', buffer: Buffer.from(address.split(',')[1] ?? '', 'base64') };
}

async function nobodyFree(way: Way): Promise<void> {
  const { agent, language, see } = way;
  const [, , question] = SAID[language];
  await availability(agent, 'away');
  const away = await opened(way);
  await away.frame.getByText(away.texts.head.away).waitFor();
  await see('away', away.page);
  await away.say(question);
  // He waits from the moment that it is stored.
  await away.log.getByText(away.texts.mark.stored, { exact: true }).waitFor();
  await way.stage.world.clock.advance(MISSED_AFTER_MS);
  await away.log.getByText(away.texts.missed).waitFor();
  await see('missed', away.page);
  await away.page.close();

  await availability(agent, 'busy');
  const waits = await opened(way);
  await waits.frame.getByRole('heading', { name: waits.texts.head.busy }).waitFor();
  await waits.say(question);
  await waits.frame.locator('.co-qline').waitFor();
  await see('queue', waits.page);
  await waits.page.close();

  await availability(agent, 'offline');
  const alone = await opened(way);
  await alone.frame.getByRole('heading', { name: alone.texts.offline.title }).waitFor();
  await see('offline', alone.page);
  await alone.frame.getByRole('button', { name: alone.texts.offline.send, exact: true }).click();
  await alone.frame.getByRole('textbox', { name: alone.texts.offline.message }).fill(question);
  await alone.frame.getByRole('button', { name: alone.texts.offline.send, exact: true }).click();
  await alone.frame.getByRole('alert').waitFor();
  await see('offline-wrong', alone.page);
  await alone.frame.getByRole('button', { name: alone.texts.callMe }).click();
  await alone.frame.getByRole('textbox', { name: alone.words.phone }).fill('+374 77 123456');
  await alone.frame.getByRole('radio').nth(1).check();
  await see('callback', alone.page);
  await alone.frame.locator('button[type=submit]').click();
  await alone.log.getByText(alone.texts.calls('+37477123456')).waitFor();
  await see('called', alone.page);
  await alone.page.close();

  const leaves = await opened(way);
  await leaves.frame.getByRole('textbox', { name: leaves.texts.offline.message }).fill(question);
  await leaves.frame.getByRole('textbox', { name: leaves.texts.mail.label }).fill(EMAIL);
  await leaves.frame.getByRole('button', { name: leaves.texts.offline.send, exact: true }).click();
  await leaves.log.getByText(leaves.texts.offline.sent(EMAIL)).waitFor();
  await see('left', leaves.page);
  await leaves.page.close();
}
