// What the desk refuses is tried again with growing pauses, and not for ever.
import type { DeskEvent, Stored } from '@continuo/contracts';
import { newId } from '@continuo/contracts/ids';
import { expect, test } from '@jest/globals';
import { unknownConversation } from '../domain/conversation/state.ts';
import { refused } from '../domain/decision.ts';
import { emptyDesk } from '../domain/desk/state.ts';
import type { Domain } from '../handle.ts';
import { following } from './follow.ts';
import { routing } from './route.ts';

const site = newId();
const conversation = newId();
const busy = async () => refused('busy', 'Too much is happening here at once.');
/** A site at which everything is refused. */
const domain = {
  conversations: {
    act: busy,
    current: async () => ({ state: { ...unknownConversation, head: { status: 'closed', number: 3 } }, seq: 7 }),
  },
  desks: { act: busy, current: async () => ({ state: emptyDesk, seq: 1 }) },
} as unknown as Domain;
const closed = { type: 'conversation-closed', site, key: conversation } as unknown as Stored<'conversation-closed'>;
const taken = {
  type: 'dialogue-taken',
  site,
  id: newId(),
  data: { conversation, assigned: [] },
} as unknown as DeskEvent;
const contextOf = (delivery: number) => ({ delivery, signal: AbortSignal.abort(), working: () => {} });

const handlers = {
  'routing a dialogue to the desk': (delivery: number) => routing(domain)(closed, contextOf(delivery)),
  'writing what the desk says into the dialogue': (delivery: number) => following(domain)(taken, contextOf(delivery)),
};

for (const [name, handle] of Object.entries(handlers)) {
  test(`${name}: a refusal waits longer with each try`, async () => {
    for (const delivery of [1, 2, 14]) expect(await handle(delivery)).toEqual({ kind: 'retry' });
  });
  test(`${name}: what is refused again and again is set aside for an operator`, async () => {
    expect(await handle(15)).toEqual({ kind: 'park', reason: 'refused', words: expect.stringContaining('busy') });
  });
}
