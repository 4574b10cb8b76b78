// Records that real handlers cannot handle: one that MongoDB refuses until somebody mends it, one that is no JSON, one that an earlier gateway let in.

import { newId } from '@continuo/contracts';
import type { World } from '@continuo/testing';
import { headers } from '@nats-io/transport-node';

export const HURRY = new URL('hurry.mjs', import.meta.url).href;

/** From now on what fails in these services is tried again at once. */
export function hurry(world: World, ...names: Parameters<World['running']>[0][]): void {
  for (const name of names) for (const { pid } of world.running(name)) process.kill(pid, 'SIGUSR2');
}

/** A rule that somebody has put on a collection of the views: it refuses messages of this text. @returns takes the rule away */
export async function refuseText(world: World, text: string): Promise<() => Promise<void>> {
  const rule = async (validator: object): Promise<void> => {
    await world.database.db?.command({ collMod: 'conversation_events', validator });
  };
  await rule({ 'event.data.text': { $ne: text } });
  return () => rule({});
}

/** Half a record, as nothing of Continuo writes it. @returns its conversation */
export async function scrawl(world: World, text: string): Promise<string> {
  const conversation = newId();
  const head = headers();
  head.set('Continuo-Type', 'message-sent');
  head.set('Continuo-Version', '1');
  head.set('Continuo-Number', '1');
  await world.admin.js.publish(`conversation.${world.site.id}.${conversation}`, text, { headers: head });
  return conversation;
}

/** A fact of a page with a name of a field that MongoDB takes in no document; the doors refuse it today. */
export async function unkeepableFact(world: World, visitor: string): Promise<void> {
  const subject = `tracking.${world.site.id}.${visitor}`;
  const stored = await world.admin.jsm.streams.getMessage('TRACKING', { last_by_subj: subject });
  if (!stored) throw new Error('the visitor’s page has told nothing yet');
  const { header } = stored;
  header.set('Continuo-Id', newId());
  const data = stored.json<{ fact: object }>();
  const fact = { kind: 'event', name: 'an unmistakable event', data: { 'a\0b': 1 } };
  await world.admin.js.publish(subject, JSON.stringify({ ...data, fact }), { headers: header });
}
