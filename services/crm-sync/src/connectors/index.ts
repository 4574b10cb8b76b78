// All connectors, by the name that a connection is saved with.
import { amqp } from './amqp/amqp.ts';
import { bottlecrm } from './bottlecrm.ts';
import type { Connector } from './connector.ts';
import { ownMappings } from './rest-mapping/own-mappings.ts';
import { restMapping } from './rest-mapping/rest-mapping.ts';
import { shippedMappings } from './rest-mapping/shipped.ts';
import { webhook } from './webhook/webhook.ts';

const shipped: readonly Connector[] = [bottlecrm, webhook, amqp, ...shippedMappings()];
const byId = new Map(shipped.map((connector) => [connector.describe.id, connector]));

/** The connectors made of an installation's own mapping files. @throws {Error} with the faults of all files */
export const connectorsIn = (folder: string): Connector[] =>
  ownMappings(
    folder,
    shipped.map(({ describe }) => describe.id),
  ).map(restMapping);

export function addConnectors(connectors: readonly Connector[]): void {
  for (const connector of connectors) byId.set(connector.describe.id, connector);
}

export const connectorNames = (): string[] => [...byId.keys()];
export const connectorOf = (name: string): Connector | undefined => byId.get(name);
