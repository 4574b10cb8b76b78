// The sentence under the log: what an agent should know before he answers here.
import type { Transcript } from '@continuo/transcript';
import { useMyDesk } from '../frame/me.tsx';
import { useTexts } from '../locales/use-texts.ts';
import { useNow, useOnline } from '../session/use-workplace.ts';
import { hintOf } from './hint.ts';
import type { Dialogue } from './state.ts';

export function Hint({ dialogue, transcript }: { dialogue: Dialogue; transcript: Transcript }) {
  const { t } = useTexts();
  // Writing ends by this device's clock; the hook only makes it tick.
  useNow();
  const online = useOnline(transcript.visitor);
  const { me, load, capacity } = useMyDesk();
  const writer = Object.values(dialogue.colleagues).find(({ until }) => until > Date.now())?.name;
  const words = hintOf(transcript, { writer, me: me?.id, load, capacity, online }, t);
  return (
    <p className="k-hint xs q2" role="status">
      {words}
    </p>
  );
}
