// What has no place of its own on the screen: a refusal, and the way back from a close.
import { useEffect } from 'react';
import { useTexts } from '../locales/use-texts.ts';
import { visitorName } from '../parts/face.tsx';
import { Icon } from '../parts/icon.tsx';
import { useConsole, useWorkplace } from '../session/use-workplace.ts';

const SHOWN_MS = 7000;

export function Notices() {
  const { t } = useTexts();
  const { store, closing } = useWorkplace();
  const notice = useConsole((state) => state.notice);
  const closingNow = useConsole((state) => state.closing);
  const heads = useConsole((state) => state.inbox.heads);
  useEffect(() => {
    if (!notice) return;
    const gone = setTimeout(() => store.update(({ notice: _shown, ...state }) => state), SHOWN_MS);
    return () => clearTimeout(gone);
  }, [notice, store]);
  return (
    <div className="k-notices" role="status">
      {Object.keys(closingNow).map((conversation) => {
        const head = heads[conversation];
        const name = head ? visitorName(head.visitor, head.contact, t) : t.dialogue.head;
        return (
          <div key={conversation} className="k-notice">
            <Icon name="check" size="sm" />
            <span className="gr">{t.dialogue.closing(name)}</span>
            <button type="button" className="k-btn sm" onClick={() => closing.undo(conversation)}>
              {t.dialogue.undo}
            </button>
          </div>
        );
      })}
      {notice && (
        <div key={notice.key} className="k-notice bad">
          <Icon name="warning" size="sm" />
          <span className="gr">{t.refusals[notice.refusal] ?? notice.words}</span>
        </div>
      )}
    </div>
  );
}
