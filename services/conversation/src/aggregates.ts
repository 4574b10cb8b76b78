// The write path of every aggregate: state ← cache or stream, decide, append under the expected sequence. A conflict loads and decides again; a refusal or
// "nothing to do" that was decided on a cached fold is confirmed at the leader first. The only impure part between a command and its event.
import { setTimeout as sleep } from 'node:timers/promises';
import { append, type Bus, ConflictError, lastOf, load, newEvent } from '@continuo/bus';
import type { Actor, EventName, OnStream, Stored } from '@continuo/contracts';
import type { Decision, Refusal } from './domain/decision.ts';

const MOST_CACHED = 5_000;
const TRIES = 8;

type EventOn<S extends 'CONVERSATION' | 'DESK'> = Stored<Extract<EventName, OnStream<S>>>;
export interface Loaded<State> {
  state: State;
  /** Last sequence folded; 0 when there is none. */
  seq: number;
}
export interface Definition<S extends 'CONVERSATION' | 'DESK', State> {
  stream: S;
  initial: State;
  evolve: (state: State, ...events: EventOn<S>[]) => State;
  numberOf: (state: State) => number;
  /** After every so many events the whole state takes the place of what was before. */
  snapshot?: { every: number; decide: (state: State) => Decision<OnStream<S>> };
}
export type Result<State> = { kind: 'stored' | 'nothing'; number: number; seq: number; state: State } | Refusal;
export interface Cause {
  id: string;
  actor: Actor;
}
export interface Aggregates<S extends 'CONVERSATION' | 'DESK', State> {
  /** Decides on the current state and appends what was decided. */
  act(
    site: string,
    key: string,
    cause: Cause,
    decide: (state: State) => Decision<OnStream<S>> | Promise<Decision<OnStream<S>>>,
  ): Promise<Result<State>>;
  /** The state up to the leader's last sequence. */
  current(site: string, key: string): Promise<Loaded<State>>;
}

export function aggregates<S extends 'CONVERSATION' | 'DESK', State>(
  bus: Bus,
  { stream, initial, evolve, numberOf, snapshot }: Definition<S, State>,
): Aggregates<S, State> {
  const cache = new Map<string, Loaded<State>>();
  const queues = new Map<string, Promise<unknown>>();

  function keep(id: string, loaded: Loaded<State>): Loaded<State> {
    cache.delete(id);
    cache.set(id, loaded);
    if (cache.size > MOST_CACHED) cache.delete(cache.keys().next().value as string);
    return loaded;
  }

  /** Cached state plus what came since; `atLeast`: the sequence the answer must reach (a follower may lag). */
  async function reload(site: string, key: string, atLeast: number): Promise<Loaded<State>> {
    const id = `${site}.${key}`;
    for (let wait = 2; ; wait = Math.min(wait * 2, 200)) {
      const known = cache.get(id) ?? { state: initial, seq: 0 };
      const { events, lastSeq } = await load(bus, stream, site, key, known.seq);
      const loaded =
        events.length > 0 ? keep(id, { state: evolve(known.state, ...(events as EventOn<S>[])), seq: lastSeq }) : known;
      if (loaded.seq >= atLeast) return loaded;
      await sleep(wait);
    }
  }

  async function current(site: string, key: string): Promise<Loaded<State>> {
    const head = (await lastOf(bus, stream, site, key))?.seq ?? 0;
    const known = cache.get(`${site}.${key}`);
    return known && known.seq === head ? known : reload(site, key, head);
  }

  async function attempt(
    site: string,
    key: string,
    cause: Cause,
    decide: (state: State) => Decision<OnStream<S>> | Promise<Decision<OnStream<S>>>,
  ): Promise<Result<State>> {
    const id = `${site}.${key}`;
    let loaded = cache.get(id) ?? (await current(site, key));
    for (let tries = 1; ; tries++) {
      const decision = await decide(loaded.state);
      if (decision.kind !== 'event') {
        const head = (await lastOf(bus, stream, site, key))?.seq ?? 0;
        if (head !== loaded.seq) {
          loaded = await reload(site, key, head);
          continue;
        }
        return decision.kind === 'refusal'
          ? decision
          : { kind: 'nothing', number: decision.number, seq: loaded.seq, state: loaded.state };
      }
      const number = numberOf(loaded.state) + 1;
      const event = newEvent(decision.type, {
        site,
        key,
        number,
        actor: cause.actor,
        cause: cause.id,
        data: decision.data as never,
      });
      try {
        const { seq } = await append(bus, event, loaded.seq, { rollup: decision.type === 'desk-snapshot' });
        const state = evolve(loaded.state, { ...event, seq } as EventOn<S>);
        keep(id, { state, seq });
        return { kind: 'stored', number, seq, state };
      } catch (error) {
        // Unknown outcomes too begin anew next time: what was cached may be behind.
        if (!(error instanceof ConflictError) || tries >= TRIES) {
          cache.delete(id);
          if (error instanceof ConflictError)
            return { kind: 'refusal', refusal: 'busy', words: 'Too much is happening here at once. Try again.' };
          throw error;
        }
        await sleep(Math.random() * 5 * tries);
        loaded = await reload(site, key, (await lastOf(bus, stream, site, key))?.seq ?? 0);
      }
    }
  }

  async function act(
    site: string,
    key: string,
    cause: Cause,
    decide: (state: State) => Decision<OnStream<S>> | Promise<Decision<OnStream<S>>>,
  ): Promise<Result<State>> {
    const result = await attempt(site, key, cause, decide);
    if (result.kind === 'stored' && snapshot && result.number % snapshot.every === 0) {
      await attempt(
        site,
        key,
        { id: `snapshot-${result.number}`, actor: { kind: 'system', id: 'desk' } },
        snapshot.decide,
      );
    }
    return result;
  }

  return {
    current,
    /** One at a time per aggregate within a process: replicas meet at the stream, neighbours need not. */
    act(site, key, cause, decide) {
      const id = `${site}.${key}`;
      const before = queues.get(id) ?? Promise.resolve();
      const mine = before.catch(() => undefined).then(() => act(site, key, cause, decide));
      const settled = mine
        .catch(() => undefined)
        .then(() => {
          if (queues.get(id) === settled) queues.delete(id);
        });
      queues.set(id, settled);
      return mine;
    },
  };
}
