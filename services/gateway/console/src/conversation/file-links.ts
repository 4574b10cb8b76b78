// Where a file can be opened for the next hour, asked of the gateway with the agent's session and kept meanwhile.
export interface Links {
  show: string;
  save: string;
  preview?: string;
}

const KEPT_MS = 50 * 60 * 1000;
const known = new Map<string, { at: number; links: Promise<Links | undefined> }>();

export function linksOf(file: string): Promise<Links | undefined> {
  const before = known.get(file);
  if (before && Date.now() - before.at < KEPT_MS) return before.links;
  const links = fetch(`/api/files/${file}`).then(
    async (answer) => (answer.ok ? ((await answer.json()) as Links) : undefined),
    () => undefined,
  );
  known.set(file, { at: Date.now(), links });
  // What was not answered is asked anew the next time.
  void links.then((found) => found ?? known.delete(file));
  return links;
}
