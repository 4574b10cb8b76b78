/** @jsxImportSource preact */
// The sound of an answer that comes while the page is out of sight, and the button that keeps it quiet; kept on the device. Fetched with the first word.
import { useEffect, useState } from 'preact/hooks';
import type { Client } from '../../client.ts';
import { deviceStorage, openKeep } from '../../keep.ts';
import { chime } from './chime.ts';
import { listen } from './listen.ts';
import { type Heard, soundOnce } from './turns.ts';
import { soundWords } from './words.ts';

const BELL = 'M5.6 13.6V9a4.4 4.4 0 0 1 8.8 0v4.6l1.4 1.4H4.200zM8.4 17h3.2';
const NAME = 'muted';
const storage = deviceStorage();
const keep = openKeep(new URLSearchParams(location.search).get('site') ?? '', storage);

/** Whoever wants little motion most likely wants calm; he may still turn it on. */
const isMuted = (): boolean => keep.read<boolean>(NAME) ?? matchMedia('(prefers-reduced-motion: reduce)').matches;

const sound = (heard: Heard): void => void soundOnce(keep, storage && navigator.locks, heard, chime);

export function SoundButton({ client }: { client: Client }) {
  const [muted, setMuted] = useState(isMuted);
  useEffect(() => listen(client, { hidden: () => document.hidden, muted: isMuted, sound }), [client]);
  const words = soundWords(document.documentElement.lang);
  return (
    <button
      type="button"
      class="co-ib"
      aria-label={words}
      title={words}
      aria-pressed={!muted}
      onClick={() => {
        keep.write(NAME, !muted);
        setMuted(!muted);
        // So that he knows what he will hear.
        if (muted) void chime();
      }}
    >
      <svg class="i" viewBox="0 0 20 20" aria-hidden="true">
        <path d={muted ? `${BELL}M3 3l14 14` : BELL} />
      </svg>
    </button>
  );
}
