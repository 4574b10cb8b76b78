// Whether the visitor is asked how he was helped: after an end, where somebody has answered, until he has said so. Pure.
import type { State } from '../client.ts';

/** `agent`: who helped him last, by name. `done`: he has said so already, or it waits for the network. */
export function ratingAsked({
  known: { transcript },
  parcels,
}: Pick<State, 'known' | 'parcels'>): { agent: string | undefined; done: boolean } | undefined {
  if (transcript?.status !== 'closed' || transcript.lastOf.agent === 0) return undefined;
  const { items, rating } = transcript;
  const end = items.findLast(({ kind }) => kind === 'closed')?.number ?? 0;
  const kept = parcels.some(({ kind, refusal }) => kind === 'rating' && refusal === undefined);
  const answer = items.findLast((item) => item.kind === 'message' && item.author.kind === 'agent');
  return {
    agent: answer?.kind === 'message' ? answer.author.name : undefined,
    done: kept || (rating?.number ?? 0) > end,
  };
}
