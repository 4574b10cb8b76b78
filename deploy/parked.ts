// What services could not handle, for an operator: npm run parked -- list | show ID… | replay ID… | discard ID… (`all` for every one). Beside `npm start` it
// finds the servers by itself; elsewhere NATS and the operator's identity stand in the environment. Replay after the cause is mended; the record is handled once more by the consumer that parked it.
// What a record holds may be a visitor's words: `show` alone prints it, for the one who asks.
import {
  type Bus,
  type DeadLetter,
  discardDeadLetter,
  listDeadLetters,
  openDeadLetter,
  replayDeadLetter,
  UnavailableError,
} from '@continuo/bus';
import { connectOperator } from './running.ts';

const EVERY_ONE = { limit: Number.POSITIVE_INFINITY };
const USAGE = 'usage: npm run parked -- list | show ID… | replay ID… | discard ID… (an ID as listed, or "all")';

/** @returns what to print, and whether everything asked for was done */
export async function parked(bus: Bus, [verb, ...ids]: string[]): Promise<{ lines: string[]; ok: boolean }> {
  if (verb === 'list' && ids.length === 0) {
    const letters = await listDeadLetters(bus, EVERY_ONE);
    return { lines: letters.length > 0 ? letters.map(shown) : ['Nothing is parked.'], ok: true };
  }
  if (verb === 'show' && ids.length > 0) return await show(bus, ids);
  const settle = { replay: replayDeadLetter, discard: discardDeadLetter }[verb ?? ''];
  if (!settle || ids.length === 0) return { lines: [USAGE], ok: false };
  const wanted = ids.includes('all') ? (await listDeadLetters(bus, EVERY_ONE)).map(({ id }) => id) : ids;
  const lines: string[] = [];
  const silent = new Set<string>();
  let ok = true;
  for (const id of wanted) {
    const why = await whyNot(settle, bus, id, silent);
    if (why !== undefined) ok = false;
    lines.push(
      why === undefined ? `${verb === 'replay' ? 'replayed ' : 'discarded'} ${id}` : `NOT DONE  ${id}: ${why}`,
    );
  }
  return { lines, ok };
}

/**
 * @param silent consumers whose service did not answer: it is not waited for again
 * @returns why it was not done; undefined when it was
 */
async function whyNot(
  settle: typeof replayDeadLetter,
  bus: Bus,
  id: string,
  silent: Set<string>,
): Promise<string | undefined> {
  const [, consumer = ''] = id.split('.');
  try {
    if (!silent.has(consumer)) {
      const result = await settle(bus, { id, by: 'operator:command-line' });
      return result.ok ? undefined : result.words;
    }
  } catch (error) {
    if (!(error instanceof UnavailableError) || !bus.up()) throw error;
    silent.add(consumer);
  }
  return `The service of ${consumer} does not answer. See to it that it runs, look whether the record is still listed, then do the same again.`;
}

async function show(bus: Bus, ids: string[]): Promise<{ lines: string[]; ok: boolean }> {
  const wanted = ids.includes('all') ? (await listDeadLetters(bus, EVERY_ONE)).map(({ id }) => id) : ids;
  const opened = await Promise.all(wanted.map((id) => openDeadLetter(bus, id)));
  return {
    lines: opened.map((one, index) =>
      one ? `${shown(one.letter)}\n  ${one.content}` : `NOT THERE ${wanted[index]}: There is no such record any more.`,
    ),
    ok: opened.every((one) => one !== undefined),
  };
}

/** Without what it holds. */
const shown = ({ id, consumer, type, site, conversation, parkedAt, subject, sequence, attempts, words }: DeadLetter) =>
  [
    id,
    `  ${type ?? 'something without a type'}, for ${consumer}`,
    `  site ${site ?? 'unknown'}${conversation ? `, conversation ${conversation}` : ''}`,
    `  parked ${new Date(parkedAt).toISOString()} after ${attempts} deliveries of ${subject} (sequence ${sequence})`,
    `  ${words}`,
  ].join('\n');

if (import.meta.main) {
  try {
    await using bus = await connectOperator();
    const { lines, ok } = await parked(bus, process.argv.slice(2));
    process.stdout.write(`${lines.join('\n')}\n`);
    if (!ok) process.exitCode = 1;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
