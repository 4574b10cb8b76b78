// Head of the dialogue: who, where he is, how long he waits, and what can be done with the dialogue.
import type { Transcript } from '@continuo/transcript';
import { useMyDesk } from '../frame/me.tsx';
import { useTexts } from '../locales/use-texts.ts';
import { Face, visitorName } from '../parts/face.tsx';
import { Icon } from '../parts/icon.tsx';
import { Presence } from '../parts/presence.tsx';
import { Wait } from '../parts/wait.tsx';
import { hrefOf } from '../route.ts';
import { useConsole, useOnline, useWorkplace } from '../session/use-workplace.ts';
import { pageName } from '../visitor-card/state.ts';
import { mayClose } from './hint.ts';
import type { ConversationRoute } from './view.tsx';

export function DialogueHead({
  route,
  transcript,
  now,
}: {
  route: ConversationRoute;
  transcript: Transcript | undefined;
  now: number;
}) {
  const { t } = useTexts();
  const workplace = useWorkplace();
  const { conversation } = route;
  const online = useOnline(transcript?.visitor);
  const card = useConsole((state) => state.cards[transcript?.visitor ?? '']);
  const closing = useConsole((state) => conversation in state.closing);
  const { me, load, capacity } = useMyDesk();
  const page = card?.pages[0] ?? transcript?.page;
  const open = transcript !== undefined && transcript.status !== 'closed' && !closing;
  const name = transcript && visitorName(transcript.visitor, transcript.contact, t);
  const closable = open && mayClose(transcript, me);
  const free = open && !transcript.agent;

  return (
    <header className="k-dh">
      <a className="k-ib narrow" href={hrefOf({ page: 'inbox' })} aria-label={t.back}>
        <Icon name="back" />
      </a>
      {transcript && (
        <span className="narrow">
          <Face id={transcript.visitor} name={transcript.contact.name ?? transcript.contact.email} />
        </span>
      )}
      <div className="gr">
        <h2 className="el">{name}</h2>
        <div className="fx xs q2 where">
          {online !== undefined && (
            <Presence state={online ? 'online' : 'offline'} label={online ? t.dialogue.online : t.dialogue.away} />
          )}
          <span className="el">
            {[page && pageName(page), online === false && t.dialogue.away].filter(Boolean).join(' · ')}
          </span>
        </div>
      </div>
      {open && transcript.waitingSince !== undefined && <Wait since={transcript.waitingSince} now={now} withTarget />}
      {free && (
        <button
          type="button"
          className="k-btn pri"
          disabled={load >= capacity}
          title={load >= capacity ? t.dialogue.full(load, capacity) : t.dialogue.takeHint}
          onClick={() => workplace.command('take', { conversation })}
        >
          {t.dialogue.take} <kbd>A</kbd>
        </button>
      )}
      <a
        className="k-ib drawer"
        href={hrefOf({ ...route, card: !route.card })}
        aria-label={t.dialogue.card}
        title={t.dialogue.card}
        aria-expanded={route.card}
      >
        <Icon name="info" />
      </a>
      {closable && (
        <button type="button" className="k-btn out" onClick={() => workplace.closing.close(conversation)}>
          <Icon name="check" size="sm" />
          <span className="wide">
            {t.dialogue.close} <kbd>E</kbd>
          </span>
          <span className="narrow">
            <span className="sr">{t.dialogue.close}</span>
          </span>
        </button>
      )}
    </header>
  );
}
