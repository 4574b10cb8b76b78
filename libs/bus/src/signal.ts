// Fire and forget between gateways: typing, delivered, who is on line. Never stored.
import { parseSignalSubject, type SignalData, type SignalName, signalSubject } from '@continuo/contracts';
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

/** Every signal of the installation, own ones included. */
export function onSignal(bus: Bus, callback: (signal: Signal) => void): AsyncDisposable {
  const subscription = bus.nc.subscribe('signal.>', {
    callback: (error, message) => {
      if (!error) callback({ ...parseSignalSubject(message.subject), data: message.json() } as Signal);
    },
  });
  return { [Symbol.asyncDispose]: async () => subscription.unsubscribe() };
}
