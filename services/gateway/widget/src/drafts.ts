// What is typed and not sent yet. Each tab has a place of its own, held by a lock for as long as the tab lives; what a tab left behind when it was closed comes back
// in the next one, the newest first. Without locks, where the page is not served securely, all tabs have one place in common.
import type { Keep } from './keep.ts';

/** In the field, and in the form that asks where the answer may go while nobody is there. */
export interface Typed {
  text: string;
  email: string;
  phone: string;
}
export interface Draft {
  /** What was found. */
  readonly typed: Typed;
  /** Whether what is kept survives a reload. */
  readonly lasts: boolean;
  keep(typed: Typed): void;
}
interface Kept extends Partial<Typed> {
  at: number;
}
const PLACES = 'draft:';

/** @param name of the locks: what tabs have in common */
export async function openDraft(
  keep: Keep,
  locks: Pick<LockManager, 'request'> | undefined,
  name: string,
): Promise<Draft> {
  const at = (place: string): number => keep.read<Kept>(place)?.at ?? 0;
  const places = keep.names(PLACES).sort((one, other) => at(other) - at(one));
  // The last is a new one, which is free.
  places.push(locks ? PLACES + crypto.randomUUID() : PLACES);
  let place = '';
  do place = places.shift() as string;
  while (!(await isFree(locks, name + place)));
  const { text = '', email = '', phone = '' } = keep.read<Kept>(place) ?? {};
  return {
    typed: { text, email, phone },
    lasts: keep.write('', undefined),
    keep: (typed) =>
      void keep.write(place, Object.values(typed).some(Boolean) ? { ...typed, at: Date.now() } : undefined),
  };
}

/** Takes it for as long as this page lives. */
const isFree = (locks: Pick<LockManager, 'request'> | undefined, name: string): Promise<boolean> =>
  new Promise((resolve) => {
    if (!locks) return resolve(true);
    locks
      .request(name, { ifAvailable: true }, (lock) => {
        resolve(lock !== null);
        return lock ? new Promise(() => {}) : undefined;
      })
      // Refused with the storage, where tabs have nothing in common.
      .catch(() => resolve(true));
  });
