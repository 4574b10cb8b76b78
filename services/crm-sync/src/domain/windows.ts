// Which windows this replica has opened itself and knows to be open still: what happens in one of them needs no timer of its own. Pure but for its memory,
// which may be lost at any time: then a request more is made, which changes nothing.

/** The clock that fires timers is another machine's: in its last moment a window may have ended there already. */
export const MARGIN_MS = 1_000;
const REMEMBERED_MS = 60_000;

export interface Windows {
  /** Whether what has happened by now will be seen when the window ends. */
  covers(conversation: string, now: number): boolean;
  /** Whether the last one, opened here, ended a moment ago: the dialogue is in full swing. */
  goesOn(conversation: string, now: number, momentMs: number): boolean;
  opened(conversation: string, end: number, now: number): void;
  size(): number;
}

export function newWindows(): Windows {
  const ends = new Map<string, number>();
  return {
    covers: (conversation, now) => now < (ends.get(conversation) ?? 0) - MARGIN_MS,
    goesOn(conversation, now, momentMs) {
      const end = ends.get(conversation);
      return end !== undefined && now < end + momentMs;
    },
    opened(conversation, end, now) {
      // In the order in which they were opened, so the first ones end first, or nearly: no more is kept than were open lately.
      for (const [key, past] of ends) {
        if (past + REMEMBERED_MS > now) break;
        ends.delete(key);
      }
      ends.delete(conversation);
      ends.set(conversation, end);
    },
    size: () => ends.size,
  };
}
