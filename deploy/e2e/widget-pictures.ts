// npm run widget-pictures: every state of the widget as people see it, into docs/images/widget, and the page docs/widget.md that shows them.
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { type SiteSettings, WEEKDAYS } from '@continuo/contracts';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { setUpTests } from '../test-set-up.ts';
import { startStage } from './stage.ts';
import { STATES, type StateName, WALK_SITE, type Way, walkStates } from './widget-states.ts';

const FOLDER = fileURLToPath(new URL('../../docs/images/widget/', import.meta.url));
const DOCUMENT = fileURLToPath(new URL('../../docs/widget.md', import.meta.url));
const MARKS = ['<!-- pictures -->', '<!-- /pictures -->'] as const;
const QUALITY = 55;

interface Look {
  name: string;
  title: string;
  language: Way['language'];
  context: BrowserContextOptions;
  /** The part of the page that is worth a picture. */
  clip: { x: number; y: number; width: number; height: number };
}
const DESK = { width: 1366, height: 860 };
const CORNER = { x: DESK.width - 440, y: DESK.height - 760, width: 440, height: 760 };
const PHONE = { width: 360, height: 640 };
const desk: Pick<Look, 'clip'> & { context: BrowserContextOptions } = { context: { viewport: DESK }, clip: CORNER };
const phone: typeof desk = {
  context: { viewport: PHONE, hasTouch: true, isMobile: true },
  clip: { x: 0, y: 0, ...PHONE },
};
const look = (
  title: string,
  language: Way['language'],
  locale: string,
  colorScheme: 'light' | 'dark',
  on: typeof desk,
): Look => ({
  name: `${on === desk ? 'desktop' : 'phone'}-${language}-${colorScheme}`,
  title,
  language,
  ...on,
  context: { ...on.context, locale, colorScheme },
});
const LOOKS = [
  look('desktop', 'en', 'en-GB', 'light', desk),
  look('phone, dark', 'en', 'en-GB', 'dark', phone),
  look('desktop, dark, Russian', 'ru', 'ru-RU', 'dark', desk),
  look('phone, Arabic', 'ar', 'ar-EG', 'light', phone),
];
const SHOWN: Record<StateName, string> = {
  face: 'Closed, with a face',
  closed: 'Closed',
  free: 'Somebody is free',
  emoji: 'Emoji',
  typing: 'The agent is typing',
  dialogue: 'In the dialogue',
  card: 'A card with buttons',
  survey: 'A survey',
  files: 'A picture was sent',
  email: 'An e-mail that cannot be one',
  mail: 'The dialogue by mail',
  'no-network': 'Without a network',
  refused: 'What was refused',
  unread: 'Minimised, an answer has come',
  rating: 'After the end',
  rated: 'He has said how it was',
  away: 'Away for a moment',
  missed: 'Nobody has answered',
  queue: 'All are busy',
  offline: 'Nobody is there',
  'offline-wrong': 'Something is missing',
  callback: 'A call is asked for',
  called: 'A call was asked for',
  left: 'A message was left',
};

const needs = { builds: true, mongo: false, crm: false, chromium: true, rabbitmq: false };
Object.assign(process.env, await setUpTests(needs, (line) => console.error(line)));
await rm(FOLDER, { recursive: true, force: true });
await mkdir(FOLDER, { recursive: true });
await using stage = await startStage({
  agents: 1,
  services: { gateway: 1, conversation: 1, 'visitor-tracking': 1 },
  site: { hours: everyDay(), ...WALK_SITE },
});
await using agent = await stage.world.agent();
/** A state that is not there on some screen has no picture of it. */
const taken = new Set<string>();
for (const { name, language, context, clip } of LOOKS) {
  console.error(name);
  const contexts: AsyncDisposable[] = [];
  await walkStates({
    stage,
    agent,
    language,
    async newPage() {
      const visitor = await stage.person(context);
      contexts.push({ [Symbol.asyncDispose]: () => visitor.context.close() });
      return visitor.context.newPage();
    },
    async see(state, page) {
      taken.add(fileOf(state, name));
      await writeFile(`${FOLDER}${fileOf(state, name)}`, await picture(page, clip));
    },
  });
  for (const one of contexts) await one[Symbol.asyncDispose]();
}
const document = await readFile(DOCUMENT, 'utf8');
const [before = '', rest = ''] = document.split(MARKS[0]);
const [, after = ''] = rest.split(MARKS[1]);
await writeFile(DOCUMENT, `${before}${MARKS[0]}\n${gallery()}\n${MARKS[1]}${after}`);

function fileOf(state: StateName, look: string): string {
  return `${state}-${look}.webp`;
}

async function picture(page: Page, clip: Look['clip']): Promise<Buffer> {
  await page.mouse.move(0, 0);
  const session = await page.context().newCDPSession(page);
  const { data } = await session.send('Page.captureScreenshot', {
    format: 'webp',
    quality: QUALITY,
    clip: { ...clip, scale: 1 },
  });
  await session.detach();
  return Buffer.from(data, 'base64');
}

function gallery(): string {
  const cells = (state: StateName) =>
    LOOKS.map(({ name, title }) => {
      const file = fileOf(state, name);
      return taken.has(file) ? `<img src="images/widget/${file}" width="200" alt="${SHOWN[state]}: ${title}" />` : '';
    });
  return [
    `| | ${LOOKS.map(({ title }) => title).join(' | ')} |`,
    `| --- |${' --- |'.repeat(LOOKS.length)}`,
    ...STATES.map((state) => `| ${SHOWN[state]} | ${cells(state).join(' | ')} |`),
  ].join('\n');
}

/** Open every day, so that there are times to be called at. */
function everyDay(): SiteSettings['hours'] {
  const day = [{ from: '09:00', until: '18:00' }];
  return { timeZone: 'Asia/Yerevan', week: Object.fromEntries(WEEKDAYS.map((weekday) => [weekday, day])) };
}
