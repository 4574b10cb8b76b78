/** @jsxImportSource preact */
// One bubble: the text with its links, the time, and for the visitor's own how far it has come.
import type { Client } from '../client.ts';
import type { Texts } from '../locales/en.ts';
import { useChunk } from './chunk.ts';
import { Icon } from './icons.tsx';
import { linked } from './linked.ts';
import type { MessageRow } from './rows.ts';
import type { Times } from './times.ts';

const SIGN = { kept: 'clock', failed: 'clock', stored: 'check', delivered: 'checks', read: 'checks' } as const;

/** Nothing stands below a dialogue, and nothing of it was refused, before its first word. */
export const AFTER = () => import('./after.tsx');
/** Most dialogues have no file, no card, no call and no survey: what shows them comes when there is one. */
export const BESIDE = () => import('./beside-words.tsx');
const SURVEY = () => import('./survey/survey.tsx');

interface Props {
  client: Client;
  row: MessageRow;
  texts: Texts;
  times: Times;
  /** The network is away: what is on the device only looks so. */
  waiting: boolean;
  onAgain(id: string): void;
  /** What was refused goes back into the field. */
  onEdit(id: string): void;
}

export function Message({ client, row, texts, times, waiting, onAgain, onEdit }: Props) {
  const { key, mine, text, at, grouped, mark } = row;
  const beside = useChunk(BESIDE, !!(row.local ?? row.item?.files ?? row.item?.card));
  const after = useChunk(AFTER, mark === 'failed');
  const survey = useChunk(SURVEY, !!row.item?.survey);
  const apart = mark === 'failed' || (mark === 'kept' && waiting);
  return (
    <>
      <li class={`co-m${mine ? ' me' : ''}${grouped ? ' g' : ''}${apart ? ' wait' : ''}`} data-message={key}>
        <span class="sr">{`${mine ? texts.you : (row.author ?? texts.somebody)}: `}</span>
        <div class="co-b">
          {beside && <beside.Above {...{ client, row, texts }} />}
          <div class="tx" dir="auto">
            {linked(beside || text ? text : namesOf(row)).map((piece) =>
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
        {beside && <beside.Below {...{ client, row }} />}
        {survey && row.item?.survey && <survey.SurveyView {...{ client, texts }} message={row.item as never} />}
      </li>
      {mark === 'kept' && waiting && <li class="co-fail">{texts.waiting}</li>}
      {mark === 'failed' && after && <after.Refused {...{ client, row, texts, onAgain, onEdit }} />}
    </>
  );
}

/** Until what shows files is here, and where it cannot be had. */
const namesOf = ({ item, local }: MessageRow): string =>
  (local ? [local] : (item?.files ?? [])).map(({ name }) => name).join(', ');
