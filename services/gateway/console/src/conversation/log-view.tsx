// The log of a dialogue. It keeps its end in sight as long as the agent has not scrolled up; then new messages are announced by a button.
import type { Transcript } from '@continuo/transcript';
import { useCallback, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { sameDay } from '../locales/format.ts';
import { useTexts } from '../locales/use-texts.ts';
import { Icon } from '../parts/icon.tsx';
import { useConsole } from '../session/use-workplace.ts';
import { Entry } from './entry.tsx';
import { type LogEntry, logEntries } from './log.ts';
import type { Dialogue } from './state.ts';

const NEAR_END_PX = 60;

export function Log({ dialogue, transcript }: { dialogue: Dialogue; transcript: Transcript }) {
  const { t } = useTexts();
  const entries = useEntries(dialogue, transcript);
  const log = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  const [more, setMore] = useState(false);
  const lastKey = entries.at(-1)?.key;
  const lastIsOurs = entries.at(-1)?.kind === 'outgoing';

  useLayoutEffect(() => {
    const element = log.current;
    if (!element || lastKey === undefined) return;
    if (atEnd.current || lastIsOurs) element.scrollTop = element.scrollHeight;
    else setMore(true);
  }, [lastKey, lastIsOurs]);
  // The field grows, the preview comes and goes: the log gives way and keeps its end. A scroll told after the height
  // has changed is about the height, not about the agent.
  const height = useRef(0);
  const keepEnd = useCallback((): boolean => {
    const element = log.current;
    if (!element || element.clientHeight === height.current) return false;
    height.current = element.clientHeight;
    if (atEnd.current) element.scrollTop = element.scrollHeight;
    return true;
  }, []);
  useLayoutEffect(() => {
    if (!log.current) return;
    const observer = new ResizeObserver(keepEnd);
    observer.observe(log.current);
    return () => observer.disconnect();
  }, [keepEnd]);

  const onScroll = (): void => {
    const element = log.current;
    if (!element || keepEnd()) return;
    atEnd.current = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_END_PX;
    if (atEnd.current) setMore(false);
  };
  return (
    <div className="k-logbox">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling area must be reachable by keyboard */}
      <div ref={log} id="log" className="k-log" role="log" aria-label={t.dialogue.log} tabIndex={0} onScroll={onScroll}>
        <div className="push" />
        {entries.map((entry) => (
          <Entry key={entry.key} entry={entry} transcript={transcript} />
        ))}
      </div>
      {more && (
        <button
          type="button"
          className="k-btn k-more"
          onClick={() => log.current?.scrollTo({ top: log.current.scrollHeight, behavior: 'smooth' })}
        >
          <Icon name="down" size="sm" />
          {t.dialogue.more}
        </button>
      )}
    </div>
  );
}

function useEntries(dialogue: Dialogue, transcript: Transcript): LogEntry[] {
  const outbox = useConsole((state) => state.outbox);
  const me = useConsole((state) => state.session.me);
  const { delivered } = dialogue;
  return useMemo(
    () =>
      logEntries(transcript, {
        outgoing: outbox.filter(({ conversation }) => conversation === transcript.conversation),
        me: { kind: 'agent', id: me?.id ?? '', ...(me && { name: me.name }) },
        delivered,
        sameDay,
      }),
    [transcript, outbox, me, delivered],
  );
}
