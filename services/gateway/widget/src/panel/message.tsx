/** @jsxImportSource preact */
// One bubble: the text with its links, the time, and for the visitor's own how far it has come.
import type { Texts } from '../locales/en.ts';
import { Icon } from './icons.tsx';
import { linked } from './linked.ts';
import type { MessageRow } from './rows.ts';
import type { Times } from './times.ts';

const SIGN = { kept: 'clock', failed: 'clock', stored: 'check', delivered: 'checks', read: 'checks' } as const;

interface Props {
  row: MessageRow;
  texts: Texts;
  times: Times;
  /** The network is away: what is on the device only looks so. */
  waiting: boolean;
  onAgain(id: string): void;
}

export function Message({ row, texts, times, waiting, onAgain }: Props) {
  const { key, mine, text, at, grouped, mark } = row;
  const apart = mark === 'failed' || (mark === 'kept' && waiting);
  return (
    <>
      <li class={`co-m${mine ? ' me' : ''}${grouped ? ' g' : ''}${apart ? ' wait' : ''}`} data-message={key}>
        <span class="sr">{`${mine ? texts.you : (row.author ?? texts.somebody)}: `}</span>
        <div class="co-b">
          <div class="tx" dir="auto">
            {linked(text).map((piece) =>
              piece.href ? (
                <a href={piece.href} target="_blank" rel="noopener noreferrer nofollow">
                  {piece.text}
                </a>
              ) : (
                piece.text
              ),
            )}
            <span class="co-t">
              <time dateTime={new Date(at).toISOString()}>{times.clock(at)}</time>
              {mark && (
                <>
                  <Icon name={SIGN[mark]} />
                  <span class="sr">{texts.mark[mark]}</span>
                </>
              )}
            </span>
          </div>
        </div>
      </li>
      {mark === 'kept' && waiting && <li class="co-fail">{texts.waiting}</li>}
      {mark === 'failed' && (
        <li class="co-fail bad">
          {texts.failed}
          <button type="button" onClick={() => onAgain(key)}>
            <Icon name="retry" size="sm" />
            {texts.sendAgain}
          </button>
        </li>
      )}
    </>
  );
}
