// What a page's code says to `Continuo` of its visitor: facts, and who he is by the site's word. Most pages say none of it, so it is fetched with the first such word.
import type { Client } from './client.ts';
import { factOf } from './host-call.ts';
import type { Keep } from './keep.ts';
import type { FromFrame } from './wire.ts';

export interface Widget {
  client: Pick<Client, 'post' | 'prove' | 'report' | 'state'>;
  keep: Keep;
  post(message: FromFrame): void;
  /** Forgets who was here until now, in all tabs, and hears this call as of somebody new. */
  renew(call: readonly unknown[]): void;
}
/** The site's own id of whoever is signed in here, once the gateway has verified it. */
const PERSON = 'person';
const UNPROVED = 'identify: this token is not signed with the site’s key, or too old';

export async function obey(call: readonly unknown[], widget: Widget): Promise<void> {
  if (call[0] === 'identify') return identify(call, widget);
  const fact = factOf(call);
  if (typeof fact === 'string') widget.post(['warn', fact]);
  else widget.client.report(fact);
}

/** Somebody else is signed in on this device: what the one before him has said is none of his business, and nothing of the two is joined. */
async function identify(call: readonly unknown[], { client, keep, post, renew }: Widget): Promise<void> {
  const token = String(call[1]).slice(0, 4000);
  const person = personIn(token);
  const before = keep.read<string>(PERSON);
  if (before !== undefined && person !== undefined && person !== before) return renew(call);
  const contact = await client.prove(token);
  if (!contact) return post(['warn', UNPROVED]);
  keep.write(PERSON, contact.externalId);
  leaveEmail(client, contact.email);
  post(['identified']);
}

/** It goes into the dialogue as if he had left it, and waits for one like that. */
function leaveEmail({ state, post }: Pick<Client, 'state' | 'post'>, email: string | undefined): void {
  const { known, parcels } = state();
  const left = [known.transcript?.contact.email, ...parcels.map((one) => 'email' in one && one.email)];
  if (email && !left.includes(email)) post({ kind: 'email', email });
}

/** Unproved: whether it is true, the gateway says. */
export function personIn(token: string): string | undefined {
  try {
    const body = token.split('.')[1]?.replaceAll('-', '+').replaceAll('_', '/') ?? '';
    const bytes = Uint8Array.from(atob(body), (letter) => letter.charCodeAt(0));
    const { sub } = JSON.parse(new TextDecoder().decode(bytes)) as { sub?: unknown };
    return typeof sub === 'string' ? sub : undefined;
  } catch {
    return undefined;
  }
}

/** By itself: once for a visitor, and not where it would take all of the screen. */
export const mayOpen = (keep: Pick<Keep, 'read'>): boolean =>
  !keep.read('shown') && !document.hidden && outerWidth > 479 && !matchMedia('(pointer:coarse)').matches;
