// docs/configuration.md: every variable of every service, from its configuration code. Generated, never edited.
import { busConfig, httpConfig, storeConfig, telemetryConfig } from '@continuo/runtime';
import type { z } from 'zod';
import { config as conversation } from '../services/conversation/src/config.ts';
import { config as crmSync } from '../services/crm-sync/src/config.ts';
import { config as emailFallback } from '../services/email-fallback/src/config.ts';
import { config as gateway } from '../services/gateway/src/config.ts';
import { config as visitorTracking } from '../services/visitor-tracking/src/config.ts';

type Shape = Record<string, z.ZodType>;
const services: Record<string, Shape> = {
  gateway,
  conversation,
  'visitor-tracking': visitorTracking,
  'crm-sync': crmSync,
  'email-fallback': emailFallback,
};
const shared: Shape = { ...busConfig, ...storeConfig, ...httpConfig, ...telemetryConfig };

export function configurationPage(): string {
  const own = (shape: Shape): Shape => Object.fromEntries(Object.entries(shape).filter(([name]) => !(name in shared)));
  const parts = Object.entries(services).map(
    ([name, shape]) =>
      `## ${name}\n\n${Object.keys(own(shape)).length > 0 ? table(own(shape)) : 'Nothing of its own.'}`,
  );
  return [
    '# Configuration',
    'Generated from each service’s `config.ts` by `npm run generate`; do not edit. Configuration comes from the environment alone. `<NAME>_FILE` names a file that holds the value, for secrets; a value is said in one of the two ways, and both at once are a fault. All faults are told at once, and an unknown `CONTINUO_` variable is one.',
    `## Every service\n\n${table(shared)}`,
    ...parts,
  ]
    .join('\n\n')
    .concat('\n');
}

const table = (shape: Shape): string =>
  [
    '| variable | default | what |',
    '| --- | --- | --- |',
    ...Object.entries(shape).map(
      ([name, schema]) => `| \`${name}\` | ${defaultOf(schema)} | ${schema.description ?? ''} |`,
    ),
  ].join('\n');

function defaultOf(schema: z.ZodType): string {
  const without = schema.safeParse(undefined);
  if (!without.success) return '**needed**';
  const { data } = without;
  // What is made of a folder, and not what is said of it.
  const isMade = typeof data === 'object' && !Array.isArray(data);
  return data === undefined || isMade ? '–' : `\`${String(data)}\``;
}
