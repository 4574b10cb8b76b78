// Code that only some dialogues need: it is fetched when it is wanted, and kept.
import { useEffect, useState } from 'preact/hooks';

const loaded = new Map<() => Promise<unknown>, unknown>();

/** @returns nothing while it is not wanted or not here yet; without a network it is asked for again when something changes */
export function useChunk<T>(load: () => Promise<T>, wanted: boolean): T | undefined {
  const [, redraw] = useState(0);
  const here = loaded.get(load) as T | undefined;
  useEffect(() => {
    if (!wanted || here) return;
    let over = false;
    load().then(
      (module) => {
        loaded.set(load, module);
        if (!over) redraw((times) => times + 1);
      },
      () => {},
    );
    return () => {
      over = true;
    };
  });
  return here;
}
