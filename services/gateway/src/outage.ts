// Whether writing leads anywhere. One unanswered command proves nothing, so it only makes the gateway look; what all are told is what a probe found.
import { ask, type Bus, type Settings, UnavailableError } from '@continuo/bus';
import { newId } from '@continuo/contracts';
import { logger } from '@continuo/telemetry';

const PROBE_TIMEOUT_MS = 3_000;
const log = logger('outage');

export interface Outage extends Disposable {
  up(): boolean;
  /** A command or query was not answered. */
  suspect(): void;
  /** Called every few seconds: while down, looks whether it is up again. */
  tick(): void;
}

/** @param tell called when it changes */
export function watchOutage(bus: Bus, settings: Settings, tell: (up: boolean) => void): Outage {
  let isUp = true;
  let probing = false;
  const set = (up: boolean): void => {
    if (up === isUp) return;
    isUp = up;
    tell(up);
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
  const stop = bus.onStatus((up) => (up ? void probe() : set(false)));
  return {
    up: () => isUp,
    suspect: () => void probe(),
    tick: () => void (isUp || probe()),
    [Symbol.dispose]: stop,
  };
}
