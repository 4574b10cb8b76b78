// Brings the files of the outbox to the gateway, one after the other, for as long as it takes: over reloads, lost networks and a gateway that is away. When
// one is there, the parcel becomes a message that names it. It only looks at the outbox, so whatever happens to a parcel is what happens to its file.
import { newId } from '@continuo/contracts/ids';
import type { Client } from '../client.ts';
import type { Parcel } from '../outbox.ts';
import { openBlobs } from './blobs.ts';
import { postFile } from './post-file.ts';

const FIRST_PAUSE = 1_000;
const LONGEST_PAUSE = 30_000;
const TIDY_AFTER = 2_000;

export interface Uploads {
  /** @returns the names of those that are too large to be sent */
  add(files: readonly File[]): Promise<string[]>;
  /** From 0 to 1, of a file that is on its way. */
  progress(id: string): number;
  subscribe(listener: () => void): () => void;
}
type Upload = Extract<Parcel, { kind: 'upload' }>;

const opened = new WeakMap<Client, Uploads>();
/** The same for the frame, which goes on after a reload, and for the panel. */
export function openUploads(client: Client): Uploads {
  const known = opened.get(client) ?? start(client);
  opened.set(client, known);
  return known;
}

function start(client: Client): Uploads {
  const site = new URLSearchParams(location.search).get('site') ?? '';
  const blobs = openBlobs(`continuo:${site}`);
  const listeners = new Set<() => void>();
  let current: { id: string; part: number; stop: AbortController } | undefined;
  const renewing = new Set<string>();
  let pauses = 0;
  let waiting = false;
  const tell = () => {
    for (const listener of listeners) listener();
  };
  const waitingFiles = () => client.state().parcels.filter((parcel) => parcel.kind === 'upload');

  function look(): void {
    if (current && !waitingFiles().some(({ id }) => id === current?.id)) current.stop.abort();
    for (const parcel of client.state().parcels)
      if (parcel.kind === 'message' && parcel.file && parcel.refusal === 'file-unknown') void bringAnew(parcel);
    const next = waitingFiles().find(({ refusal }) => refusal === undefined);
    if (!next || current || waiting || client.token() === undefined) return;
    current = { id: next.id, part: 0, stop: new AbortController() };
    void underLock(next);
  }

  /** Two tabs bring a file once. */
  async function underLock(parcel: Upload): Promise<void> {
    const bring = () => upload(parcel).catch(() => later());
    if (navigator.locks)
      await navigator.locks.request(`continuo:upload:${parcel.id}`, { ifAvailable: true }, (lock) =>
        lock ? bring() : later(),
      );
    else await bring();
    current = undefined;
    tell();
    look();
  }

  async function upload({ id, file }: Upload): Promise<void> {
    const blob = await blobs.get(id);
    if (!blob) return client.change(id, (parcel) => ({ ...parcel, refusal: 'gone' }));
    const posted = await postFile({
      url: new URL('files', location.href).href,
      headers: { Authorization: `Bearer ${client.token()}`, 'X-Continuo': 'widget' },
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
    client.change(id, ({ id: sameId, at, page }) => ({
      id: sameId,
      at,
      ...(page && { page }),
      ...('refused' in posted
        ? { kind: 'upload' as const, file, refusal: posted.refused }
        : { kind: 'message' as const, text: '', files: [posted.done.id], file }),
    }));
  }

  function later(): void {
    waiting = true;
    setTimeout(
      () => {
        waiting = false;
        look();
      },
      Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** pauses++),
    );
  }

  /** It waited so long that the gateway has removed it: once more, as something new. */
  async function bringAnew({ id, at, page, file }: Extract<Parcel, { kind: 'message' }>): Promise<void> {
    if (renewing.has(id)) return;
    renewing.add(id);
    const fresh = newId();
    const blob = await blobs.get(id);
    if (blob) await blobs.put(fresh, blob);
    client.change(id, () => ({ id: fresh, at, ...(page && { page }), kind: 'upload', file: file as Upload['file'] }));
  }

  /** A content is kept until the event of its message has come. Another tab may have put one down and be about to say so. */
  async function tidy(): Promise<void> {
    const kept = await blobs.ids();
    await new Promise((resolve) => setTimeout(resolve, TIDY_AFTER));
    const wanted = new Set(client.state().parcels.map(({ id }) => id));
    for (const id of kept) if (!wanted.has(id)) await blobs.remove(id);
  }

  client.subscribe(look);
  void tidy();
  look();
  return {
    progress: (id) => (current?.id === id ? current.part : 0),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async add(files) {
      const most = client.state().known.site?.fileBytes ?? 0;
      const tooBig = files.filter(({ size }) => size > most);
      for (const file of files) {
        if (file.size === 0 || tooBig.includes(file)) continue;
        const id = newId();
        await blobs.put(id, file);
        const { name, type, size: bytes } = file;
        client.post({ id, kind: 'upload', file: { name: name || 'file', type, bytes } });
      }
      void tidy();
      return tooBig.map(({ name }) => name);
    },
  };
}
