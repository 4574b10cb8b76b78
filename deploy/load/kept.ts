// What became of the messages that were acknowledged under overload, by the raw stream alone: each must stand there once, by its command and by its words.
import type { RawEvent } from '../chaos/check-stream.ts';

export interface Acknowledged {
  /** Of the command. */
  id: string;
  /** No two alike. */
  text: string;
}
export interface Kept {
  lost: string[];
  doubled: string[];
}

/** @returns ids of commands; none is in both */
export function keptOnce(
  acknowledged: readonly Acknowledged[],
  stream: readonly Pick<RawEvent, 'cause' | 'data'>[],
): Kept {
  const causes = counted(stream.map(({ cause }) => cause));
  const texts = counted(stream.map(({ data }) => data.text));
  const stands = ({ id, text }: Acknowledged, times: number): boolean =>
    Math.max(causes.get(id) ?? 0, texts.get(text) ?? 0) > times;
  const whole = ({ id, text }: Acknowledged): boolean => causes.has(id) && texts.has(text);
  return {
    lost: acknowledged.filter((one) => !whole(one)).map(({ id }) => id),
    doubled: acknowledged.filter((one) => whole(one) && stands(one, 1)).map(({ id }) => id),
  };
}

function counted(values: readonly unknown[]): Map<unknown, number> {
  const times = new Map<unknown, number>();
  for (const value of values) times.set(value, (times.get(value) ?? 0) + 1);
  return times;
}
