// The rows of a tab, of which only those in sight are in the page; near the end the next page is asked for.
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef } from 'react';
import { stopwatch } from '../locales/format.ts';
import { type Spoken, useTexts } from '../locales/use-texts.ts';
import { TARGET_MS } from '../parts/wait.tsx';
import { TaskRow } from '../tasks/row.tsx';
import { keyOf, type Line, type Tab } from './arrange.ts';
import { InboxRow } from './row.tsx';

const ROW_PX = 86;
const TASK_PX = 104;
const GROUP_PX = 32;

export function Lines(props: {
  lines: Line[];
  shown: string | undefined;
  tab: Tab;
  hold: (over: boolean) => void;
  onEnd: () => void;
}) {
  const { lines, shown, tab, hold, onEnd } = props;
  const { t } = useTexts();
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: (at) => HEIGHTS[lines[at]?.kind ?? 'row'],
    getItemKey: (at) => keyOf(lines[at] as Line),
    overscan: 6,
  });
  const last = virtual.getVirtualItems().at(-1)?.index ?? -1;
  const onEndNow = useRef(onEnd);
  onEndNow.current = onEnd;
  useEffect(() => {
    if (last >= lines.length - 3) onEndNow.current();
  }, [last, lines.length]);
  const place = lines.findIndex((line) => line.kind !== 'group' && line.conversation === shown);
  // Once per dialogue shown: a list that reorders must not run away.
  const revealed = useRef<string>(undefined);
  useEffect(() => {
    if (place < 0 || revealed.current === shown) return;
    revealed.current = shown;
    virtual.scrollToIndex(place);
  }, [place, shown, virtual]);

  return (
    <div
      ref={scroller}
      id="inbox-lines"
      role="tabpanel"
      aria-labelledby={`tab-${tab}`}
      tabIndex={-1}
      className="lines"
      onPointerMove={(event) => event.pointerType === 'mouse' && hold(true)}
      onPointerLeave={() => hold(false)}
    >
      <ul style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((item) => {
          const line = lines[item.index] as Line;
          const style = { transform: `translateY(${item.start}px)`, height: item.size };
          if (line.kind === 'group')
            return (
              <li key={item.key} style={style} className="k-grp">
                <span>{groupName(line.group, tab, t)}</span>
                <span>{groupHint(line.group, t)}</span>
              </li>
            );
          // Words and number of a task may need more room than is thought.
          if (line.kind === 'task')
            return (
              <li
                key={item.key}
                ref={virtual.measureElement}
                data-index={item.index}
                style={{ transform: style.transform }}
              >
                <TaskRow conversation={line.conversation} number={line.task} shown={line.conversation === shown} />
              </li>
            );
          return (
            <li key={item.key} style={style}>
              <InboxRow conversation={line.conversation} shown={line.conversation === shown} tab={tab} />
            </li>
          );
        })}
      </ul>
    </div>
  );
}

const HEIGHTS: Record<Line['kind'], number> = { group: GROUP_PX, row: ROW_PX, task: TASK_PX };

type Group = Extract<Line, { kind: 'group' }>['group'];
type T = Spoken['t'];
const isOfTasks = (group: Group): group is 'to-do' | 'all-done' | 'done' =>
  group === 'to-do' || group === 'all-done' || group === 'done';

function groupName(group: Group, tab: Tab, t: T): string {
  if (isOfTasks(group)) return t.tasks.groups[group];
  if (group === 'answered') return t.inbox.answered;
  if (group === 'closed') return t.inbox.tabs.closed;
  return tab === 'mine' ? t.inbox.waitingForYou : t.inbox.waiting;
}
function groupHint(group: Group, t: T): string {
  if (isOfTasks(group)) return t.tasks.hints[group];
  if (group === 'waiting') return t.inbox.longestFirst;
  return group === 'answered' ? t.inbox.target(stopwatch(TARGET_MS)) : '';
}
