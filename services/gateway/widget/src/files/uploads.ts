// The files that a visitor sends: on the device until the gateway has them. When one is there, its parcel becomes a message that names it. It only looks at the
// outbox, so whatever happens to a parcel is what happens to its file.
import { newId } from '@continuo/contracts/ids';
import type { Client } from '../client.ts';
import type { Parcel } from '../outbox.ts';
import { openBlobs } from './blobs.ts';
import { type Carrier, openCarrier } from './carrier.ts';

export interface Uploads extends Pick<Carrier, 'progress' | 'subscribe'> {
  /** What will not be taken is kept as refused: said, and his to remove. */
  add(files: readonly File[]): Promise<void>;
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
  const renewing = new Set<string>();

  const carrier = openCarrier<Upload>(blobs, {
    due: () => (client.token() === undefined ? [] : client.state().parcels.filter(isDue)),
    contentOf: ({ id }) => id,
    request: ({ file }) => ({
      url: new URL('files', location.href).href,
      headers: { Authorization: `Bearer ${client.token()}`, 'X-Continuo': 'widget' },
      name: file.name,
    }),
    settle({ id }, outcome) {
      if (outcome === 'gone') return client.change(id, (parcel) => ({ ...parcel, refusal: 'gone' }));
      client.change(id, (parcel) =>
        'refused' in outcome ? { ...parcel, refusal: outcome.refused } : messageOf(parcel as Upload, outcome.done.id),
      );
    },
    // A content is kept until the event of its message has come.
    wanted: () => client.state().parcels.map(({ id }) => id),
  });

  /** It waited so long that the gateway has removed it: once more, as something new. */
  async function bringAnew({ id, at, page, file }: Extract<Parcel, { kind: 'message' }>): Promise<void> {
    if (renewing.has(id)) return;
    renewing.add(id);
    const fresh = newId();
    const blob = await blobs.get(id);
    if (blob) await blobs.put(fresh, blob);
    client.change(id, () => ({ id: fresh, at, ...(page && { page }), kind: 'upload', file: file as Upload['file'] }));
  }

  function look(): void {
    for (const parcel of client.state().parcels)
      if (parcel.kind === 'message' && parcel.file && parcel.refusal === 'file-unknown') void bringAnew(parcel);
    carrier.look();
  }

  client.subscribe(look);
  void carrier.tidy();
  look();
  return {
    progress: carrier.progress,
    subscribe: carrier.subscribe,
    async add(files) {
      const most = client.state().known.site?.fileBytes ?? 0;
      for (const file of files) {
        const { name, type, size: bytes } = file;
        const refusal = bytes === 0 ? 'empty' : bytes > most ? 'too-big' : undefined;
        const id = newId();
        if (!refusal) await blobs.put(id, file);
        client.post({ id, kind: 'upload', file: { name: name || 'file', type, bytes }, ...(refusal && { refusal }) });
      }
      void carrier.tidy();
    },
  };
}

const isDue = (parcel: Parcel): parcel is Upload => parcel.kind === 'upload' && parcel.refusal === undefined;

const messageOf = ({ id, at, page, file }: Upload, uploaded: string): Parcel => ({
  id,
  at,
  ...(page && { page }),
  kind: 'message',
  text: '',
  files: [uploaded],
  file,
});
