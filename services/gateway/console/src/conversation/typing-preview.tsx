// What the visitor types at the moment, in a dashed box: dashed is not sent and not stored.
import type { Transcript } from '@continuo/transcript';
import { useTexts } from '../locales/use-texts.ts';
import { shortName } from '../parts/face.tsx';
import { Icon } from '../parts/icon.tsx';
import { useNow } from '../session/use-workplace.ts';
import type { Dialogue } from './state.ts';

export function TypingPreview({ dialogue, transcript }: { dialogue: Dialogue; transcript: Transcript }) {
  const { t } = useTexts();
  // Typing ends by this device's clock; the hook only makes it tick.
  useNow();
  const typing = dialogue.visitorTyping;
  const name = shortName(transcript.visitor, transcript.contact, t);
  if (!typing || typing.until < Date.now()) return null;
  return (
    <div className="k-prev" role="status">
      <Icon name="eye" size="sm" />
      {typing.text === undefined ? (
        <span className="el">{t.dialogue.typingOnly(name)}</span>
      ) : (
        <>
          <span className="words">
            {t.dialogue.typing(name)}{' '}
            <bdi className="tx">
              «{typing.text}
              <u />»
            </bdi>
          </span>
          <small>{t.dialogue.notStored}</small>
        </>
      )}
    </div>
  );
}
