/** @jsxImportSource preact */
// The dialogue. It keeps its end in sight until the visitor scrolls away from it, and then holds still under his hand.
import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Client } from '../client.ts';
import type { Texts } from '../locales/en.ts';
import { useChunk } from './chunk.ts';
import { Face } from './face.tsx';
import { Icon } from './icons.tsx';
import { BESIDE, Message } from './message.tsx';
import type { Row } from './rows.ts';
import type { Times } from './times.ts';

const NEAR_END = 48;

interface Props {
  client: Client;
  rows: Row[];
  texts: Texts;
  times: Times;
  waiting: boolean;
  typing: { name?: string } | undefined;
  onAgain(id: string): void;
  /** Back into the field. */
  onEdit(id: string): void;
  /** He wants to ask for the call that was refused in another way. */
  onCall(id: string): void;
  /** What stands before the first and after the last line. */
  before?: ComponentChildren;
  after?: ComponentChildren;
}

export function Log({ client, rows, texts, times, waiting, typing, onAgain, onEdit, onCall, before, after }: Props) {
  const log = useRef<HTMLDivElement>(null);
  const flow = useRef<HTMLDivElement>(null);
  const pinned = useRef(true);
  const seenTop = useRef(0);
  const [away, setAway] = useState(false);
  const toEnd = () => log.current?.scrollTo({ top: log.current.scrollHeight });
  const last = rows.findLast((row) => row.kind === 'message');
  const newest = last?.kind === 'message' && last.mine ? last.key : '';

  // One's own new message always comes into sight.
  useLayoutEffect(() => {
    if (newest) pinned.current = true;
  }, [newest]);
  useLayoutEffect(() => {
    if (pinned.current) toEnd();
  });
  useEffect(() => {
    const watch = new ResizeObserver(() => pinned.current && toEnd());
    for (const box of [log.current, flow.current]) if (box) watch.observe(box);
    return () => watch.disconnect();
  }, []);

  const onScroll = () => {
    const box = log.current;
    if (!box) return;
    // That our own jump to the end has scrolled is told a moment later, when a picture may have made the log longer: only whoever goes back leaves the end.
    if (box.scrollHeight - box.scrollTop - box.clientHeight < NEAR_END) pinned.current = true;
    else if (box.scrollTop < seenTop.current) pinned.current = false;
    seenTop.current = box.scrollTop;
    setAway(!pinned.current);
  };
  return (
    <div class="co-stage">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the log scrolls, so the keyboard must reach it */}
      <div class="co-log" role="log" tabIndex={0} aria-label={texts.messages} ref={log} onScroll={onScroll}>
        <div class="co-flow" ref={flow}>
          {before}
          <ol class="co-msgs">
            {rows.map((row) =>
              row.kind === 'message' ? (
                <Message key={row.key} {...{ client, row, texts, times, waiting, onAgain, onEdit }} />
              ) : (
                <Between key={row.key} {...{ client, row, texts, times, onCall }} />
              ),
            )}
          </ol>
          {typing && (
            // Said by the announcer.
            <div class="co-b co-typing" aria-hidden="true">
              <i />
              <i />
              <i />
            </div>
          )}
          {after}
        </div>
      </div>
      {away && (
        <button type="button" class="co-latest" aria-label={texts.toLatest} onClick={toEnd}>
          <Icon name="down" />
        </button>
      )}
    </div>
  );
}

export interface BetweenProps extends Pick<Props, 'client' | 'texts' | 'times' | 'onCall'> {
  row: Exclude<Row, { kind: 'message' }>;
}

function Between({ client, row, texts, times, onCall }: BetweenProps) {
  const call = useChunk(BESIDE, row.kind === 'call');
  switch (row.kind) {
    case 'day':
      return (
        <li class="co-day">
          <span>{times.day(row.at)}</span>
        </li>
      );
    case 'here':
      return (
        <li class="co-sys">
          <Face photo={row.agent.photo} />
          {texts.isHere(row.agent.name)}
        </li>
      );
    case 'gone':
      return <li class="co-sys">{texts.isGone(row.agent.name)}</li>;
    case 'name':
      return (
        <li class="co-name">
          <Face photo={row.author.photo} />
          {row.author.name ?? texts.somebody}
        </li>
      );
    case 'read':
      return <li class="co-read">{texts.mark.read}</li>;
    case 'closed':
      return <li class="co-sys">{texts.ended(times.clock(row.at))}</li>;
    case 'joint':
      return (
        <li class="co-joint">
          <span>
            <b>{texts.stopped(times.ago(row.stoppedAt))}</b>
            {texts.resumed(times.ago(row.at), times.clock(row.at))}
          </span>
        </li>
      );
    case 'missed':
      return <li class="co-sys">{texts.missed}</li>;
    case 'call':
      return call ? <call.CallLine {...{ client, row, texts, times, onCall }} /> : null;
    case 'answers-to':
      return (
        <li class="co-sys">
          <Icon name="mail" size="sm" />
          <span>{row.offline ? texts.offline.sent(row.email) : texts.mail.answersTo(row.email)}</span>
        </li>
      );
  }
}
