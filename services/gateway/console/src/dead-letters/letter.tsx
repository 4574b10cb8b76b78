// One record that could not be handled: what it is, whose, how often it was tried and why it failed, and on demand what it holds; to be handled again once the
// cause is mended, or to be taken away.
import { useRef, useState } from 'react';
import { useTexts } from '../locales/use-texts.ts';
import { Icon } from '../parts/icon.tsx';
import { conversationHref } from '../route.ts';
import { useNow } from '../session/use-workplace.ts';
import { type ParkedLetter, type Settled, settleParked } from './asking.ts';
import { Content } from './content.tsx';

export function Letter({ letter, onSettled }: { letter: ParkedLetter; onSettled: () => Promise<void> }) {
  const { t, f } = useTexts();
  const now = useNow();
  const card = useRef<HTMLDivElement>(null);
  const [sure, setSure] = useState(false);
  const [busy, setBusy] = useState(false);
  const [said, setSaid] = useState<Settled>();
  const settle = async (verb: 'replay' | 'discard'): Promise<void> => {
    if (busy) return;
    setBusy(true);
    const settled = await settleParked(verb, letter.id);
    setBusy(false);
    setSure(false);
    setSaid(settled);
    if (settled !== 'done' && settled !== 'gone') return;
    // The button goes with its record: who works with the keyboard stays on the page.
    card.current?.closest<HTMLElement>('[data-pane]')?.focus();
    await onSettled();
  };
  return (
    <div className="dl" ref={card}>
      <span className="bad">
        <Icon name="warning" />
      </span>
      <div className="gr">
        <h2>{t.parked.concerns[letter.consumer] ?? letter.consumer}</h2>
        <p lang="en">{letter.words}</p>
        <dl className="about">
          <div>
            <dt>{t.parked.record}</dt>
            <dd>{letter.type === undefined ? t.parked.noType : <code lang="en">{letter.type}</code>}</dd>
          </div>
          <div>
            <dt>{t.parked.tried}</dt>
            <dd>{t.parked.tries(letter.attempts)}</dd>
          </div>
          {letter.conversation !== undefined && (
            <div>
              <dt>{t.parked.dialogue}</dt>
              <dd>
                <a href={conversationHref(letter.conversation)}>{t.parked.openDialogue}</a>
              </dd>
            </div>
          )}
        </dl>
        {(said === 'failed-again' || said === 'trouble') && (
          <p className="said" role="alert">
            {said === 'trouble' ? t.parked.trouble : t.parked.failedAgain}
          </p>
        )}
        <div className="fx wrap">
          <button type="button" className="k-btn sm pri" aria-disabled={busy} onClick={() => void settle('replay')}>
            <Icon name="retry" size="xs" />
            {t.parked.replay}
          </button>
          <button
            type="button"
            className="k-btn sm ghost"
            aria-disabled={busy}
            onClick={() => (sure ? void settle('discard') : setSure(true))}
          >
            {sure ? t.parked.discardSure : t.parked.discard}
          </button>
        </div>
        <Content id={letter.id} />
      </div>
      <span className="xs q num nw">{f.dayAndTime(letter.parkedAt, now)}</span>
    </div>
  );
}
