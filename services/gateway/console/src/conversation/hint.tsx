// What an agent should know before he answers here: who else writes, whose the dialogue is, where the answer goes. At most one sentence.
import type { Transcript } from '@continuo/transcript';
import { useMyDesk } from '../frame/me.tsx';
import type { Texts } from '../locales/en.ts';
import { useTexts } from '../locales/use-texts.ts';
import { useConsole, useNow } from '../session/use-workplace.ts';
import type { Dialogue } from './state.ts';

interface Situation {
  /** Colleague who writes here at the moment. */
  writer: string | undefined;
  me: string | undefined;
  load: number;
  capacity: number;
  online: boolean | undefined;
}

export function Hint({ dialogue, transcript }: { dialogue: Dialogue; transcript: Transcript }) {
  const { t } = useTexts();
  // Writing ends by this device's clock; the hook only makes it tick.
  useNow();
  const online = useConsole((state) => state.session.online[transcript.visitor]);
  const { me, load, capacity } = useMyDesk();
  const writer = Object.values(dialogue.colleagues).find(({ until }) => until > Date.now())?.name;
  const words = hintOf(transcript, { writer, me: me?.id, load, capacity, online }, t);
  return (
    <p className="k-hint xs q2" role="status">
      {words}
    </p>
  );
}

export function hintOf(
  transcript: Transcript,
  { writer, me, load, capacity, online }: Situation,
  t: Texts,
): string | undefined {
  if (writer) return t.dialogue.colleague(writer);
  const { agent, status, contact } = transcript;
  if (agent && agent.id !== me && status !== 'closed') return t.dialogue.withOther(agent.name);
  if (agent?.id !== me && load >= capacity) return t.dialogue.full(load, capacity);
  if (!agent && status !== 'closed') return t.dialogue.takeHint;
  if (online === false) return contact.email ? t.dialogue.gone : t.dialogue.goneNoMail;
  return status === 'closed' ? t.dialogue.resumes : undefined;
}
