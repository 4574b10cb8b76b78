/** @jsxImportSource preact */
// The line of a call that was asked for: where to and when, and what to do with one that was refused. Fetched with the first.
import { Icon } from './icons.tsx';
import type { BetweenProps } from './log.tsx';

interface Props extends BetweenProps {
  row: Extract<BetweenProps['row'], { kind: 'call' }>;
}

export function CallLine({ client, row, texts, times, onCall }: Props) {
  return (
    <>
      <li class="co-sys">
        <Icon name={row.at === 'kept' ? 'clock' : 'phone'} size="sm" />
        <span>
          {texts.calls(row.call.phone)}
          {row.call.window && ` · ${times.window(row.call.window)}`}
        </span>
      </li>
      {row.at === 'failed' && (
        <li class="co-fail bad">
          {texts.failed}
          <button type="button" onClick={() => onCall(row.key)}>
            {texts.callMe}
          </button>
          <button type="button" onClick={() => client.change(row.key)}>
            {texts.file.remove}
          </button>
        </li>
      )}
    </>
  );
}
