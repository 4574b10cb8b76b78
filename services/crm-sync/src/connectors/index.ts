// All connectors, by the name that a connection is saved with.
import { amqp } from './amqp/amqp.ts';
import { bottlecrm } from './bottlecrm.ts';
import type { Connector } from './connector.ts';
import { ownMappings } from './rest-mapping/own-mappings.ts';
import { restMapping } from './rest-mapping/rest-mapping.ts';
import { shippedIds, shippedMapping } from './rest-mapping/shipped.ts';
import { webhook } from './webhook/webhook.ts';

const byId = new Map<string, () => Connector>();
addConnectors([bottlecrm, webhook, amqp]);
for (const id of shippedIds()) {
  let read: Connector | undefined;
  byId.set(id, () => (read ??= shippedMapping(id)));
}
const shipped = [...byId.keys()];

/** The connectors made of an installation's own mapping files. @throws {Error} with the faults of all files */
export const connectorsIn = (folder: string): Connector[] => ownMappings(folder, shipped).map(restMapping);

export function addConnectors(connectors: readonly Connector[]): void {
  for (const connector of connectors) byId.set(connector.describe.id, () => connector);
}

export const connectorNames = (): string[] => [...byId.keys()];
export const connectorOf = (name: string): Connector | undefined => byId.get(name)?.();
