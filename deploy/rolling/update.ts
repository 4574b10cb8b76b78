// A rolling update as Kubernetes makes one of a release: all services at once, each replica by replica, the new one ready before the old one is told to end.
import { SERVICES, type ServiceName } from '@continuo/servers';
import type { Installation } from '../chaos/installation.ts';

/** @returns of each service how its old processes ended, in the order in which they went: 0 when it drained */
export function rollingUpdate({
  replicas,
}: Pick<Installation, 'replicas'>): Promise<[ServiceName, (number | string)[]][]> {
  return Promise.all(
    SERVICES.map(async (name): Promise<[ServiceName, (number | string)[]]> => {
      const codes: (number | string)[] = [];
      for (const replica of replicas(name)) codes.push(await replica.replace());
      return [name, codes];
    }),
  );
}
