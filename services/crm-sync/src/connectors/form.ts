// What an administrator has to fill in to connect a CRM: made of the connector's own schema, so that there is no second list of it.
import type { CrmConnector } from '@continuo/contracts';
import { z } from 'zod';
import { connectorOf } from './index.ts';

interface Described {
  properties?: Record<string, { description?: string }>;
  required?: string[];
}

/** @returns nothing for a connector that cannot be used, or whose form nobody knows */
export function formOf(name: string): CrmConnector[] {
  const connector = connectorOf(name);
  if (!connector || connector.refused !== undefined) return [];
  const { id, name: title, credentials, schemes = ['https', 'http'] } = connector.describe;
  const { properties = {}, required = [] } = z.toJSONSchema(credentials, {
    io: 'input',
    unrepresentable: 'any',
  }) as Described;
  const fields = Object.entries(properties).map(([field, { description }]) => ({
    name: field,
    required: required.includes(field),
    ...(description !== undefined && { says: description }),
  }));
  return [
    { connector: id, name: title, schemes: schemes.map((scheme) => scheme.replace(/:$/, '')), credentials: fields },
  ];
}
