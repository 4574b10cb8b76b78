// The dialogue on the screen: head, log, what the visitor types, composer. What is seen here is told to the server as read.
import type { Transcript } from '@continuo/transcript';
import { useEffect, useRef } from 'react';
import { openFile } from '../../../widget/src/files/links.ts';
import { useTexts } from '../locales/use-texts.ts';
import { Loading } from '../parts/loading.tsx';
import { WaitLine } from '../parts/wait.tsx';
import { hrefOf, type Route } from '../route.ts';
import { useAttention, useConsole, useNow, useWorkplace } from '../session/use-workplace.ts';
import { TaskStrip } from '../tasks/strip.tsx';
import { Composer } from './composer.tsx';
import { linksOf } from './file-links.ts';
import { DialogueHead } from './head.tsx';
import { Hint } from './hint-view.tsx';
import { Log } from './log-view.tsx';
import { TypingPreview } from './typing-preview.tsx';

export type ConversationRoute = Extract<Route, { page: 'conversation' }>;

export function ConversationView({ route }: { route: ConversationRoute }) {
  const { conversation } = route;
  const { t } = useTexts();
  const workplace = useWorkplace();
  const now = useNow();
  const dialogue = useConsole((state) => state.dialogues[conversation]);
  const lost = useConsole((state) => state.session.connection.state === 'lost');
  useEffect(() => workplace.show(conversation), [workplace, conversation]);
  useSeen(conversation, dialogue?.transcript);
  useWantedFile(route);
  const transcript = dialogue?.transcript;

  if (dialogue?.absent)
    return (
      <section className="k-dlg k-none" aria-label={t.dialogue.head} data-pane tabIndex={-1}>
        <p>{t.dialogue.absent}</p>
      </section>
    );
  return (
    <section className="k-dlg" aria-label={t.dialogue.head} data-pane tabIndex={-1}>
      <DialogueHead route={route} transcript={transcript} now={now} />
      <WaitLine since={transcript?.waitingSince} now={now} broken={lost} />
      <TaskStrip conversation={conversation} />
      {transcript && dialogue ? (
        <Log dialogue={dialogue} transcript={transcript} />
      ) : (
        <div className="k-log">
          <Loading bars={5} words={t.dialogue.loadingLong} />
        </div>
      )}
      {transcript && dialogue && <TypingPreview dialogue={dialogue} transcript={transcript} />}
      {transcript && dialogue && <Hint dialogue={dialogue} transcript={transcript} />}
      <Composer conversation={conversation} transcript={transcript} from={route.fromCrm ? 'crm-link' : 'console'} />
    </section>
  );
}

/** A link of the CRM names a file: it is saved once, and the address forgets it, so that a reload does not save it again. */
function useWantedFile(route: ConversationRoute): void {
  const { file } = route;
  useEffect(() => {
    if (file === undefined) return;
    const { file: _file, ...dialogue } = route;
    history.replaceState(null, '', hrefOf(dialogue));
    void openFile(linksOf, file, 'save');
  }, [file, route]);
}

/** On a visible page it is delivered; in front of the agent who has the dialogue it is read. Each number is told once. */
function useSeen(conversation: string, transcript: Transcript | undefined): void {
  const workplace = useWorkplace();
  const attention = useAttention();
  const me = useConsole((state) => state.session.me?.id);
  const live = useConsole((state) => state.session.connection.state === 'live');
  const told = useRef({ delivered: 0, read: 0 });
  const last = transcript?.lastOf.visitor ?? 0;
  const unread =
    last > (transcript?.read.agent ?? 0) && transcript?.agent?.id === me && transcript?.status !== 'closed';
  useEffect(() => {
    if (!live || last === 0 || document.visibilityState !== 'visible') return;
    if (last > told.current.delivered && workplace.delivered(conversation, last)) told.current.delivered = last;
    if (!attention || !unread || last <= told.current.read) return;
    told.current.read = last;
    void workplace.command('mark-read', { conversation, upTo: last });
  }, [workplace, conversation, attention, live, last, unread]);
}
