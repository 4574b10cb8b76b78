// When is there a sound? When somebody has written while the page is out of sight, unless the visitor wants none; and of all tabs in one.
import type { Client } from '../../client.ts';

export interface Surroundings {
  hidden(): boolean;
  muted(): boolean;
  /** Runs it if no other tab has just done so. */
  alone(run: () => void): void;
  chime(): void;
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
    if (news && around.hidden() && !around.muted()) around.alone(around.chime);
  });
}
