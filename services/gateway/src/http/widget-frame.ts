// GET /widget/frame.html?site=KEY&language=LIST: the one document of a page view. It carries the site's configuration and the launcher's words in
// the first language of the list that the widget speaks, comes from memory and may be kept for a minute, so ten thousand page views a second
// ask no database.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { SiteSettings } from '@continuo/contracts';
import type { RequestHandler } from 'express';
import { chooseLanguage, labelled } from '../../widget/src/launcher-words.ts';
import type { Texts } from '../../widget/src/locales/en.ts';
import { locales } from '../../widget/src/locales/index.ts';
import type { Gateway } from '../gateway.ts';
import { EMBEDDED } from './files.ts';
import { type PressedText, pressText, sendPressed } from './pressed-text.ts';
import { lookParts } from './site-look.ts';

const FILE = fileURLToPath(new URL('../../widget/dist/frame.html', import.meta.url));
const KEPT = 'public, max-age=60';
const SPOKEN = Object.keys(locales);

interface Document extends PressedText {
  /** What it was made of. */
  configuration: string;
  words: string;
}

export const widgetFrame = ({ settings }: Gateway): RequestHandler => {
  const page = readFile(FILE, 'utf8');
  // Told to whoever asks, not to the process.
  page.catch(() => {});
  const documents = new Map<string, Promise<Document>>();

  /** Made once for each language and state of a site's settings; unknown sites share one. */
  async function documentOf(site: SiteSettings | undefined, language: string): Promise<Document> {
    const configuration = site ? JSON.stringify(lookOf(site)) : '';
    const { launcher } = (locales[language] ?? locales['en']) as Texts;
    const own: Readonly<Record<string, { launcher?: string | undefined }>> | undefined = site?.widget?.words;
    const words = JSON.stringify(labelled(launcher, own?.[language]?.launcher));
    const key = `${site?.id ?? ''} ${language}`;
    const known = await documents.get(key);
    if (known?.configuration === configuration && known.words === words) return known;
    const made = page.then((text) => press(text, configuration, words));
    documents.set(key, made);
    return made;
  }

  return async (request, response) => {
    const site = settings.site(String(request.query['site'] ?? ''));
    const wanted = String(request.query['language'] ?? '').split(',');
    const document = await documentOf(site, chooseLanguage(wanted, SPOKEN).spoken);
    response.set({
      'Cache-Control': KEPT,
      // The document has a policy of its own inside; here stands only who may embed it: the pages of its site.
      'Content-Security-Policy': `frame-ancestors ${site ? site.origins.join(' ') : "'none'"}`,
      'Cross-Origin-Resource-Policy': 'cross-origin',
      ...EMBEDDED,
      'Origin-Agent-Cluster': '?1',
      'Access-Control-Allow-Origin': '*',
    });
    sendPressed(request, response.type('html'), document);
  };
};

/** What anybody may know of a site's widget. */
export const lookOf = ({ id, name, typingPreview, accent, widget }: SiteSettings) => ({
  id,
  name,
  typingPreview,
  ...(accent !== undefined && { accent }),
  ...lookParts({ accent, widget }),
});

async function press(page: string, configuration: string, words: string): Promise<Document> {
  const written = page
    .replace('data-site=""', () => `data-site="${escaped(configuration)}"`)
    .replace('data-words=""', () => `data-words="${escaped(words)}"`);
  return { configuration, words, ...(await pressText(written)) };
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
