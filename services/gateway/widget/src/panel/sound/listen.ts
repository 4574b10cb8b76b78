// When is there a sound? When somebody has written while the page is out of sight, unless the visitor wants none; and of all tabs in one.
import type { Client } from '../../client.ts';
import type { Heard } from './turns.ts';

export interface Surroundings {
  hidden(): boolean;
  muted(): boolean;
  /** Unless another tab does. */
  sound(heard: Heard): void;
}

/** What is known when it begins is not news. @returns ends it */
export function listen(client: Pick<Client, 'state' | 'subscribe'>, around: Surroundings): () => void {
  const heard = () => client.state().known.transcript?.lastOf.agent ?? 0;
  const about = () => client.state().known.transcript?.conversation;
  let before = heard();
  let conversation = about();
  return client.subscribe(() => {
    const now = heard();
    const news = now > before && about() === conversation;
    before = now;
    conversation = about();
    if (news && conversation && around.hidden() && !around.muted()) around.sound({ conversation, number: now });
  });
}
