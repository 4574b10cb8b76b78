// Pages that a visitor opens go straight into the tracking stream: facts of their own, which no conversation waits for.
import { append, newEvent, UnavailableError } from '@continuo/bus';
import type { Page } from '@continuo/contracts';
import { newId } from '@continuo/contracts/ids';
import { clock } from '@continuo/runtime';
import { logger } from '@continuo/telemetry';
import type { Gateway } from './gateway.ts';
import type { Visitor } from './hub.ts';
import { VISIT_PAUSE_MS } from './sessions/visitor-token.ts';

const log = logger('page-views');

export async function viewPage({ bus }: Gateway, visitor: Visitor, page: Page): Promise<void> {
  const now = clock.now();
  if (now - visitor.pageAt >= VISIT_PAUSE_MS) visitor.visit = newId();
  visitor.pageAt = now;
  const { site, id, visit, language } = visitor;
  const event = newEvent('page-viewed', {
    site,
    key: id,
    actor: { kind: 'visitor', id },
    cause: newId(),
    time: now,
    data: { visitor: id, visit, page, language },
  });
  try {
    await append(bus, event, 'any');
  } catch (error) {
    if (!(error instanceof UnavailableError)) throw error;
    log.warn({ visitor: id }, 'A page view was lost: the stream does not answer.');
  }
}
