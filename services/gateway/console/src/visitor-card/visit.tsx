// The visitor's way through the site: where he came from and the pages of this visit, the current one first, on one line.
import type { VisitorCard } from '@continuo/contracts';
import type { TranscriptHead } from '@continuo/transcript';
import { stopwatch } from '../locales/format.ts';
import { useTexts } from '../locales/use-texts.ts';
import { Icon } from '../parts/icon.tsx';
import { useConsole, useOnline } from '../session/use-workplace.ts';
import { pageName, referrerName } from './state.ts';

export function VisitSection({ head, now }: { head: TranscriptHead; now: number }) {
  const { t, f } = useTexts();
  const card = useConsole((state) => state.cards[head.visitor]);
  const online = useOnline(head.visitor);
  const referrer = card?.referrer ?? head.page?.referrer;
  const pages: VisitorCard['pages'] = card?.pages ?? [];
  const first = pages.at(-1);
  return (
    <section className="k-sec">
      <h3>
        {t.card.thisVisit}
        <span className="q num">
          {[first && f.short(now - first.at), card && card.visits > 0 && t.card.visit(card.visits)]
            .filter(Boolean)
            .join(' · ')}
        </span>
      </h3>
      <div className="k-kv from">
        <Icon name={referrer ? 'search' : 'globe'} />
        <span title={referrer}>{referrer ? referrerName(referrer) : t.card.direct}</span>
      </div>
      {card?.consent && (
        <p className="smt q">
          {card.consent.given ? t.card.consentGiven : t.card.consentWithdrawn} · {f.ago(card.consent.at, now)}
        </p>
      )}
      {pages.length > 0 ? (
        <ol className="k-path">
          {pages.map((page, place) => (
            <li key={`${page.at} ${page.url}`} className={place === 0 && online !== false ? 'now' : ''}>
              <a className="el" href={page.url} target="_blank" rel="noopener noreferrer" title={page.url}>
                {pageName(page)}
              </a>
              <time>{timeOn(page, place === 0 && online !== false, now, t.card.now)}</time>
            </li>
          ))}
        </ol>
      ) : (
        <p className="smt q">{head.page ? `${t.card.startedOn}: ${pageName(head.page)}` : t.card.noPages}</p>
      )}
    </section>
  );
}

function timeOn(page: VisitorCard['pages'][number], current: boolean, now: number, nowWord: string): string {
  if (current) return `${nowWord}, ${stopwatch(now - page.at)}`;
  return page.seconds === undefined ? '' : stopwatch(page.seconds * 1000);
}
