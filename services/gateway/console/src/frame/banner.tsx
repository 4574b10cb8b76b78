// What is wrong with the connection, as one line above everything; nothing when nothing is.
import { useTexts } from '../locales/use-texts.ts';
import { Icon } from '../parts/icon.tsx';
import { useConsole } from '../session/use-workplace.ts';

export function Banner() {
  const { t, f } = useTexts();
  const connection = useConsole((state) => state.session.connection);
  const serviceUp = useConsole((state) => state.session.serviceUp);
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
    connection.state === 'lost'
      ? t.connection.lost(f.time(connection.since))
      : connection.state === 'live' && !serviceUp
        ? t.connection.serviceDown
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
