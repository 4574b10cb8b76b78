// Brings files to the gateway, one after the other, for as long as it takes: over reloads, lost networks and a gateway that is away. Widget and console each
// say which are due and what becomes of one.
import type { Blobs } from './blobs.ts';
import { type Posted, type Posting, postFile } from './post-file.ts';

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;
/** Another tab may have put a content down and be about to say whose it is. */
const TIDY_AFTER_MS = 2_000;

export interface Carried<One> {
  /** In the order in which they go. One on its way that is not among them any more is stopped. */
  due(): readonly One[];
  /** Under which its content lies on the device. */
  contentOf(one: One): string;
  request(one: One): Pick<Posting, 'url' | 'headers' | 'name'>;
  /** `gone`: its content is not on the device any more. */
  settle(one: One, outcome: Exclude<Posted, { again: true }> | 'gone'): void;
  /** Contents that are kept, whether due or not. */
  wanted(): Iterable<string>;
}
export interface Carrier {
  /** What is due may have changed. */
  look(): void;
  /** From 0 to 1, of one that is on its way. */
  progress(id: string): number;
  subscribe(listener: () => void): () => void;
  /** Removes contents that nobody wants. */
  tidy(): Promise<void>;
}

export function openCarrier<One extends { id: string }>(blobs: Blobs, carried: Carried<One>): Carrier {
  const listeners = new Set<() => void>();
  let current: { id: string; part: number; stop: AbortController } | undefined;
  let pauses = 0;
  let waiting = false;
  const tell = (): void => {
    for (const listener of listeners) listener();
  };

  function look(): void {
    const due = carried.due();
    if (current && !due.some(({ id }) => id === current?.id)) current.stop.abort();
    const [next] = due;
    if (!next || current || waiting) return;
    const mine = { id: next.id, part: 0, stop: new AbortController() };
    current = mine;
    void underLock(next.id, () => bring(next, mine))
      .catch(later)
      .finally(() => {
        current = undefined;
        tell();
        look();
      });
  }

  /** Two tabs bring a file once. Where the browser refuses locks, as it does with storage, tabs have no file in common. */
  async function underLock(id: string, work: () => Promise<void>): Promise<void> {
    if (!navigator.locks) return work();
    let answered = false;
    const request = navigator.locks.request(`continuo:upload:${id}`, { ifAvailable: true }, (lock) => {
      answered = true;
      return lock ? work() : later();
    });
    await request.catch((fault) => (answered ? Promise.reject(fault) : work()));
  }

  async function bring(one: One, mine: NonNullable<typeof current>): Promise<void> {
    const blob = await blobs.get(carried.contentOf(one));
    if (!blob) return carried.settle(one, 'gone');
    const onProgress = (part: number): void => {
      mine.part = part;
      tell();
    };
    const posted = await postFile({ ...carried.request(one), blob, signal: mine.stop.signal, onProgress });
    if ('again' in posted) return later();
    pauses = 0;
    carried.settle(one, posted);
  }

  function later(): void {
    waiting = true;
    setTimeout(
      () => {
        waiting = false;
        look();
      },
      Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** pauses++),
    );
  }

  return {
    look,
    progress: (id) => (current?.id === id ? current.part : 0),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async tidy() {
      const kept = await blobs.ids();
      await new Promise((resolve) => setTimeout(resolve, TIDY_AFTER_MS));
      const wanted = new Set(carried.wanted());
      for (const id of kept) if (!wanted.has(id)) await blobs.remove(id);
    },
  };
}
