// The card of a visitor beside the dialogue: contact, CRM, this visit's pages, earlier dialogues. A drawer on narrow screens, a sheet on phones.
import { useEffect } from 'react';
import type { ConversationRoute } from '../conversation/view.tsx';
import { useTexts } from '../locales/use-texts.ts';
import { Icon } from '../parts/icon.tsx';
import { Loading } from '../parts/loading.tsx';
import { conversationHref, hrefOf } from '../route.ts';
import { useConsole, useNow, useWorkplace } from '../session/use-workplace.ts';
import { ContactSection } from './contact.tsx';
import { CrmSection } from './crm-section.tsx';
import { ToldSections } from './told.tsx';
import { VisitSection } from './visit.tsx';

export function VisitorCardView({ route }: { route: ConversationRoute }) {
  const { t } = useTexts();
  const { conversation } = route;
  const workplace = useWorkplace();
  const now = useNow();
  const head = useConsole((state) => state.dialogues[conversation]?.transcript ?? state.inbox.heads[conversation]);
  const absent = useConsole((state) => state.dialogues[conversation]?.absent ?? false);
  const live = useConsole(({ session }) => session.connection.state === 'live' && session.serviceUp);
  const visitor = head?.visitor;
  useEffect(() => {
    if (!live) return;
    void workplace.crm.loadLink(conversation);
    if (visitor) void workplace.loadCard(visitor);
  }, [workplace, conversation, visitor, live]);

  if (absent) return <section className="k-vc" aria-label={t.card.label} />;
  return (
    <>
      <a className="k-scrim" href={hrefOf({ ...route, card: false })} aria-label={t.close} tabIndex={-1}>
        {' '}
      </a>
      <section className="k-vc" aria-label={t.card.label} data-pane tabIndex={-1}>
        <a className="k-ib shut" href={hrefOf({ ...route, card: false })} aria-label={t.close}>
          <Icon name="cross" />
        </a>
        {head ? (
          <>
            <ContactSection head={head} />
            <VisitSection head={head} now={now} />
            <ToldSections visitor={head.visitor} now={now} />
            <CrmSection head={head} now={now} />
            <Earlier visitor={head.visitor} except={conversation} now={now} />
          </>
        ) : (
          <Loading bars={5} words={t.card.loadingLong} />
        )}
      </section>
    </>
  );
}

/** Other dialogues of this visitor, as far as the list knows them. */
function Earlier({ visitor, except, now }: { visitor: string; except: string; now: number }) {
  const { t, f } = useTexts();
  const heads = useConsole((state) => state.inbox.heads);
  const earlier = Object.values(heads)
    .filter((head) => head.visitor === visitor && head.conversation !== except)
    .sort((one, other) => other.updatedAt - one.updatedAt);
  if (earlier.length === 0) return null;
  return (
    <section className="k-sec earlier">
      <h3>
        {t.card.earlier} <span className="q num">{earlier.length}</span>
      </h3>
      {earlier.map((head) => (
        <a key={head.conversation} className="smt fx" href={conversationHref(head.conversation)}>
          <span className="num q2 nw">{f.ago(head.updatedAt, now)}</span>
          <span className="el gr">{head.last?.text}</span>
        </a>
      ))}
    </section>
  );
}
