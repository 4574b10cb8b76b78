// What a parked record holds. It may be a visitor's words, so nothing of it is fetched before somebody asks, and it goes with the page.
import { useId, useState } from 'react';
import { useTexts } from '../locales/use-texts.ts';
import { type Opened, openParked } from './asking.ts';

export function Content({ id }: { id: string }) {
  const { t } = useTexts();
  const place = useId();
  const [opened, setOpened] = useState<Opened | { kind: 'opening' }>();
  const toggle = async (): Promise<void> => {
    if (opened) return setOpened(undefined);
    setOpened({ kind: 'opening' });
    const found = await openParked(id);
    // Hidden again meanwhile, it stays hidden.
    setOpened((now) => (now?.kind === 'opening' ? found : now));
  };
  return (
    <>
      <button
        type="button"
        className="k-btn sm ghost holds"
        aria-expanded={opened !== undefined}
        aria-controls={place}
        onClick={() => void toggle()}
      >
        {opened ? t.parked.close : t.parked.open}
      </button>
      <div id={place} aria-live="polite">
        {opened?.kind === 'opening' && <p className="xs q">{t.parked.opening}</p>}
        {opened?.kind === 'gone' && <p className="smt">{t.parked.gone}</p>}
        {opened?.kind === 'trouble' && <p className="smt">{t.parked.trouble}</p>}
        {opened?.kind === 'content' && (opened.content ? <pre>{opened.content}</pre> : <p>{t.parked.nothing}</p>)}
      </div>
    </>
  );
}
