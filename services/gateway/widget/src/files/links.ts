// Where a file can be opened for the next hour. Asked of the gateway when somebody looks, and kept meanwhile.
import type { Client } from '../client.ts';

export interface Links {
  show: string;
  save: string;
  preview?: string;
}

/** Links are good for more than an hour. */
const KEPT_MS = 50 * 60 * 1000;
const known = new Map<string, { at: number; links: Promise<Links | undefined> }>();

export function linksOf(client: Client, file: string): Promise<Links | undefined> {
  const before = known.get(file);
  if (before && Date.now() - before.at < KEPT_MS) return before.links;
  const links = ask(client, file);
  known.set(file, { at: Date.now(), links });
  // What was not answered is asked anew the next time.
  void links.then((found) => found ?? known.delete(file));
  return links;
}

async function ask(client: Client, file: string): Promise<Links | undefined> {
  try {
    const answer = await fetch(new URL(`files/${file}`, location.href), {
      headers: { Authorization: `Bearer ${client.token()}` },
    });
    return answer.ok ? ((await answer.json()) as Links) : undefined;
  } catch {
    return undefined;
  }
}
