// Whether writing leads anywhere. One unanswered command proves nothing, nor does silence, so they only make the gateway look: does a probe find an answer, and
// does anything get stored? What all are told is what both found.
import { ask, type Bus, type Settings, UnavailableError } from '@continuo/bus';
import { newId } from '@continuo/contracts';
import { logger } from '@continuo/telemetry';
import { watchWrites } from './writes.ts';

const PROBE_TIMEOUT_MS = 3_000;
/** Two signs of life of the server missed: it may be frozen, which its connection shows after 20 to 30 s only, and where nobody writes no command. */
const SILENCE_MS = 4_500;
const log = logger('outage');

/** The streams that commands write to; each may be stuck alone. */
export type WrittenStream = 'CONVERSATION' | 'DESK';

export interface Outage extends Disposable {
  up(): boolean;
  /** A command or query was not answered. */
  suspect(): void;
  /** A command that writes there was not answered. `sentAt`: of `performance.now()` */
  notStored(stream: WrittenStream, sentAt: number): void;
  /** Something was stored there, by whomever. */
  stored(stream: WrittenStream): void;
  /** Called every few seconds: while down, looks whether it is up again. */
  tick(): void;
}

/** @param tell called when it changes */
export function watchOutage(bus: Bus, settings: Settings, tell: (up: boolean) => void): Outage {
  const writes = { CONVERSATION: watchWrites(), DESK: watchWrites() };
  let answers = true;
  let told = true;
  let probing = false;
  let heard = bus.heard();
  let heardAt = performance.now();
  const isSilent = (): boolean => {
    const now = bus.heard();
    if (now !== heard) heardAt = performance.now();
    heard = now;
    return performance.now() - heardAt > SILENCE_MS;
  };
  const up = (): boolean => answers && !Object.values(writes).some((one) => one.stuck(performance.now()));
  const look = (): void => {
    const now = up();
    if (now === told) return;
    told = now;
    if (now) log.info('What is written is stored again.');
    else log.error({ answers }, 'What is written is not stored; people are told.');
    tell(now);
  };
  const set = (answered: boolean): void => {
    // What had no answer before has had its reason.
    if (answered && !answers) for (const one of Object.values(writes)) one.stored();
    answers = answered;
    look();
  };
  const probe = async (): Promise<void> => {
    const [site] = settings.sites();
    if (probing || !site) return;
    probing = true;
    try {
      const envelope = { id: newId(), site: site.id, actor: { kind: 'system' as const, id: 'gateway' } };
      await ask(bus, 'desk', envelope, {}, { timeoutMs: PROBE_TIMEOUT_MS });
      set(true);
    } catch (error) {
      if (!(error instanceof UnavailableError)) log.error({ err: error }, 'A probe failed.');
      set(false);
    } finally {
      probing = false;
    }
  };
  const stop = bus.onStatus((connected) => (connected ? void probe() : set(false)));
  return {
    up: () => told,
    suspect: () => void probe(),
    notStored(stream, sentAt) {
      writes[stream].unanswered(sentAt, performance.now());
      look();
      void probe();
    },
    stored(stream) {
      writes[stream].stored();
      look();
    },
    tick() {
      look();
      const silent = isSilent();
      if (!answers || silent) void probe();
    },
    [Symbol.dispose]: stop,
  };
}
