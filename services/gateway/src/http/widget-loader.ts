// GET /widget.js: the loader, with the one thing that it may have to say before its frame has come, in the browser's language.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { RequestHandler } from 'express';
import { chooseLanguage } from '../../widget/src/launcher-words.ts';
import { CUT, cutIn } from '../../widget/src/loader/cut.ts';
import { forOthers } from './files.ts';
import { type PressedText, pressText, sendPressed } from './pressed-text.ts';

const FILE = fileURLToPath(new URL('../../widget/dist/widget.js', import.meta.url));
const KEPT = 'public, max-age=300, stale-while-revalidate=86400';
const SPOKEN = Object.keys(cutIn);

export const widgetLoader = (): RequestHandler => {
  const loader = readFile(FILE, 'utf8');
  // Told to whoever asks, not to the process.
  loader.catch(() => {});
  const made = new Map<string, Promise<PressedText>>();
  const loaderIn = (language: string): Promise<PressedText> => {
    const known = made.get(language) ?? loader.then((text) => pressText(text.replace(CUT, cutIn[language] ?? CUT)));
    made.set(language, known);
    return known;
  };
  return async (request, response) => {
    const pressed = await loaderIn(chooseLanguage(request.acceptsLanguages(), SPOKEN).spoken);
    forOthers(response);
    response.vary('Accept-Language').set('Cache-Control', KEPT).type('js');
    sendPressed(request, response, pressed);
  };
};
