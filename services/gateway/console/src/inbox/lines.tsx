// The rows of a tab, of which only those in sight are in the page; near the end the next page is asked for.
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef } from 'react';
import { stopwatch } from '../locales/format.ts';
import { type Spoken, useTexts } from '../locales/use-texts.ts';
import { TARGET_MS } from '../parts/wait.tsx';
import { keyOf, type Line, type Tab } from './arrange.ts';
import { InboxRow } from './row.tsx';

const ROW_PX = 86;
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
    estimateSize: (at) => (lines[at]?.kind === 'group' ? GROUP_PX : ROW_PX),
    getItemKey: (at) => keyOf(lines[at] as Line),
    overscan: 6,
  });
  const last = virtual.getVirtualItems().at(-1)?.index ?? -1;
  const onEndNow = useRef(onEnd);
  onEndNow.current = onEnd;
  useEffect(() => {
    if (last >= lines.length - 3) onEndNow.current();
  }, [last, lines.length]);
  const place = lines.findIndex((line) => line.kind === 'row' && line.conversation === shown);
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

type Group = Extract<Line, { kind: 'group' }>['group'];
type T = Spoken['t'];

function groupName(group: Group, tab: Tab, t: T): string {
  if (group === 'answered') return t.inbox.answered;
  if (group === 'closed') return t.inbox.tabs.closed;
  return tab === 'mine' ? t.inbox.waitingForYou : t.inbox.waiting;
}
function groupHint(group: Group, t: T): string {
  if (group === 'waiting') return t.inbox.longestFirst;
  return group === 'answered' ? t.inbox.target(stopwatch(TARGET_MS)) : '';
}
