// What people wrote and what is secret stands in no log, no metric and no trace. Whoever sends something in a test leaves it here, typing previews, passwords and
// tokens included; every world searches what its services put out when it ends, and fails when something of it is found. One memory for a test file.
import { ID_PATTERN } from '@continuo/contracts/ids';

/** Fields whose values are somebody's words or a secret, wherever they stand. */
const PRIVATE = new Set([
  ...['text', 'name', 'email', 'phone', 'externalId', 'url', 'title', 'referrer'],
  ...['password', 'passwordHash', 'token', 'cookie', 'secret', 'clientSecret', 'key'],
]);
/** What it holds is secret, whatever a connector calls it… */
const ALL_PRIVATE = 'credentials';
/** …but for who signs in and where things are. */
const NO_SECRETS = new Set(['username', 'exchange', 'contactsQueue', 'webUrl']);
/** Shorter ones occur by accident. */
const SHORTEST = 8;
const AROUND = 500;
/** What stands between is written in another way by JSON or in an address, so that the rest is found in any of them. */
const BETWEEN = /[^\p{L}\p{N} .,:;!?@/_-]+/u;

/** By their beginning, so that one walk through a log finds them all. */
const remembered = new Map<string, Set<string>>();

/** A word or a secret of which nothing may be put out. Of several pieces the longest one is looked for. */
export function keepOut(text: string): void {
  if (ID_PATTERN.test(text) || Object.hasOwn(Object.prototype, text)) return;
  const [piece = ''] = text.split(BETWEEN).sort((a, b) => b.length - a.length);
  if (piece.length < SHORTEST) return;
  const beginning = piece.slice(0, SHORTEST);
  const same = remembered.get(beginning) ?? new Set();
  remembered.set(beginning, same.add(piece));
}

/** The words and secrets in something that is sent, or was answered; nothing honest lies deeper. */
export function keepOutOf(sent: unknown, depth = 8, whole = false): void {
  if (typeof sent !== 'object' || sent === null || depth === 0) return;
  for (const [field, value] of Object.entries(sent)) {
    if (typeof value !== 'string') keepOutOf(value, depth - 1, whole || field === ALL_PRIVATE);
    // The name of a command is no person's.
    else if ((PRIVATE.has(field) || (whole && !NO_SECRETS.has(field))) && !(field === 'name' && 't' in sent))
      keepOut(value);
  }
}

/** Each line of an output that holds something remembered, with what stands around it: a line of traces is a hundred thousand letters long. */
export function leaksIn(output: string): string[] {
  const lines = new Map<string, string>();
  for (let at = 0; at + SHORTEST <= output.length; at++)
    for (const piece of remembered.get(output.slice(at, at + SHORTEST)) ?? [])
      if (output.startsWith(piece, at)) {
        const begin = output.lastIndexOf('\n', at) + 1;
        const end = output.indexOf('\n', at);
        const around = output.slice(Math.max(begin, at - AROUND), Math.min(end < 0 ? output.length : end, at + AROUND));
        const line = `${begin} ${piece}`;
        if (!lines.has(line)) lines.set(line, `“${piece}” in: ${around}`);
      }
  return [...new Set(lines.values())];
}

/** @throws naming every line with something in it that must not be put out */
export function expectNoLeaks(outputs: Record<string, string>): void {
  const found = Object.entries(outputs).flatMap(([where, output]) =>
    leaksIn(output).map((line) => `${where}: ${line}`),
  );
  if (found.length > 0)
    throw new Error(
      `words of people or secrets were put out, ${found.length} times:\n${found.slice(0, 20).join('\n')}`,
    );
}
