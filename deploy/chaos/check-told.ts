// What a socket brings as new it has not brought before. A backfill may repeat: its client asked for it by the number that he had then.

/** In the order in which they came over one socket. */
export type Told = [conversation: string, number: number, how: 'new' | 'resumed'];

export function toldTwice(who: string, sockets: readonly (readonly Told[])[]): { looked: number; broken: string[] } {
  const broken: string[] = [];
  let looked = 0;
  for (const told of sockets) {
    const highest = new Map<string, number>();
    for (const [conversation, number, how] of told) {
      const before = highest.get(conversation) ?? 0;
      highest.set(conversation, Math.max(before, number));
      if (how === 'resumed') continue;
      looked += 1;
      if (number <= before) broken.push(`${who} was told number ${number} of ${conversation} as new after ${before}`);
    }
  }
  return { looked, broken };
}
