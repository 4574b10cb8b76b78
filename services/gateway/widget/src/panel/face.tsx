/** @jsxImportSource preact */
// An agent's photo; without one, or when it does not load, the site's own picture, or the headset. Always beside the name, so it says nothing aloud.
import { useState } from 'preact/hooks';
import type { Presence } from './head.ts';
import { avatar } from './site-look.ts';

const GATEWAY = new URL('..', location.href);

export function Face({ photo }: { photo?: string | undefined }) {
  const [broken, setBroken] = useState<unknown[]>([]);
  const shown = [photo, avatar].find((one) => one && !broken.includes(one));
  if (shown)
    return <img class="face" src={new URL(shown, GATEWAY).href} alt="" onError={() => setBroken([...broken, shown])} />;
  return (
    <svg class="face" viewBox="0 0 40 40" aria-hidden="true">
      <circle cx="20" cy="20" r="20" />
      <path d="M11.5 22v-2a8.5 8.5 0 0 1 17 0v2M12.3 20.5h.4a1.8 1.8 0 0 1 1.8 1.8v2.9a1.8 1.8 0 0 1-1.8 1.8h-.4a1.8 1.8 0 0 1-1.8-1.8v-2.9a1.8 1.8 0 0 1 1.8-1.8zM27.3 20.5h.4a1.8 1.8 0 0 1 1.8 1.8v2.9a1.8 1.8 0 0 1-1.8 1.8h-.4a1.8 1.8 0 0 1-1.8-1.8v-2.9a1.8 1.8 0 0 1 1.8-1.8zM27.5 27c0 2.2-2 3-5 3" />
    </svg>
  );
}

export function Bead({ photo, presence }: { photo?: string | undefined; presence: Presence }) {
  return (
    <span class="co-bead">
      <Face photo={photo} />
      <i class={`pres is-${presence}`} />
    </span>
  );
}
