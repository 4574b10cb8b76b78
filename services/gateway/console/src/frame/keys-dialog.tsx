// The list of keys; here single keys are turned off and on.
import { useEffect, useRef } from 'react';
import { useTexts } from '../locales/use-texts.ts';
import { Icon } from '../parts/icon.tsx';
import { prefer, useSingleKeys } from '../preferences.ts';

export function KeysDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTexts();
  const single = useSingleKeys();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const { does } = t.keys;
  const list: [keys: string[], words: string][] = [
    [['J', 'K'], does.next],
    [['1', '–', '5'], does.mine],
    [['Alt ↑'], does.waiting],
    [['↵'], does.field],
    [['Shift ↵'], does.newLine],
    [['Esc'], does.out],
    [['A'], does.take],
    [['E'], does.end],
    [['C'], does.openCrm],
    [['/'], does.search],
    [['G', t.keys.andThen, 'I', 'C'], does.goTo],
    [['Alt 1', '–', '4'], does.state],
    [['F6'], does.panes],
    [['?'], does.list],
  ];
  return (
    <dialog ref={dialog} className="k-dialog" aria-labelledby="keys-title" onClose={onClose}>
      <div className="fx">
        <h2 id="keys-title" className="gr">
          {t.keys.title}
        </h2>
        <button type="button" className="k-ib" aria-label={t.close} onClick={() => dialog.current?.close()}>
          <Icon name="cross" />
        </button>
      </div>
      <dl>
        {list.map(([keys, words]) => (
          <div key={words}>
            <dt>
              {keys.map((key) =>
                /^[–]$|^[a-zа-я]{2,}$/.test(key) ? <span key={key}>{key}</span> : <kbd key={key}>{key}</kbd>,
              )}
            </dt>
            <dd>{words}</dd>
          </div>
        ))}
      </dl>
      <div className="fx foot">
        <span className="gr smt q2">{t.keys.text}</span>
        <button
          type="button"
          className="k-btn sm"
          aria-pressed={single}
          onClick={() => prefer({ singleKeys: !single })}
        >
          {t.keys.single}: {single ? t.keys.on : t.keys.off}
        </button>
      </div>
    </dialog>
  );
}
