// What a site's page tells of its visitor goes into the tracking stream like the pages he opens: no conversation waits for it. Who he is
// counts only with a token that the site's key has signed.
import { append, newEvent, UnavailableError } from '@continuo/bus';
import type { DataOf } from '@continuo/contracts';
import type { VisitorFrame } from '@continuo/contracts/frames';
import { newId } from '@continuo/contracts/ids';
import { clock } from '@continuo/runtime';
import { send } from './connection.ts';
import { refuseCommand } from './forward.ts';
import type { Gateway } from './gateway.ts';
import type { Visitor } from './hub.ts';
import { siteKey, verifyIdentity } from './sessions/site-identity.ts';

const AGAIN_MS = 2_000;
type Said<T extends VisitorFrame['t']> = Extract<VisitorFrame, { t: T }>;

export async function reportFact(gateway: Gateway, visitor: Visitor, { id, fact }: Said<'fact'>): Promise<void> {
  if (await report(gateway, visitor, id, fact)) return send(visitor.connection, { t: 'noted', id });
  refuseCommand(visitor.connection, id, 'unavailable', 'The stream does not answer. Send it again.', AGAIN_MS);
}

export async function reportIdentity(
  gateway: Gateway,
  visitor: Visitor,
  { id, token }: Said<'identify'>,
): Promise<void> {
  const { connection, site } = visitor;
  const contact = verifyIdentity(siteKey(gateway.config.CONTINUO_TOKEN_KEY, site), token, clock.now());
  if (!contact)
    return refuseCommand(connection, id, 'identity-unproved', 'The token is not signed with this site’s key, or old.');
  if (await report(gateway, visitor, id, { kind: 'identity', contact }))
    return send(connection, { t: 'identified', id, contact });
  refuseCommand(connection, id, 'unavailable', 'The stream does not answer. Send it again.', AGAIN_MS);
}

/** @returns false when it is not known to be stored; with the same id it may be told again */
async function report(
  { bus }: Gateway,
  { site, id: visitor, visit, language }: Visitor,
  id: string,
  fact: DataOf<'fact-reported'>['fact'],
): Promise<boolean> {
  const event = newEvent('fact-reported', {
    site,
    key: visitor,
    actor: { kind: 'visitor', id: visitor },
    cause: newId(),
    // Of the visitor's own making, so it can meet only what he told before.
    id,
    data: { visitor, visit, language, fact },
  });
  try {
    await append(bus, event, 'any');
    return true;
  } catch (error) {
    if (error instanceof UnavailableError) return false;
    throw error;
  }
}
