// Commands and queries that await their answer. Each keeps its id over reconnects, so the server answers a repeat as it answered the first.
// A command ends with the event it caused, `done` or `refused`; a query with `answer`.
import type { CommandData, CommandName, QueryAnswer, QueryAsk, QueryName } from '@continuo/contracts';
import type { AGENT_COMMANDS, AGENT_QUERIES, AgentFrame, ToAgent } from '@continuo/contracts/frames';
import { againAfter } from './protocol.ts';

export type AgentCommand = (typeof AGENT_COMMANDS)[number] & CommandName;
export type AgentQuery = (typeof AGENT_QUERIES)[number] & QueryName;
export type Outcome = { ok: true } | { ok: false; refusal: string; words: string };
export type Answer<K extends QueryName> =
  | { ok: true; answer: QueryAnswer<K> }
  | { ok: false; refusal: string; words: string };

export interface Requests {
  command<K extends AgentCommand>(name: K, data: CommandData<K>): Promise<Outcome>;
  query<K extends AgentQuery>(name: K, ask: QueryAsk<K>): Promise<Answer<K>>;
  /** Looks whether a frame answers something. */
  receive(frame: ToAgent): void;
  /** After a reconnect: everything unanswered goes out again, oldest first, under its old id. */
  repeat(): void;
}
type Settled = Outcome | Answer<QueryName>;
interface Waiting {
  frame: AgentFrame;
  settle: (outcome: Settled) => void;
}

const QUERY_AGAIN_MS = 1000;

export function createRequests(options: {
  send: (frame: AgentFrame) => boolean;
  newId: () => string;
  later: (run: () => unknown, ms: number) => void;
}): Requests {
  const waiting = new Map<string, Waiting>();
  const ask = <Result extends Settled>(id: string, frame: AgentFrame): Promise<Result> =>
    new Promise((resolve) => {
      waiting.set(id, { frame, settle: (outcome) => resolve(outcome as Result) });
      options.send(frame);
    });
  const settle = (id: string, outcome: Settled): void => {
    const request = waiting.get(id);
    waiting.delete(id);
    request?.settle(outcome);
  };
  const sendLater = (id: string, ms: number): void => {
    const request = waiting.get(id);
    if (request) options.later(() => waiting.has(id) && options.send(request.frame), ms);
  };
  return {
    command(name, data) {
      const id = options.newId();
      return ask<Outcome>(id, { t: 'command', id, name, data });
    },
    query<K extends AgentQuery>(name: K, data: QueryAsk<K>) {
      const id = options.newId();
      return ask<Answer<K>>(id, { t: 'query', id, name, data });
    },
    receive(frame) {
      if (frame.t === 'event') settle(frame.event.cause, { ok: true });
      else if (frame.t === 'transcript') for (const event of frame.events) settle(event.cause, { ok: true });
      else if (frame.t === 'done') settle(frame.id, { ok: true });
      else if (frame.t === 'answer' && frame.refusal === 'too-many') sendLater(frame.id, QUERY_AGAIN_MS);
      else if (frame.t === 'answer') settle(frame.id, answerOf(frame));
      else if (frame.t === 'refused') {
        const wait = againAfter(frame);
        if (wait === undefined) settle(frame.id, { ok: false, refusal: frame.refusal, words: frame.words });
        else sendLater(frame.id, wait);
      }
    },
    repeat() {
      for (const { frame } of waiting.values()) options.send(frame);
    },
  };
}

const answerOf = (frame: Extract<ToAgent, { t: 'answer' }>): Answer<QueryName> =>
  frame.ok
    ? { ok: true, answer: frame.answer as QueryAnswer<QueryName> }
    : { ok: false, refusal: frame.refusal ?? 'invalid', words: frame.words ?? '' };
