// GET /api/dead-letters and /api/dead-letters/:record, POST /api/dead-letters/replay and /discard: what could not be handled for this site, for its
// supervisors and administrators. A record itself may hold a visitor's words: it is shown one at a time, to who asks for it, and who did is logged.
import { discardDeadLetter, listDeadLetters, openDeadLetter, replayDeadLetter, UnavailableError } from '@continuo/bus';
import type { AgentSettings } from '@continuo/contracts';
import { logger } from '@continuo/telemetry';
import express, { type Request, type Response } from 'express';
import { z } from 'zod';
import type { Gateway } from '../gateway.ts';
import { sessionIn } from '../sessions/cookie.ts';
import { faultWords, type Handlers } from './fault-words.ts';
import { ownPagesOnly } from './security.ts';

const NEEDED = 'The id of a record is needed.';
const GONE = 'There is no such record any more.';
const AWAY = 'Who is asking cannot be found out at the moment. Try again in a minute.';
/** A page that shows more of them helps nobody: the rest comes when these are decided on. */
const SHOWN = 500;
const log = logger('dead-letter');
const asked = z.strictObject({ id: z.string().min(1).max(400) });

export const listParked = (gateway: Gateway): Handlers => [
  async (request, response) => {
    const who = await supervisorOf(gateway, request, response);
    if (!who) return;
    await answering(response, async () => {
      const letters = await listDeadLetters(gateway.bus, { site: who.site, limit: SHOWN + 1 });
      const more = letters.length > SHOWN;
      response.set('Cache-Control', 'no-store').json({ letters: letters.slice(0, SHOWN), more });
    });
  },
  faultWords({ away: AWAY }),
];

export const openParked = (gateway: Gateway): Handlers => [
  async (request, response) => {
    const who = await supervisorOf(gateway, request, response);
    if (!who) return;
    await answering(response, async () => {
      const opened = await openDeadLetter(gateway.bus, String(request.params['record']), who.site);
      if (!opened) return void response.status(404).json({ words: GONE });
      log.info({ id: opened.letter.id, by: `agent:${who.id}` }, 'A dead letter was opened.');
      response.set('Cache-Control', 'no-store').json(opened);
    });
  },
  faultWords({ away: AWAY }),
];

const settling =
  (settle: typeof replayDeadLetter) =>
  (gateway: Gateway): Handlers => [
    ownPagesOnly(gateway),
    express.json({ limit: '4kb' }),
    async (request, response) => {
      const who = await supervisorOf(gateway, request, response);
      if (!who) return;
      const given = asked.safeParse(request.body);
      if (!given.success) return void response.status(400).json({ words: NEEDED });
      await answering(response, async () => {
        const done = await settle(gateway.bus, { id: given.data.id, by: `agent:${who.id}`, site: who.site });
        if (done.ok) response.status(204).end();
        else response.status(done.refusal === 'unknown' ? 404 : 409).json({ words: done.words });
      });
    },
    faultWords({ unfit: NEEDED, away: AWAY }),
  ];
export const replayParked = settling(replayDeadLetter);
export const discardParked = settling(discardDeadLetter);

/** Answers by itself when nobody is logged in, or somebody who does not supervise. */
async function supervisorOf(
  { sessions, settings }: Gateway,
  request: Request,
  response: Response,
): Promise<AgentSettings | undefined> {
  const session = await sessions.read(sessionIn(request.headers.cookie));
  const me = session && settings.agent(session.site, session.agent);
  if (me && me.role !== 'agent') return me;
  response.status(me ? 403 : 401).json({ words: me ? 'Only a supervisor may do this.' : 'Log in first.' });
  return undefined;
}

async function answering(response: Response, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof UnavailableError)) throw error;
    response.status(503).json({ words: 'The service that parked this does not answer. Try again in a minute.' });
  }
}
