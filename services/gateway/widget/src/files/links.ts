// Where a file can be opened for the next hour. Asked of the gateway when somebody looks, and kept meanwhile.
export interface Links {
  show: string;
  save: string;
  preview?: string;
}
/** @returns undefined where the gateway gives none, or does not answer */
export type LinksOf = (file: string) => Promise<Links | undefined>;

/** As a picture; everything else only by its name. */
export const isShown = (type: string): boolean => /^image\/(jpeg|png|gif|webp|avif)$/.test(type);

/** Links are good for more than an hour. */
const KEPT_MS = 50 * 60 * 1000;

/** @param ask of the gateway, as whoever may read the dialogue */
export function openLinks(ask: (file: string) => Promise<Response>): LinksOf {
  const known = new Map<string, { at: number; links: Promise<Links | undefined> }>();
  return (file) => {
    const before = known.get(file);
    if (before && Date.now() - before.at < KEPT_MS) return before.links;
    const links = ask(file).then(
      async (answer) => (answer.ok ? ((await answer.json()) as Links) : undefined),
      () => undefined,
    );
    known.set(file, { at: Date.now(), links });
    // What was not answered is asked anew the next time.
    void links.then((found) => found ?? known.delete(file));
    return links;
  };
}

/** At the moment of the click: an address on the screen may have run out. @returns whether there is one */
export async function openFile(linksOf: LinksOf, file: string, how: 'show' | 'save'): Promise<boolean> {
  const links = await linksOf(file);
  if (!links) return false;
  const anchor = document.createElement('a');
  Object.assign(
    anchor,
    how === 'show' ? { href: links.show, target: '_blank', rel: 'noopener' } : { href: links.save },
  );
  anchor.click();
  return true;
}
