// Makes the views anew beside the live ones while messages flow: new collections are filled from the stream, a sample is compared with it, then they take the
// names of the live ones. What the live ones got meanwhile follows from the stream; every write is a whole fold or an absent event, so nothing is twice.
import { isDeepStrictEqual } from 'node:util';
import { type Bus, isBusOutage, load, scan } from '@continuo/bus';
import { type ConversationEvent, parseEventSubject } from '@continuo/contracts';
import { isStoreOutage, type Store } from '@continuo/store';
import { applyListed, type Listed } from '@continuo/transcript';
import { takeTurn } from './rebuild-turn.ts';
import { type Collections, LIVE, prepareTranscriptView, transcriptView } from './transcript-view.ts';

const NEXT: Collections = { conversations: 'conversations_next', events: 'conversation_events_next' };
const SAMPLE = 200;

export interface Rebuilt {
  conversations: number;
  events: number;
  compared: number;
  /** Sequences of the records that no view can be made of. The live views lack them, too: their consumer has parked them, or will. */
  leftOut: number[];
}
/** Of each of these its conversation. */
type LeftOut = Map<number, string>;

/**
 * Safe to run again after it was broken off: it begins anew. @throws when another one is under way, or a view of the sample does not equal the stream; the
 * live views are then untouched
 */
export async function rebuildViews(bus: Bus, store: Store): Promise<Rebuilt> {
  await using _turn = await takeTurn(store);
  const { connection } = store;
  for (const name of Object.values(NEXT)) await connection.collection(name).drop();
  await prepareTranscriptView(store, NEXT);

  const leftOut: LeftOut = new Map();
  const first = await fill(bus, store, NEXT, 0, leftOut);
  const second = await fill(bus, store, NEXT, first.lastSeq, leftOut);
  const compared = await compareSample(bus, store, second.lastSeq, leftOut);
  for (const which of ['events', 'conversations'] as const)
    if (first.events > 0) await connection.collection(NEXT[which]).rename(LIVE[which], { dropTarget: true });
  // What the old collections got after the new ones were filled went with them: here it comes again.
  const third = await fill(bus, store, LIVE, second.lastSeq, leftOut);
  return {
    conversations: await connection.collection(LIVE.conversations).countDocuments(),
    events: first.events + second.events + third.events,
    compared,
    leftOut: [...leftOut.keys()],
  };
}

/** @throws when a record that the live views hold can be viewed no more: somebody's words would be gone from them */
async function fill(bus: Bus, store: Store, into: Collections, afterSeq: number, leftOut: LeftOut) {
  const view = transcriptView(bus, store, into);
  let lastSeq = afterSeq;
  let events = 0;
  const unread = ({ subject, seq }: { subject: string; seq: number }): void => {
    leftOut.set(seq, parseEventSubject(subject).key);
    lastSeq = seq;
  };
  const put = async (event: ConversationEvent): Promise<void> => {
    try {
      await view(event);
      events += 1;
    } catch (error) {
      if (isStoreOutage(error) || isBusOutage(error)) throw error;
      if (await isLive(store, event))
        throw new Error(
          `the record with the sequence ${event.seq} stands in the live views and cannot be viewed anew: the live views stay; report this`,
          { cause: error },
        );
      leftOut.set(event.seq, event.key);
    }
  };
  for await (const page of scan(bus, afterSeq, '*', unread)) {
    await Promise.all(page.map(put));
    lastSeq = Math.max(lastSeq, page.at(-1)?.seq ?? 0);
  }
  return { lastSeq, events };
}

async function isLive({ connection }: Store, { key, number, seq }: ConversationEvent): Promise<boolean> {
  const which = { _id: `${key}:${number}`, 'event.seq': seq };
  return (await connection.collection<{ _id: string }>(LIVE.events).countDocuments(which)) > 0;
}

/** Each view of the sample must be the fold of its events in the stream, and each event that was read must be there. (A view may be ahead of them: who finds a gap loads all.) */
async function compareSample(bus: Bus, { connection }: Store, upToSeq: number, leftOut: LeftOut): Promise<number> {
  const sample = await connection
    .collection<{ _id: string; number: number; site: string; view: Listed }>(NEXT.conversations)
    .aggregate<{ _id: string; number: number; site: string; view: Listed }>([
      { $match: { _id: { $nin: [...leftOut.values()] } } },
      { $sample: { size: SAMPLE } },
    ])
    .toArray();
  for (const { _id, number, site, view } of sample) {
    const { events } = await load(bus, 'CONVERSATION', site, _id);
    let fold: Listed | undefined;
    for (const event of events) if (event.number <= number) fold = applyListed(fold, event);
    const read = events.filter(({ seq }) => seq <= upToSeq).map((event) => `${_id}:${event.number}`);
    const stored = await connection.collection<{ _id: string }>(NEXT.events).countDocuments({ _id: { $in: read } });
    const plain = JSON.parse(JSON.stringify(fold ?? null)) as unknown;
    if (stored !== read.length || !isDeepStrictEqual(JSON.parse(JSON.stringify(view)), plain))
      throw new Error(
        `the new view of conversation ${_id} does not equal its ${number} events: the live views stay; report this`,
      );
  }
  return sample.length;
}
