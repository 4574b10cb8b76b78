// How far one socket is in one conversation. Whatever the order in which backfill and live events come, each number goes out once and in order.
// No I/O: `offer` and `backfill` only say what to send.

/** Live events kept while a backfill is under way; beyond that the rest is asked for again. */
const MAX_HELD = 500;

export interface Numbered {
  readonly number: number;
}
export interface Cursor<Item extends Numbered> {
  /** Last number that went out. */
  sent: number;
  /** Highest number known to exist. */
  head: number;
  /** Live events that wait for the backfill; undefined once the cursor is live. */
  held: Item[] | undefined;
}

/** A cursor that waits for its first backfill. */
export const cursorAfter = <Item extends Numbered>(number: number): Cursor<Item> => ({
  sent: number,
  head: number,
  held: [],
});

/**
 * A live event. `send` it now, `hold` it (the backfill under way releases it), `drop` it (known already),
 * or `ask`: numbers are missing, it is held and a backfill after `sent` is needed.
 */
export function offer<Item extends Numbered>(cursor: Cursor<Item>, item: Item): 'send' | 'hold' | 'drop' | 'ask' {
  if (item.number <= cursor.sent) return 'drop';
  cursor.head = Math.max(cursor.head, item.number);
  if (cursor.held) {
    if (cursor.held.length < MAX_HELD) cursor.held.push(item);
    return 'hold';
  }
  if (item.number > cursor.sent + 1) {
    cursor.held = [item];
    return 'ask';
  }
  cursor.sent = item.number;
  return 'send';
}

/**
 * A piece of backfill, in order. @returns `fresh`, the part of it to send; `released`, held events that follow it without a gap;
 * and `live`: nothing is missing up to the head, so the cursor is live. Otherwise ask again after `sent`.
 */
export function backfill<Event extends Numbered, Item extends Numbered>(
  cursor: Cursor<Item>,
  events: readonly Event[],
  head: number,
): { fresh: Event[]; released: Item[]; live: boolean } {
  cursor.head = Math.max(cursor.head, head);
  const fresh = events.filter((event) => advance(cursor, event));
  const held = (cursor.held ?? []).sort((a, b) => a.number - b.number);
  const released = held.filter((item) => advance(cursor, item));
  const live = cursor.sent >= cursor.head;
  cursor.held = live ? undefined : held.filter((item) => item.number > cursor.sent);
  return { fresh, released, live };
}

function advance(cursor: Cursor<Numbered>, { number }: Numbered): boolean {
  if (number !== cursor.sent + 1) return false;
  cursor.sent = number;
  return true;
}
