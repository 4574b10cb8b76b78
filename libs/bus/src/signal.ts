// Fire and forget between gateways: typing, delivered, who is on line. Never stored.
import { parseSignalSubject, type SignalData, type SignalName, signalSubject, signals } from '@continuo/contracts';
import { logger } from '@continuo/telemetry';
import type { Bus } from './connect.ts';

export type Signal = {
  [K in SignalName]: { name: K; site: string; conversation: string; data: SignalData<K> };
}[SignalName];

export function sendSignal<K extends SignalName>(
  bus: Bus,
  name: K,
  site: string,
  conversation: string,
  data: SignalData<K>,
): void {
  if (bus.up()) bus.nc.publish(signalSubject(name, site, conversation), JSON.stringify(data));
}

const log = logger('signal');

/** Every signal of the installation, own ones included. What is none is dropped: an error here would end the connection. */
export function onSignal(bus: Bus, callback: (signal: Signal) => void): AsyncDisposable {
  const subscription = bus.nc.subscribe('signal.>', {
    callback: (error, message) => {
      if (error) return;
      let signal: Signal;
      try {
        const parsed = parseSignalSubject(message.subject);
        signal = { ...parsed, data: signals[parsed.name].data.parse(message.json()) } as Signal;
      } catch {
        log.warn({ bytes: message.data.length }, 'A signal that does not fit was dropped.');
        return;
      }
      callback(signal);
    },
  });
  return { [Symbol.asyncDispose]: async () => subscription.unsubscribe() };
}
