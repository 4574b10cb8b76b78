// What an agent has begun to write, by conversation. Pure; kept in the browser. The oldest go first when there are too many.
export interface Draft {
  text: string;
  at: number;
}
export type Drafts = Record<string, Draft>;

const MOST = 100;

export function withDraft(drafts: Drafts, conversation: string, text: string, at: number): Drafts {
  const { [conversation]: _old, ...others } = drafts;
  if (text === '') return others;
  const kept = Object.entries(others)
    .sort(([, one], [, other]) => other.at - one.at)
    .slice(0, MOST - 1);
  return { [conversation]: { text, at }, ...Object.fromEntries(kept) };
}

export function parseDrafts(raw: unknown): Drafts | undefined {
  if (typeof raw !== 'object' || raw === null) return undefined;
  const sound = Object.entries(raw as Record<string, Partial<Draft> | undefined>).filter(
    ([, draft]) => typeof draft?.text === 'string' && typeof draft.at === 'number',
  );
  return Object.fromEntries(sound) as Drafts;
}
