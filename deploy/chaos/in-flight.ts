// Which commands were truly in flight at a process that is killed: it had them, and nobody ever heard of them from it. Only the gateways, the conversation
// service and NATS lie on the way of a command; MongoDB and the other services follow the stream, so none is ever in flight there.
import type { ServiceProcess } from '@continuo/servers';
import type { Traffic } from './people.ts';
import type { Requests } from './requests.ts';
import type { Target } from './schedule.ts';

export interface Watched {
  /** Commands that are at this process now. */
  commands(): string[];
  /** Of those, the ones it had not answered by the time it was gone. */
  unanswered(commands: readonly string[]): number;
}

/** @returns undefined for a process that no command passes */
export function watched(
  target: Target,
  process: Pick<ServiceProcess, 'port'> | undefined,
  { traffic, requests }: { traffic: Pick<Traffic, 'inFlightAt' | 'isOpen'>; requests: Requests },
): Watched | undefined {
  const count = (commands: readonly string[], holds: (command: string) => boolean): number =>
    commands.filter(holds).length;
  if (target === 'gateway')
    return {
      commands: () => traffic.inFlightAt(process?.port ?? 0),
      unanswered: (commands) => count(commands, traffic.isOpen),
    };
  if (target === 'nats-server' || target === 'conversation')
    return {
      commands: () => requests.open(),
      unanswered: (commands) => count(commands, requests.isUnanswered),
    };
  return undefined;
}
