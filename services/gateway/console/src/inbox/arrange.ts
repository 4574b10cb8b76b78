// Which dialogues a tab shows and in which order: who waits comes first, the longest first; then the answered, the latest first.
// Pure. The order holds still while the pointer is over the list.
import type { ConversationSummary, InboxFilter } from '@continuo/contracts';
import { countOpen, type TaskLine, taskLines } from '../tasks/state.ts';

export type Tab = Exclude<InboxFilter, 'tasks-done'>;
export const TABS = ['mine', 'unassigned', 'tasks', 'all', 'closed'] as const satisfies readonly Tab[];

export type Line =
  | { kind: 'group'; group: 'waiting' | 'answered' | 'closed' }
  | { kind: 'row'; conversation: string }
  | TaskLine;

function belongs(summary: ConversationSummary, tab: Exclude<Tab, 'tasks'>, me: string): boolean {
  if (tab === 'all') return true;
  if (tab === 'closed') return summary.status === 'closed';
  if (summary.status === 'closed') return false;
  return tab === 'mine' ? summary.agent?.id === me : summary.agent === undefined;
}

export function countTabs(summaries: readonly ConversationSummary[], me: string): Record<Tab, number> {
  const counts = { mine: 0, unassigned: 0, tasks: countOpen(summaries), all: 0, closed: 0 };
  for (const summary of summaries)
    for (const tab of TABS) if (tab !== 'tasks' && belongs(summary, tab, me)) counts[tab]++;
  return counts;
}

/** How many dialogues wait for this agent: his own ones and those that nobody has. */
export const waitingFor = (summaries: readonly ConversationSummary[], me: string): number =>
  summaries.filter((s) => s.status !== 'closed' && s.waitingSince !== undefined && (!s.agent || s.agent.id === me))
    .length;

export function arrange(
  summaries: readonly ConversationSummary[],
  options: { tab: Tab; me: string; search?: string },
): Line[] {
  const { tab, me, search } = options;
  if (tab === 'tasks') return taskLines(summaries, search);
  const shown = summaries.filter((s) => belongs(s, tab, me) && matches(s, search));
  const row = ({ conversation }: ConversationSummary): Line => ({ kind: 'row', conversation });
  const closed = shown.filter((s) => s.status === 'closed').sort(latestFirst);
  if (tab === 'closed') return closed.map(row);
  const open = shown.filter((s) => s.status !== 'closed');
  const groups = {
    waiting: open.filter((s) => s.waitingSince !== undefined).sort(longestFirst),
    answered: open.filter((s) => s.waitingSince === undefined).sort(latestFirst),
    closed,
  };
  return (['waiting', 'answered', 'closed'] as const).flatMap((group) =>
    groups[group].length > 0 ? [{ kind: 'group', group } as const, ...groups[group].map(row)] : [],
  );
}

/** The old order as long as it must hold still: nothing moves or vanishes, what is new comes at the end. */
export function holdStill(before: readonly Line[], wanted: readonly Line[]): Line[] {
  const known = new Set(before.map(keyOf));
  return [...before, ...wanted.filter((line) => line.kind !== 'group' && !known.has(keyOf(line)))];
}

export function keyOf(line: Line): string {
  if (line.kind === 'group') return `group-${line.group}`;
  return line.kind === 'task' ? `${line.conversation}-${line.task}` : line.conversation;
}

/** The dialogues of a list in its order, each once. */
export const rowsOf = (lines: readonly Line[]): string[] => [
  ...new Set(lines.flatMap((line) => (line.kind === 'group' ? [] : [line.conversation]))),
];

/** The dialogue before or after the shown one; with none shown, the first or the last. */
export function neighbour(rows: readonly string[], shown: string | undefined, step: 1 | -1): string | undefined {
  const at = shown === undefined ? -1 : rows.indexOf(shown);
  if (at < 0) return step === 1 ? rows[0] : rows.at(-1);
  return rows[Math.min(rows.length - 1, Math.max(0, at + step))];
}

function matches(summary: ConversationSummary, search: string | undefined): boolean {
  const wanted = search?.trim().toLocaleLowerCase();
  if (!wanted) return true;
  const { contact, visitor, last, page } = summary;
  return [contact.name, contact.email, contact.phone, visitor.slice(0, 4), last?.text, page?.title].some((text) =>
    text?.toLocaleLowerCase().includes(wanted),
  );
}

const longestFirst = (one: ConversationSummary, other: ConversationSummary): number =>
  (one.waitingSince ?? 0) - (other.waitingSince ?? 0) || byId(one, other);
const latestFirst = (one: ConversationSummary, other: ConversationSummary): number =>
  other.updatedAt - one.updatedAt || byId(one, other);
const byId = (one: ConversationSummary, other: ConversationSummary): number =>
  one.conversation < other.conversation ? -1 : 1;
