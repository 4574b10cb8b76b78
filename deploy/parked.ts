// What services could not handle, for an operator: npm run parked -- list | replay ID… | discard ID… (`all` for every one). Beside `npm start` it
// finds the servers by itself; elsewhere NATS and the operator's identity stand in the environment. Replay after the cause is mended; the record is handled once more by the consumer that parked it.
import { type Bus, type DeadLetter, discardDeadLetter, listDeadLetters, replayDeadLetter } from '@continuo/bus';
import { connectOperator } from './running.ts';

const USAGE = 'usage: npm run parked -- list | replay ID… | discard ID… (an ID as listed, or "all")';

/** @returns what to print, and whether everything asked for was done */
export async function parked(bus: Bus, [verb, ...ids]: string[]): Promise<{ lines: string[]; ok: boolean }> {
  if (verb === 'list' && ids.length === 0) {
    const letters = await listDeadLetters(bus);
    return { lines: letters.length > 0 ? letters.map(shown) : ['Nothing is parked.'], ok: true };
  }
  const settle = { replay: replayDeadLetter, discard: discardDeadLetter }[verb ?? ''];
  if (!settle || ids.length === 0) return { lines: [USAGE], ok: false };
  const wanted = ids.includes('all') ? (await listDeadLetters(bus)).map(({ id }) => id) : ids;
  const lines: string[] = [];
  let ok = true;
  for (const id of wanted) {
    const result = await settle(bus, { id, by: 'operator:command-line' });
    if (!result.ok) ok = false;
    lines.push(
      `${result.ok ? (verb === 'replay' ? 'replayed ' : 'discarded') : 'NOT DONE '} ${id}${result.ok ? '' : `: ${result.words}`}`,
    );
  }
  return { lines, ok };
}

const shown = ({ id, parkedAt, subject, sequence, attempts, words }: DeadLetter): string =>
  `${id}\n  parked ${new Date(parkedAt).toISOString()} after ${attempts} deliveries of ${subject} (sequence ${sequence})\n  ${words}`;

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
