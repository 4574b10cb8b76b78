// Makes the views anew beside the live ones while messages flow: new collections are filled from the stream, a sample is compared with it, then they take the
// names of the live ones. What the live ones got meanwhile follows from the stream; every write is a whole fold or an absent event, so nothing is twice.
import { isDeepStrictEqual } from 'node:util';
import { type Bus, load, scan } from '@continuo/bus';
import type { Store } from '@continuo/store';
import { applyListed, type Listed } from '@continuo/transcript';
import { takeTurn } from './rebuild-turn.ts';
import { type Collections, LIVE, prepareTranscriptView, transcriptView } from './transcript-view.ts';

const NEXT: Collections = { conversations: 'conversations_next', events: 'conversation_events_next' };
const SAMPLE = 200;

export interface Rebuilt {
  conversations: number;
  events: number;
  compared: number;
}

/**
 * Safe to run again after it was broken off: it begins anew. @throws when another one is under way, or a view of the sample does not equal the stream; the
 * live views are then untouched
 */
export async function rebuildViews(bus: Bus, store: Store): Promise<Rebuilt> {
  await using _turn = await takeTurn(store);
  const { connection } = store;
  for (const name of Object.values(NEXT)) await connection.collection(name).drop();
  await prepareTranscriptView(store, NEXT);

  const first = await fill(bus, store, NEXT, 0);
  const second = await fill(bus, store, NEXT, first.lastSeq);
  const compared = await compareSample(bus, store, second.lastSeq);
  for (const which of ['events', 'conversations'] as const)
    if (first.events > 0) await connection.collection(NEXT[which]).rename(LIVE[which], { dropTarget: true });
  // What the old collections got after the new ones were filled went with them: here it comes again.
  const third = await fill(bus, store, LIVE, second.lastSeq);
  return {
    conversations: await connection.collection(LIVE.conversations).countDocuments(),
    events: first.events + second.events + third.events,
    compared,
  };
}

async function fill(bus: Bus, store: Store, into: Collections, afterSeq: number) {
  const view = transcriptView(bus, store, into);
  let lastSeq = afterSeq;
  let events = 0;
  for await (const page of scan(bus, afterSeq)) {
    await Promise.all(page.map(view));
    lastSeq = page.at(-1)?.seq ?? lastSeq;
    events += page.length;
  }
  return { lastSeq, events };
}

/** Each view of the sample must be the fold of its events in the stream, and each event that was read must be there. (A view may be ahead of them: who finds a gap loads all.) */
async function compareSample(bus: Bus, { connection }: Store, upToSeq: number): Promise<number> {
  const sample = await connection
    .collection<{ _id: string; number: number; site: string; view: Listed }>(NEXT.conversations)
    .aggregate<{ _id: string; number: number; site: string; view: Listed }>([{ $sample: { size: SAMPLE } }])
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
