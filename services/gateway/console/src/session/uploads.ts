// The files that an agent sends: in the browser until the gateway has them; then they go as messages.
import { openBlobs } from '../../../widget/src/files/blobs.ts';
import { type Carrier, openCarrier } from '../../../widget/src/files/carrier.ts';
import type { Outgoing } from './outbox.ts';

export interface Uploads extends Pick<Carrier, 'look' | 'progress' | 'subscribe'> {
  /** Keeps the content of a message that waits for it. */
  keep(id: string, file: File): Promise<void>;
}
export interface UploadsOptions {
  agent: string;
  outbox(): readonly Outgoing[];
  /** What came of it: an id, or why it is not taken. */
  settle(id: string, outcome: { file: string } | { refusal: string }): void;
}
type WithFile = Outgoing & { file: NonNullable<Outgoing['file']> };

export function createUploads({ agent, outbox, settle }: UploadsOptions): Uploads {
  const blobs = openBlobs(`continuo.files.${agent}`);
  const carrier = openCarrier<WithFile>(blobs, {
    due: () => outbox().filter((one): one is WithFile => one.file?.way === true && !one.refused),
    contentOf: ({ file }) => file.content,
    request: ({ file }) => ({ url: '/api/files', headers: { 'X-Continuo': 'console' }, name: file.name }),
    settle({ id }, outcome) {
      if (outcome === 'gone') settle(id, { refusal: 'file-gone' });
      else settle(id, 'done' in outcome ? { file: outcome.done.id } : { refusal: `file-${outcome.refused}` });
    },
    wanted: () => outbox().flatMap(({ file }) => file?.content ?? []),
  });
  void carrier.tidy();
  return { ...carrier, keep: (id, file) => blobs.put(id, file) };
}
