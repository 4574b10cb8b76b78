// Code that only some dialogues need: it is fetched when it is wanted, and kept.
import { useEffect, useState } from 'preact/hooks';

/** After one that could not be had. */
const AGAIN_AFTER_MS = 5_000;
const loaded = new Map<() => Promise<unknown>, unknown>();

/** @returns nothing while it is not wanted or not here yet; what a lost request kept away is asked for again */
export function useChunk<T>(load: () => Promise<T>, wanted: boolean): T | undefined {
  const [, redraw] = useState(0);
  const here = loaded.get(load) as T | undefined;
  useEffect(() => {
    if (!wanted || here) return;
    let over = false;
    const look = () => over || redraw((times) => times + 1);
    load().then(
      (module) => {
        loaded.set(load, module);
        look();
      },
      () => setTimeout(look, AGAIN_AFTER_MS),
    );
    return () => {
      over = true;
    };
  });
  return here;
}
