// Who gets the next dialogue: on line, with room, the least loaded; among equals the one who has been free the longest.
import { type DeskState, loadOf } from './state.ts';

/** @param prefer gets it if he is on line and has room */
export function chooseAgent(desk: DeskState, prefer?: string): string | undefined {
  const candidates = [...desk.agents]
    .map(([id, agent]) => ({ id, ...agent, load: loadOf(desk, id) }))
    .filter(({ state, load, capacity }) => state === 'online' && load < capacity);
  if (prefer !== undefined && candidates.some(({ id }) => id === prefer)) return prefer;
  candidates.sort((a, b) => a.load - b.load || a.freeSince - b.freeSince || (a.id < b.id ? -1 : 1));
  return candidates[0]?.id;
}
