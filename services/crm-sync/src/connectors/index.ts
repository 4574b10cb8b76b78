// All connectors, by the name that a connection is saved with.
import { z } from 'zod';
import { amqp } from './amqp/amqp.ts';
import { bottlecrm } from './bottlecrm.ts';
import type { Connector } from './connector.ts';
import { CrmError } from './crm-error.ts';
import { parseMapping } from './rest-mapping/load.ts';
import { ownMappings, type RefusedMapping } from './rest-mapping/own-mappings.ts';
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

export interface OwnConnectors {
  connectors: Connector[];
  /** Files with faults: whoever uses one waits, everybody else goes on. */
  refused: RefusedMapping[];
}

/**
 * The connectors made of an installation's own mapping files, checked. Those that come with Continuo are read at the same moment; a test has checked them, so the
 * work of understanding one is left to the first site that takes it.
 * @throws {Error} when there is no such folder
 */
export function connectorsIn(folder: string | undefined): OwnConnectors {
  const taken = takenIds();
  if (folder === undefined) return { connectors: [], refused: [] };
  const { mappings, refused } = ownMappings(folder, taken);
  const known = refused.flatMap(({ id, words }) => (id === undefined ? [] : [refusedConnector(id, words)]));
  return { connectors: [...mappings.map(restMapping), ...known], refused };
}

/** What to do comes first: a long list of faults may be cut. */
const refusedConnector = (id: string, why: string): Connector =>
  unusable(
    id,
    `The mapping “${id}” is not used, and everything waits here. Let the operator mend it and start crm-sync anew: then it goes by itself. ${why}`,
  );

/** Stands for a mapping that cannot be used. */
function unusable(id: string, words: string): Connector {
  return {
    describe: { id, name: id, credentials: z.record(z.string(), z.string().optional()), noteLimit: 2_000 },
    refused: words,
    open: () => {
      throw new CrmError('mapping-faulty', words);
    },
  };
}

/** Of a connection that was saved when there was one. */
export const lackingConnector = (id: string): Connector =>
  unusable(
    id,
    `There is no mapping “${id}” (any more), and everything waits here. Let the operator put its file back into the folder that CONTINUO_CRM_MAPPINGS_DIR names and start crm-sync anew: then it goes by itself. Where the file stands there, it cannot be read: the log of crm-sync says why.`,
  );

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
