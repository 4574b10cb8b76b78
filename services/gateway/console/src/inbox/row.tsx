// One dialogue in the list: who, since when he waits, the last words, the page, the language, how much is unread.
import { summarise } from '@continuo/transcript';
import { memo } from 'react';
import { useTexts } from '../locales/use-texts.ts';
import { Face, visitorName } from '../parts/face.tsx';
import { Presence } from '../parts/presence.tsx';
import { Wait } from '../parts/wait.tsx';
import { conversationHref } from '../route.ts';
import { useConsole, useNow, useOnline } from '../session/use-workplace.ts';
import { pageName } from '../visitor-card/state.ts';
import type { Tab } from './arrange.ts';

export const InboxRow = memo(function InboxRow({
  conversation,
  shown,
  tab,
}: {
  conversation: string;
  shown: boolean;
  tab: Tab;
}) {
  const { t, f, language } = useTexts();
  const head = useConsole((state) => state.inbox.heads[conversation]);
  const typing = useConsole((state) => state.inbox.typing[conversation]);
  const closing = useConsole((state) => conversation in state.closing);
  const online = useOnline(head?.visitor);
  const me = useConsole((state) => state.session.me?.id);
  const now = useNow();
  if (!head) return null;
  const {
    visitor,
    contact,
    page,
    agent,
    status,
    waitingSince,
    unanswered,
    last,
    language: speaks,
    updatedAt,
  } = summarise(head);
  const closed = status === 'closed' || closing;
  const waits = waitingSince !== undefined && !closed;
  const name = visitorName(visitor, contact, t);
  const named = contact.name ?? contact.email;

  return (
    <a
      className={`k-row ${shown ? 'sel' : ''} ${waits ? 'un' : ''} ${closed ? 'over' : ''}`}
      href={conversationHref(conversation)}
      {...(shown && { 'aria-current': 'true' })}
    >
      <span className="av">
        <Face id={visitor} name={named} />
        {online !== undefined && (
          <Presence state={online ? 'online' : 'offline'} label={online ? t.dialogue.online : t.dialogue.away} />
        )}
      </span>
      <span className="gr">
        <span className="l1">
          <b className="el">{name}</b>
          {waits ? (
            <Wait since={waitingSince} now={now} />
          ) : (
            <span className="xs q num nw">{f.short(now - updatedAt)}</span>
          )}
        </span>
        <span className="l2">
          <span className="el">
            {typing ? (
              <em>{t.inbox.typing(typing)}</em>
            ) : (
              <>
                {last?.author === 'agent' && agent?.id === me && `${t.inbox.you} `}
                <bdi>{last?.text}</bdi>
              </>
            )}
          </span>
        </span>
        <span className="l3">
          {page && <span className="k-tag el">{pageName(page)}</span>}
          {!speaks.startsWith(language) && <span className="k-tag">{speaks.slice(0, 2).toUpperCase()}</span>}
          {closed && tab !== 'closed' && <span className="k-tag">{t.inbox.closed}</span>}
          {agent && agent.id !== me && <span className="k-tag el">{agent.name}</span>}
          {waits && unanswered > 0 && (
            <span className="un" role="img" aria-label={t.inbox.unread(unanswered)}>
              {unanswered > 99 ? '99+' : unanswered}
            </span>
          )}
        </span>
      </span>
    </a>
  );
});
