// What a connector that pushes has sent of one dialogue: there is no CRM to look into, so each attempt stands here with what came of it.
import { useCallback, useEffect, useState } from 'react';
import { useTexts } from '../locales/use-texts.ts';
import { Icon } from '../parts/icon.tsx';
import { Loading } from '../parts/loading.tsx';
import { useNow } from '../session/use-workplace.ts';
import type { Deliveries } from './asking.ts';
import { Said } from './said.tsx';
import { useCrmDesk } from './shown.ts';

type Delivery = Deliveries[number];
type Reading = { kind: 'reading' } | { kind: 'read'; deliveries: Deliveries } | { kind: 'failed'; words: string };
const STATE = {
  delivered: { icon: 'check', tone: 'ok' },
  waiting: { icon: 'clock', tone: 'warn' },
  'given-up': { icon: 'warning', tone: 'bad' },
} as const;

/** @param fresh changes when something was sent: read again */
export function DeliveriesView({ conversation, crm, fresh }: { conversation: string; crm: string; fresh: unknown }) {
  const { t } = useTexts();
  const desk = useCrmDesk();
  const [reading, setReading] = useState<Reading>({ kind: 'reading' });
  const read = useCallback(async () => {
    const reply = await desk.deliveries(conversation);
    setReading(
      reply.ok
        ? { kind: 'read', deliveries: reply.answer.deliveries }
        : { kind: 'failed', words: t.refusals[reply.refusal] ?? reply.words },
    );
  }, [desk, conversation, t]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: read anew after something was sent
  useEffect(() => void read(), [read, fresh]);
  if (reading.kind === 'reading') return <Loading bars={4} words={t.crm.deliveries.loadingLong} />;
  if (reading.kind === 'failed')
    return (
      <div className="verdict bad" role="alert">
        <p className="smt">{reading.words}</p>
        <button type="button" className="k-btn sm" onClick={() => void read()}>
          {t.retry}
        </button>
      </div>
    );
  return (
    <>
      <p className="smt q2 told">{t.crm.deliveries.about(crm)}</p>
      {reading.deliveries.length === 0 && <p className="smt q2">{t.crm.deliveries.none}</p>}
      <ul className="sent">
        {reading.deliveries.map((delivery) => (
          <Sent key={nameOf(delivery, t)} delivery={delivery} />
        ))}
      </ul>
    </>
  );
}

function Sent({ delivery }: { delivery: Delivery }) {
  const { t, f } = useTexts();
  const now = useNow();
  const { icon, tone } = STATE[delivery.state];
  const attempts = [...delivery.attempts].reverse();
  return (
    <li>
      <div className="fx">
        <h3 className="gr">
          {nameOf(delivery, t)} <span className="q">{t.crm.deliveries.version(delivery.version)}</span>
        </h3>
        <span className={`fx xs nw ${tone}`}>
          <Icon name={icon} size="xs" />
          {t.crm.deliveries.states[delivery.state]}
        </span>
      </div>
      <ol className="k-path">
        {attempts.map((attempt, index) => (
          <li key={`${attempt.at} ${attempt.version}`} className={index === 0 ? 'now' : ''}>
            <span className="gr">
              <span className={attempt.outcome === 'delivered' ? 'ok' : 'bad'}>{outcomeWords(attempt.outcome, t)}</span>{' '}
              <span className="q">{t.crm.deliveries.took(f.brief(attempt.milliseconds))}</span>
              {attempt.words && <Said words={attempt.words} />}
            </span>
            <time dateTime={new Date(attempt.at).toISOString()}>{f.dayAndTime(attempt.at, now)}</time>
          </li>
        ))}
      </ol>
    </li>
  );
}

function nameOf({ part, task, deal }: Delivery, { crm: { deliveries } }: ReturnType<typeof useTexts>['t']): string {
  if (part !== undefined) return deliveries.part(part);
  if (task !== undefined) return deliveries.task(task);
  return deal ? deliveries.deal : deliveries.lead;
}

const outcomeWords = (outcome: string, t: ReturnType<typeof useTexts>['t']): string =>
  outcome === 'delivered'
    ? t.crm.deliveries.states.delivered
    : ((t.crm.deliveries.outcomes as Record<string, string | undefined>)[outcome] ?? outcome);
