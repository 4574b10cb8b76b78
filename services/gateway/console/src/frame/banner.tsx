// What is wrong with the connection, as one line above everything; nothing when nothing is.
import { useEffect, useState } from 'react';
import { useTexts } from '../locales/use-texts.ts';
import { Icon } from '../parts/icon.tsx';
import { useConsole } from '../session/use-workplace.ts';

/** A reconnect, or a server that hands over, shorter than this is nobody's concern. */
const PATIENCE_MS = 1500;

export function Banner() {
  const { t, f } = useTexts();
  const connection = useConsole((state) => state.session.connection);
  const serviceUp = useConsole((state) => state.session.serviceUp);
  const full = useConsole((state) => state.session.full);
  const lostForLong = useLasting(connection.state === 'lost');
  const downForLong = useLasting(!serviceUp);
  if (connection.state === 'ended')
    return (
      <div className="k-banner bad" role="alert">
        <Icon name="warning" size="sm" />
        <span className="gr">{connection.words || t.connection.ended}</span>
        <button type="button" className="k-btn sm" onClick={() => location.reload()}>
          {t.connection.reload}
        </button>
      </div>
    );
  const words =
    connection.state === 'lost' && lostForLong
      ? t.connection.lost(f.time(connection.since))
      : connection.state === 'live' && downForLong
        ? t.connection.serviceDown
        : connection.state === 'live' && full
          ? t.connection.full
          : undefined;
  return (
    <div className="k-banner-place" role="status">
      {words && (
        <div className="k-banner">
          <Icon name="clock" size="sm" />
          <span>{words}</span>
        </div>
      )}
    </div>
  );
}

function useLasting(wrong: boolean): boolean {
  const [lasting, setLasting] = useState(false);
  useEffect(() => {
    if (!wrong) return;
    const timer = setTimeout(setLasting, PATIENCE_MS, true);
    return () => {
      clearTimeout(timer);
      setLasting(false);
    };
  }, [wrong]);
  return lasting;
}
