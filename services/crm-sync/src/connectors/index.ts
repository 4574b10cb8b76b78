// All connectors, by the name that a connection is saved with.
import { amqp } from './amqp/amqp.ts';
import { bottlecrm } from './bottlecrm.ts';
import type { Connector } from './connector.ts';
import { ownMappings } from './rest-mapping/own-mappings.ts';
import { restMapping } from './rest-mapping/rest-mapping.ts';
import { shippedIds, shippedMappings } from './rest-mapping/shipped.ts';
import { webhook } from './webhook/webhook.ts';

const inCode = [bottlecrm, webhook, amqp];
const byId = new Map<string, Connector>(inCode.map((one) => [one.describe.id, one]));
let checked = false;

/** Those that come with Continuo, read once. @throws {Error} with the faults of all files */
function all(): Map<string, Connector> {
  if (!checked) addConnectors(shippedMappings().map(restMapping));
  checked = true;
  return byId;
}

/**
 * The connectors made of an installation's own mapping files. Those that come with Continuo are read and checked at the same moment: a file that a newer release
 * puts in their place meanwhile is not what runs here.
 * @throws {Error} with the faults of all files
 */
export function connectorsIn(folder: string | undefined): Connector[] {
  const faults: string[] = [];
  const read = <T>(work: () => T): T | undefined => {
    try {
      return work();
    } catch (error) {
      faults.push((error as Error).message);
      return undefined;
    }
  };
  read(all);
  const taken = [...inCode.map(({ describe }) => describe.id), ...shippedIds()];
  const own = read(() => (folder === undefined ? [] : ownMappings(folder, taken)));
  if (!own || faults.length > 0) throw new Error(faults.join('\n'));
  return own.map(restMapping);
}

export function addConnectors(connectors: readonly Connector[]): void {
  for (const connector of connectors) byId.set(connector.describe.id, connector);
}

export const connectorNames = (): string[] => [...all().keys()];
export const connectorOf = (name: string): Connector | undefined => all().get(name);
