// Brings the files that an agent sends to the gateway, one after the other, until they are there; then they go as messages. What waits survives a reload:
// the message in the outbox, its content beside it in the browser.
import { openBlobs } from '../../../widget/src/files/blobs.ts';
import { type Posted, postFile } from '../../../widget/src/files/post-file.ts';
import type { Outgoing } from './outbox.ts';

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;

export interface Uploads {
  /** Keeps the content of a message that waits for it. */
  keep(id: string, file: File): Promise<void>;
  /** From 0 to 1. */
  progress(id: string): number;
  subscribe(listener: () => void): () => void;
  /** The outbox has changed. */
  look(): void;
}
export interface UploadsOptions {
  agent: string;
  outbox(): readonly Outgoing[];
  /** What came of it: an id, or why it is not taken. */
  settle(id: string, outcome: { file: string } | { refusal: string }): void;
}

export function createUploads({ agent, outbox, settle }: UploadsOptions): Uploads {
  const blobs = openBlobs(`continuo.files.${agent}`);
  const listeners = new Set<() => void>();
  let current: { id: string; part: number; stop: AbortController } | undefined;
  let pauses = 0;
  let waiting = false;
  const tell = (): void => {
    for (const listener of listeners) listener();
  };

  function look(): void {
    const due = outbox().filter(({ file, refused }) => file?.way && !refused);
    if (current && !due.some(({ id }) => id === current?.id)) current.stop.abort();
    const next = due[0];
    if (!next || current || waiting) return;
    current = { id: next.id, part: 0, stop: new AbortController() };
    // Two tabs bring a file once.
    void navigator.locks
      .request(`continuo:upload:${next.id}`, { ifAvailable: true }, (lock) => (lock ? bring(next) : later()))
      .catch(later)
      .finally(() => {
        current = undefined;
        tell();
        look();
      });
  }

  async function bring({ id, file }: Outgoing): Promise<void> {
    const blob = file && (await blobs.get(file.content));
    if (!file || !blob) return settle(id, { refusal: 'file-gone' });
    const posted: Posted = await postFile({
      url: '/api/files',
      headers: { 'X-Continuo': 'console' },
      name: file.name,
      blob,
      signal: (current as NonNullable<typeof current>).stop.signal,
      onProgress(part) {
        if (current) current.part = part;
        tell();
      },
    });
    if ('again' in posted) return later();
    pauses = 0;
    settle(id, 'done' in posted ? { file: posted.done.id } : { refusal: `file-${posted.refused}` });
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

  async function tidy(): Promise<void> {
    const kept = await blobs.ids();
    // Another tab may have put one down and be about to say so.
    await new Promise((resolve) => setTimeout(resolve, FIRST_PAUSE_MS));
    const wanted = new Set(outbox().map(({ file }) => file?.content));
    for (const id of kept) if (!wanted.has(id)) await blobs.remove(id);
  }
  void tidy();

  return {
    keep: (id, file) => blobs.put(id, file),
    progress: (id) => (current?.id === id ? current.part : 0),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    look,
  };
}
