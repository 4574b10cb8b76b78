// All connectors, by the name that a connection is saved with.
import { amqp } from './amqp/amqp.ts';
import { bottlecrm } from './bottlecrm.ts';
import type { Connector } from './connector.ts';
import { shippedMappings } from './rest-mapping/shipped.ts';
import { webhook } from './webhook/webhook.ts';

const all: readonly Connector[] = [bottlecrm, webhook, amqp, ...shippedMappings()];
const byId = new Map(all.map((connector) => [connector.describe.id, connector]));

export const connectorNames = (): string[] => [...byId.keys()];
export const connectorOf = (name: string): Connector | undefined => byId.get(name);
