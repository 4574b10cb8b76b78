// All connectors, by the name that a connection is saved with.
import { amqp } from './amqp/amqp.ts';
import { bottlecrm } from './bottlecrm.ts';
import type { Connector } from './connector.ts';
import { parseMapping } from './rest-mapping/load.ts';
import { ownMappings } from './rest-mapping/own-mappings.ts';
import { restMapping } from './rest-mapping/rest-mapping.ts';
import { readShipped } from './rest-mapping/shipped.ts';
import { webhook } from './webhook/webhook.ts';

const inCode = [bottlecrm, webhook, amqp];
const byId = new Map<string, Connector>(inCode.map((one) => [one.describe.id, one]));
let shipped: Map<string, string> | undefined;

/** The files that come with Continuo, by id, as they were at the first look: what a newer release puts in their place meanwhile is not what runs here. */
function shippedFiles(): Map<string, string> {
  shipped ??= readShipped();
  return shipped;
}

/**
 * The connectors made of an installation's own mapping files, checked. Those that come with Continuo are read at the same moment; a test has checked them, so the
 * work of understanding one is left to the first site that takes it.
 * @throws {Error} with the faults of all files
 */
export function connectorsIn(folder: string | undefined): Connector[] {
  const taken = takenIds();
  return folder === undefined ? [] : ownMappings(folder, taken).map(restMapping);
}

/** Of the connectors that come with Continuo: no mapping of an installation may have one. */
export const takenIds = (): string[] => [...inCode.map(({ describe }) => describe.id), ...shippedFiles().keys()];

export function addConnectors(connectors: readonly Connector[]): void {
  for (const connector of connectors) byId.set(connector.describe.id, connector);
}

export const connectorNames = (): string[] => [...new Set([...byId.keys(), ...shippedFiles().keys()])];

export function connectorOf(name: string): Connector | undefined {
  const text = byId.has(name) ? undefined : shippedFiles().get(name);
  if (text !== undefined) addConnectors([restMapping(parseMapping(text, `${name}.yaml`))]);
  return byId.get(name);
}
