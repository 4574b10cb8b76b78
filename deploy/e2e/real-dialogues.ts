// 25 dialogues to replay: real ones from a file where it is at hand, else made ones of the same shape, so that the test is never skipped.
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export interface Dialogue {
  id: string;
  messages: { author: 'visitor' | 'agent'; text: string }[];
}

const FILE =
  process.env['CONTINUO_TEST_DIALOGUES'] ??
  fileURLToPath(new URL('../../../shared/data/dialogues.json', import.meta.url));

/** @param count how many; each begins with the visitor */
export function dialogues(count: number): { source: 'real' | 'made'; list: Dialogue[] } {
  if (!existsSync(FILE)) return { source: 'made', list: Array.from({ length: count }, (_, index) => made(index)) };
  const all = JSON.parse(readFileSync(FILE, 'utf8')) as Dialogue[];
  const usable = all.filter(
    ({ messages }) =>
      messages[0]?.author === 'visitor' && messages.every(({ text }) => text.trim() !== '' && text.length <= 5_000),
  );
  return { source: 'real', list: usable.slice(0, count) };
}

const QUESTIONS = [
  'Is the desk in stock?',
  'Стол 160 см есть? 👋',
  'كم تكلفة التوصيل؟',
  'Wann kommt meine Bestellung?',
  'Քանի՞ օր է տևում առաքումը',
];
function made(index: number): Dialogue {
  const length = 8 + ((index * 7) % 13);
  const messages = Array.from({ length }, (_, turn) => {
    const author: 'visitor' | 'agent' = turn === 0 || (turn * 5 + index) % 3 !== 0 ? 'visitor' : 'agent';
    return {
      author,
      text:
        turn === 0
          ? `${QUESTIONS[index % QUESTIONS.length]} (${index})`
          : `${author === 'visitor' ? 'And' : 'Yes,'} ${index}.${turn} — ${'word '.repeat((turn * 3) % 17)}`,
    };
  });
  return { id: `made-${index}`, messages: messages.map(({ author, text }) => ({ author, text: text.trim() })) };
}
